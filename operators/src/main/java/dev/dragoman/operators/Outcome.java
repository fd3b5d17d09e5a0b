package dev.dragoman.operators;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.util.List;

/** What became of one document. */
public sealed interface Outcome {
  /** It goes on, changed or not. */
  record Enriched(Document document) implements Outcome {}

  /**
   * It was a container: it goes on and the documents found inside it beside it, or they fail, each
   * on its own. The container's own outcome comes first.
   */
  record Expanded(List<Outcome> outcomes) implements Outcome {
    public Expanded {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** It leaves through the dead-letter output. */
  record Failed(Rejected rejected) implements Outcome {}

  /** A first failure of this document. */
  static Outcome failed(Document document, RejectionCode code, String operator, String message) {
    return new Failed(new Rejected(document, new Failure(code, operator, message, 1)));
  }
}
