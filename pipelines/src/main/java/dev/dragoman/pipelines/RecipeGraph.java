package dev.dragoman.pipelines;

import dev.dragoman.connectors.files.FileList;
import dev.dragoman.connectors.files.ReadFiles;
import dev.dragoman.connectors.files.RowMapping;
import dev.dragoman.connectors.files.WatchFiles;
import dev.dragoman.connectors.run.Checkpoint;
import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.connectors.run.SkipDone;
import dev.dragoman.connectors.run.WriteEnriched;
import dev.dragoman.operators.beam.ApplyOperator;
import dev.dragoman.operators.beam.dedupe.DeduplicateTransform;
import dev.dragoman.operators.reading.ExtractText;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.pipelines.Recipe.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/** The whole graph of a recipe. */
public final class RecipeGraph {
  private final Pipeline pipeline;
  private final Recipe recipe;
  private final Input input;
  private final @Nullable OutputSession session;
  private final Workers workers;
  private final Flows flows = new Flows();

  private RecipeGraph(
      Pipeline pipeline,
      Recipe recipe,
      Input input,
      @Nullable OutputSession session,
      Workers workers) {
    this.pipeline = pipeline;
    this.recipe = recipe;
    this.input = input;
    this.session = session;
    this.workers = workers;
  }

  /**
   * Where and how workers find models.
   *
   * @param modelHome the cache folder on the workers
   */
  public record Workers(Path modelHome, boolean offline) {}

  /** What stands in for {@code ReadFiles}. */
  public sealed interface Input {
    /** Files to be read. */
    record Files(FileList files) implements Input {}

    /** Documents as their source made them, to be run again. */
    record Documents(List<Document> documents) implements Input {}

    /** Nothing: the sources of the recipe find for themselves what there is. */
    record Own() implements Input {}
  }

  /**
   * Builds the graph.
   *
   * @param session where {@code WriteEnriched} writes, or null if the recipe has none
   */
  public static void build(
      Pipeline pipeline,
      Recipe recipe,
      Input input,
      @Nullable OutputSession session,
      Workers workers)
      throws IOException {
    Progress.current()
        .start(
            recipe.streaming()
                ? List.of()
                : recipe.steps().stream().map(Recipe.Step::name).toList());
    new RecipeGraph(pipeline, recipe, input, session, workers).build();
  }

  private void build() throws IOException {
    Stages stages = new Stages(recipe, pipeline, flows);
    for (Recipe.Step step : recipe.steps()) {
      switch (step) {
        case Recipe.Source source -> flows.documents(source, count(source, read(source)));
        case Operation operation -> flows.documents(operation, count(operation, apply(operation)));
        case Recipe.Stage stage -> stages.apply(stage);
        case Recipe.Sink _ -> {}
      }
    }
    if (session != null) {
      Recipe.Sink sink = recipe.enriched().orElseThrow();
      WriteEnriched.write(
          session,
          count(sink, flows.documents(sink.input())),
          Progress.countRejected(flows.allRejected(pipeline)));
    }
  }

  private PCollection<Document> read(Recipe.Source source) {
    PCollection<Document> read =
        switch (input) {
          case Input.Files(FileList files) ->
              files(
                  source,
                  ReadFiles.of(source.name(), files)
                      .withColumns(mapping(source.config().columns())));
          case Input.Documents(List<Document> documents) ->
              pipeline
                  .apply(source.name(), Create.of(documents).withCoder(DocumentCoder.of()))
                  .apply("Spread", Reshuffle.viaRandomKey());
          case Input.Own _ -> {
            Recipe.ReadFilesConfig config = source.config();
            yield files(
                source,
                WatchFiles.of(
                        source.name(), config.paths(), List.of(), config.watch(), config.settle())
                    .withColumns(mapping(config.columns())));
          }
        };
    return session == null ? read : read.apply("Skip done", SkipDone.inputs(session));
  }

  private PCollection<Document> files(
      Recipe.Source source, PTransform<PBegin, PCollectionTuple> files) {
    PCollectionTuple read = pipeline.apply(source.name(), files);
    flows.rejected(source, read.get(ReadFiles.REJECTED));
    return read.get(ReadFiles.DOCUMENTS);
  }

  private PCollection<Document> apply(Operation operation) throws IOException {
    PCollection<Document> documents = flows.documents(operation.input());
    if (operation.config() instanceof Deduplicate.Config config) {
      if (session == null) {
        throw new IllegalStateException(operation.name() + " needs a session");
      }
      return documents
          .apply("Before " + operation.name(), Checkpoint.of(session))
          .apply(operation.name(), DeduplicateTransform.of(config))
          .apply("After " + operation.name(), SkipDone.finished(session));
    }
    ApplyOperator operator =
        ApplyOperator.of(operation.config())
            .named(operation.name())
            .onError(operation.onError())
            .withModelHome(workers.modelHome())
            .offline(workers.offline());
    PCollectionTuple outcome =
        documents.apply(
            operation.name(),
            recipe.streaming() ? operator.withTimeLimit(recipe.options().stepTimeout()) : operator);
    flows.rejected(operation, outcome.get(ApplyOperator.REJECTED).setCoder(RejectedCoder.of()));
    PCollection<Document> enriched = outcome.get(ApplyOperator.ENRICHED);
    return session != null && operation.config() instanceof ExtractText.Config
        ? enriched
            .apply("Skip done entries", SkipDone.documents(session))
            .apply("Spread entries", Reshuffle.viaRandomKey())
        : enriched;
  }

  /** In a stream the steps' own metrics tell how far it is. */
  private PCollection<Document> count(Recipe.Step step, PCollection<Document> documents) {
    return recipe.streaming() ? documents : Progress.count(step.name(), documents);
  }

  private static RowMapping mapping(Recipe.ColumnsConfig columns) {
    return new RowMapping(columns.text(), columns.title(), columns.language(), true);
  }
}
