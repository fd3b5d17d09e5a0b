package dev.dragoman.operators.reading;

import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How one of these operators signs what it finds and what it refuses.
 *
 * @param info who it is
 * @param model the catalog name of the model used, or empty
 */
record Findings(OperatorInfo info, String model) {
  private static final String UNREAD = "skipped";
  private static final String EXTRACT_TEXT = Configs.info(ExtractText.Config.class).name();

  Origin in(PartId part) {
    return new Origin(part, info.name(), info.version(), model);
  }

  Annotation.Label label(PartId part, String kind, String value) {
    return new Annotation.Label(in(part), kind, value, Double.NaN);
  }

  /** Something is missing from a document that otherwise could be read. */
  Annotation.Label failed(PartId part, String message) {
    return label(part, "failed", message);
  }

  Step done() {
    return Step.done(info.name(), info.version(), model);
  }

  Step skipped(String note) {
    return Step.skipped(info.name(), info.version(), model, note);
  }

  Outcome rejected(Document document, RejectionCode code, String message) {
    return Outcome.failed(document, code, info.name(), message);
  }

  Outcome rejected(Document document, WorkerException failure) {
    return rejected(document, code(failure.code()), message(failure));
  }

  /**
   * A failure in a worker process, with what can be done about it.
   *
   * @param time the parameter that sets the time limit
   * @param heap the parameter that sets the memory limit
   */
  Outcome rejected(Document document, WorkerException failure, String time, String heap) {
    RejectionCode code = code(failure.code());
    return rejected(document, code, message(failure) + remedy(code, time, heap));
  }

  private String remedy(RejectionCode code, String time, String heap) {
    return switch (code) {
      case TIMEOUT -> " (" + info.name() + "." + time + ")";
      case OUT_OF_MEMORY -> "; raise " + info.name() + "." + heap + ", or split it";
      case WORKER_CRASHED ->
          "; run it again with dragoman rejected DIR replay, and report it if that fails too";
      case UNREADABLE,
          EMPTY,
          CORRUPT,
          ENCRYPTED,
          UNSUPPORTED,
          TOO_LARGE,
          TOO_DEEP,
          BAD_ROW,
          REFUSED,
          MISSING_MODEL,
          INTERNAL ->
          "";
    };
  }

  /** What nothing has read yet is labelled so; the operator that reads it takes the label away. */
  Annotation.Label unread(PartId part, String message) {
    return label(part, UNREAD, message);
  }

  /** The document without the labels that say that its parts of this type were not read. */
  static Document taken(Document document, Class<? extends Part> type) {
    Set<PartId> parts =
        document.partsOf(type).stream().map(Part::id).collect(Collectors.toUnmodifiableSet());
    return document.withAnnotations(
        document.annotations().stream()
            .filter(annotation -> !isUnread(annotation, parts))
            .toList());
  }

  private static boolean isUnread(Annotation annotation, Set<PartId> parts) {
    return annotation instanceof Annotation.Label label
        && label.kind().equals(UNREAD)
        && label.origin().operator().equals(EXTRACT_TEXT)
        && parts.contains(label.origin().part());
  }

  Outcome unreadable(Document document, IOException failure) {
    return rejected(
        document,
        RejectionCode.UNREADABLE,
        "the file cannot be read from where it lies: " + message(failure));
  }

  /** What an exception says, or what it is where it says nothing. */
  static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  static RejectionCode code(String name) {
    for (RejectionCode code : RejectionCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return RejectionCode.INTERNAL;
  }
}
