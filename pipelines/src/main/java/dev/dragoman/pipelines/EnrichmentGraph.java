package dev.dragoman.pipelines;

import dev.dragoman.connectors.files.FileList;
import dev.dragoman.connectors.files.ReadFiles;
import dev.dragoman.connectors.files.RowMapping;
import dev.dragoman.connectors.run.Checkpoint;
import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.connectors.run.SkipDone;
import dev.dragoman.connectors.run.WriteEnriched;
import dev.dragoman.operators.beam.ApplyOperator;
import dev.dragoman.operators.beam.dedupe.DeduplicateTransform;
import dev.dragoman.operators.reading.ExtractText;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.pipelines.Recipe.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The whole graph of a recipe. */
public final class EnrichmentGraph {
  private EnrichmentGraph() {}

  /**
   * Where and how workers find models.
   *
   * @param modelHome the cache folder on the workers
   */
  public record Workers(Path modelHome, boolean offline) {}

  /** What goes in. */
  public sealed interface Input {
    /** Files to be read. */
    record Files(FileList files) implements Input {}

    /** Documents as their source made them, to be run again. */
    record Documents(List<Document> documents) implements Input {}
  }

  /** Builds the graph that takes this input, applies the recipe and writes to the session. */
  public static void build(
      Pipeline pipeline, Recipe recipe, Input input, OutputSession session, Workers workers)
      throws IOException {
    Progress.current().start(recipe.steps().stream().map(Recipe.Step::name).toList());
    List<PCollection<Rejected>> rejected = new ArrayList<>();

    Recipe.Source source = recipe.source();
    PCollection<Document> documents =
        count(
            source,
            read(pipeline, source, input, rejected).apply("Skip done", SkipDone.inputs(session)));

    for (Operation operation : recipe.operations()) {
      documents = count(operation, apply(operation, documents, rejected, session, workers));
    }

    WriteEnriched.write(
        session,
        count(recipe.sink(), documents),
        Progress.countRejected(
            PCollectionList.of(rejected).apply("All rejected", Flatten.pCollections())));
  }

  private static PCollection<Document> read(
      Pipeline pipeline, Recipe.Source source, Input input, List<PCollection<Rejected>> rejected) {
    return switch (input) {
      case Input.Files(FileList files) -> {
        PCollectionTuple read =
            pipeline.apply(
                source.name(), ReadFiles.of(files).withColumns(mapping(source.config().columns())));
        rejected.add(read.get(ReadFiles.REJECTED));
        yield read.get(ReadFiles.DOCUMENTS);
      }
      case Input.Documents(List<Document> documents) ->
          pipeline
              .apply(source.name(), Create.of(documents).withCoder(DocumentCoder.of()))
              .apply("Spread", Reshuffle.viaRandomKey());
    };
  }

  private static PCollection<Document> apply(
      Operation operation,
      PCollection<Document> documents,
      List<PCollection<Rejected>> rejected,
      OutputSession session,
      Workers workers)
      throws IOException {
    if (operation.config() instanceof Deduplicate.Config config) {
      return documents
          .apply("Before " + operation.name(), Checkpoint.of(session))
          .apply(operation.name(), DeduplicateTransform.of(config))
          .apply("After " + operation.name(), SkipDone.finished(session));
    }
    PCollectionTuple outcome =
        documents.apply(
            operation.name(),
            ApplyOperator.of(operation.config())
                .named(operation.name())
                .onError(operation.onError())
                .withModelHome(workers.modelHome())
                .offline(workers.offline()));
    rejected.add(outcome.get(ApplyOperator.REJECTED));
    PCollection<Document> enriched = outcome.get(ApplyOperator.ENRICHED);
    return operation.config() instanceof ExtractText.Config
        ? enriched
            .apply("Skip done entries", SkipDone.documents(session))
            .apply("Spread entries", Reshuffle.viaRandomKey())
        : enriched;
  }

  private static PCollection<Document> count(Recipe.Step step, PCollection<Document> documents) {
    return Progress.count(step.name(), documents);
  }

  private static RowMapping mapping(Recipe.ColumnsConfig columns) {
    return new RowMapping(columns.text(), columns.title(), columns.language(), true);
  }
}
