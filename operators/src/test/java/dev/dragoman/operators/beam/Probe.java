package dev.dragoman.operators.beam;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import java.net.URI;
import java.util.List;

/** Does what a document's text tells it to, and labels it with how many were in its batch. */
final class Probe implements Operator {
  @OperatorInfo(name = "Probe", version = "1", summary = "Does what a text tells it to.")
  record Config(@Param(value = "Weight of a batch.", fallback = "10") int batchWeight)
      implements OperatorConfig {
    @Override
    public Operator open(OperatorContext context) {
      return new Probe(batchWeight);
    }
  }

  private final int batchWeight;

  private Probe(int batchWeight) {
    this.batchWeight = batchWeight;
  }

  static Document document(String text) {
    return Document.ofText(URI.create("urn:probe:" + text.replace(' ', '+')), "text/plain", text);
  }

  static String batchOf(Document document) {
    return document.label("batch").orElseThrow().value();
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().map(document -> outcome(document, batch.size())).toList();
  }

  private static Outcome outcome(Document document, int size) {
    return switch (document.text().split(" ", -1)[0]) {
      case "fail" -> Outcome.failed(document, RejectionCode.CORRUPT, "Probe", "told to");
      case "throw" -> throw new IllegalStateException("told to");
      case "expand" ->
          new Outcome.Expanded(
              List.of(
                  enriched(document, size),
                  new Outcome.Expanded(
                      List.of(enriched(document("inner " + document.text()), size))),
                  Outcome.failed(
                      document("broken " + document.text()),
                      RejectionCode.ENCRYPTED,
                      "Probe",
                      "told to")));
      default -> enriched(document, size);
    };
  }

  private static Outcome.Enriched enriched(Document document, int size) {
    Origin origin = new Origin(PartId.TEXT, "Probe", "1", "");
    return new Outcome.Enriched(
        document
            .plus(List.of(new Annotation.Label(origin, "batch", "" + size, Double.NaN)))
            .with(Step.done("Probe", "1", "")));
  }

  @Override
  public long weight(Document document) {
    return document.text().length();
  }

  @Override
  public long batchWeight() {
    return batchWeight;
  }

  @Override
  public void close() {}
}
