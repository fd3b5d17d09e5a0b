package dev.dragoman.connectors;

import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.connectors.run.RunReport;
import dev.dragoman.connectors.run.WriteEnriched;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/** Documents as graphs make them, and runs that write them. */
public final class Samples {
  public static final String RECIPE = "0f".repeat(32);
  public static final String MODEL = "all-minilm-l6-v2";

  private Samples() {}

  public static Document text(String name, String text) {
    return Document.ofText(URI.create("file:///in/" + name), "text/plain", text);
  }

  public static Document labelled(Document document, String kind, String value, double confidence) {
    return document.plus(
        List.of(new Annotation.Label(origin("Test", ""), kind, value, confidence)));
  }

  public static Origin origin(String operator, String model) {
    return new Origin(PartId.TEXT, operator, "1", model);
  }

  /** The whole text as one chunk with this vector. */
  public static Document embedded(Document document, float... vector) {
    String text = document.text();
    Annotation.Chunk chunk =
        new Annotation.Chunk(
            origin("Chunk", ""),
            0,
            text,
            0,
            text.length(),
            0,
            Double.NaN,
            Double.NaN,
            new Annotation.Embedding(origin("Embed", MODEL), vector));
    return document.plus(List.of(chunk)).with(Step.done("Embed", "1", MODEL));
  }

  public static float[] vector(int dimensions, long seed) {
    Random random = new Random(seed);
    float[] vector = new float[dimensions];
    double square = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
      square += vector[i] * vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  public static Rejected rejected(String name, RejectionCode code) {
    Document document =
        text(name, "broken " + name)
            .withParts(
                List.of(new FilePart(PartId.FILE, new Content.Inline(new byte[] {1, 2, 3}))));
    return new Rejected(document, new Failure(code, "ExtractText", "it is broken: " + name, 1));
  }

  public static RunReport.Facts facts() {
    return facts(List.of());
  }

  public static RunReport.Facts facts(List<RunReport.OperatorReport> operators) {
    return new RunReport.Facts(
        "0.1.0",
        new RunReport.Recipe("test", RECIPE),
        List.of(new RunReport.Model(MODEL, "ab".repeat(32))),
        "direct",
        Instant.now(),
        operators);
  }

  /** Runs a graph that writes these to the session; nothing is committed. */
  public static void journal(
      OutputSession session, List<Document> documents, List<Rejected> rejected) {
    Pipeline pipeline = pipeline();
    WriteEnriched.write(
        session,
        pipeline.apply("Documents", Create.of(documents).withCoder(DocumentCoder.of())),
        pipeline.apply("Rejected", Create.of(rejected).withCoder(RejectedCoder.of())));
    pipeline.run().waitUntilFinish();
  }

  /** A whole run. */
  public static RunReport write(
      Path out, Mode mode, List<Document> documents, List<Rejected> rejected) throws IOException {
    try (OutputSession session = OutputSession.begin(out, mode, RECIPE)) {
      journal(session, documents, rejected);
      return session.commit(facts());
    }
  }

  public static Pipeline pipeline() {
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--targetParallelism=2").create();
    return Pipeline.create(options);
  }
}
