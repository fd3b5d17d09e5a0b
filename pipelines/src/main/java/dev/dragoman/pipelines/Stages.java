package dev.dragoman.pipelines;

import dev.dragoman.connectors.index.WriteLucene;
import dev.dragoman.connectors.kafka.ReadKafka;
import dev.dragoman.connectors.kafka.WriteKafka;
import dev.dragoman.connectors.opensearch.WriteOpenSearch;
import dev.dragoman.connectors.parquet.CompactParquet;
import dev.dragoman.connectors.parquet.WriteParquet;
import dev.dragoman.connectors.webhook.WriteWebhook;
import dev.dragoman.operators.analytics.Alert;
import dev.dragoman.operators.analytics.EventTime;
import dev.dragoman.operators.analytics.Join;
import dev.dragoman.operators.analytics.Sort;
import dev.dragoman.operators.analytics.Sql;
import dev.dragoman.operators.analytics.Trend;
import dev.dragoman.operators.beam.EventTimeLatency;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentRows;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;

/** Applies the steps of a recipe that are neither operators nor files. */
final class Stages {
  private final Recipe recipe;
  private final Pipeline pipeline;
  private final Flows flows;

  Stages(Recipe recipe, Pipeline pipeline, Flows flows) {
    this.recipe = recipe;
    this.pipeline = pipeline;
    this.flows = flows;
  }

  void apply(Recipe.Stage stage) {
    switch (stage.config()) {
      case Join.Config join ->
          flows.documents(
              stage,
              PCollectionTuple.of(Join.LEFT, flows.documents(stage.inputs().getFirst()))
                  .and(Join.RIGHT, flows.documents(join.with()))
                  .apply(stage.name(), Join.of(stage.name(), join)));
      case EventTime.Config time -> {
        PCollectionTuple timed =
            flows.documents(stage.inputs().getFirst()).apply(stage.name(), EventTime.of(time));
        flows.documents(stage, timed.get(EventTime.DOCUMENTS));
        flows.rejected(stage, timed.get(EventTime.REJECTED));
      }
      case Sort.Config sort ->
          flows.documents(
              stage, flows.documents(stage.inputs().getFirst()).apply(stage.name(), Sort.of(sort)));
      case Trend.Config trend ->
          flows.rows(
              stage,
              flows
                  .documents(stage.inputs().getFirst())
                  .apply(stage.name(), Trend.of(stage.name(), trend)));
      case Alert.Config alert ->
          flows.rows(
              stage,
              alert.takesDocuments()
                  ? flows
                      .documents(stage.inputs().getFirst())
                      .apply(stage.name(), Alert.documents(alert))
                  : flows.rows(stage.inputs().getFirst()).apply(stage.name(), Alert.rows(alert)));
      case Sql.Config sql -> flows.rows(stage, sql(stage, sql));
      case ReadKafka.Config kafka -> {
        PCollectionTuple read = pipeline.apply(stage.name(), ReadKafka.of(stage.name(), kafka));
        flows.documents(stage, read.get(ReadKafka.DOCUMENTS));
        flows.rejected(stage, read.get(ReadKafka.REJECTED));
      }
      case WriteKafka.Config kafka -> {
        switch (flows.kind(stage.inputs().getFirst())) {
          case DOCUMENTS, ROWS ->
              write(
                  stage,
                  WriteKafka.documents(stage.name(), kafka),
                  WriteKafka.rows(stage.name(), kafka));
          case REJECTED -> rejected(stage, WriteKafka.rejected(stage.name(), kafka));
        }
      }
      case WriteParquet.Config parquet -> {
        switch (flows.kind(stage.inputs().getFirst())) {
          case DOCUMENTS ->
              flows.rejected(
                  stage,
                  measured(stage)
                      .apply(
                          stage.name(),
                          WriteParquet.documents(stage.name(), parquet, recipe.digest())));
          case ROWS ->
              flows
                  .rows(stage.inputs().getFirst())
                  .apply(stage.name(), WriteParquet.rows(stage.name(), parquet));
          case REJECTED -> rejected(stage, WriteParquet.rejected(stage.name(), parquet));
        }
      }
      case CompactParquet.Config compact ->
          pipeline.apply(stage.name(), CompactParquet.of(compact));
      case WriteLucene.Config lucene ->
          flows.rejected(
              stage,
              measured(stage).apply(stage.name(), WriteLucene.documents(stage.name(), lucene)));
      case WriteOpenSearch.Config search ->
          write(
              stage,
              WriteOpenSearch.documents(stage.name(), search),
              WriteOpenSearch.rows(stage.name(), search));
      case WriteWebhook.Config webhook ->
          write(
              stage,
              WriteWebhook.documents(stage.name(), webhook),
              WriteWebhook.rows(stage.name(), webhook));
      default -> throw new IllegalStateException("no step " + stage.config().info().name());
    }
  }

  private PCollection<Row> sql(Recipe.Stage stage, Sql.Config sql) {
    if (stage.inputs().size() == 1) {
      String input = stage.inputs().getFirst();
      return flows.kind(input) == Kind.DOCUMENTS
          ? flows.documents(input).apply(stage.name(), Sql.documents(sql))
          : flows.rows(input).apply(stage.name(), Sql.rows(sql));
    }
    PCollectionTuple tables = PCollectionTuple.empty(pipeline);
    for (String input : stage.inputs()) {
      tables =
          tables.and(
              new TupleTag<Row>(input) {
                private static final long serialVersionUID = 1;
              },
              flows.kind(input) == Kind.DOCUMENTS
                  ? flows
                      .documents(input)
                      .apply(stage.name() + " rows of " + input, DocumentRows.of())
                  : flows.rows(input));
    }
    return tables.apply(stage.name(), Sql.named(sql));
  }

  private void write(
      Recipe.Stage stage,
      PTransform<PCollection<Document>, PCollection<Rejected>> documents,
      PTransform<PCollection<Row>, PCollection<Rejected>> rows) {
    String input = stage.inputs().getFirst();
    flows.rejected(
        stage,
        flows.kind(input) == Kind.DOCUMENTS
            ? measured(stage).apply(stage.name(), documents)
            : flows.rows(input).apply(stage.name(), rows));
  }

  private void rejected(Recipe.Stage stage, PTransform<PCollection<Rejected>, PDone> sink) {
    flows.rejected(stage.inputs().getFirst(), pipeline).apply(stage.name(), sink);
  }

  /** What a sink takes; in a stream it is counted how late it comes. */
  private PCollection<Document> measured(Recipe.Stage stage) {
    PCollection<Document> documents = flows.documents(stage.inputs().getFirst());
    return recipe.streaming()
        ? documents.apply("Latency " + stage.name(), EventTimeLatency.before(stage.name()))
        : documents;
  }
}
