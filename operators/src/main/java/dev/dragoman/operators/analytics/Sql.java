package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentRows;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.sql.SqlTransform;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Beam SQL over documents, or over the rows of other steps.
 *
 * <p>A query that groups by {@code TUMBLE}, {@code HOP} or {@code SESSION} of a time column gives
 * one row a window and group when event time has passed the window's end. With an allowed lateness
 * it gives the row again, whole and counted anew, for late documents: of rows with the same window
 * and group the last one holds, which a sink that upserts by them takes for granted.
 */
public final class Sql {
  /** The step's name in recipes. */
  public static final String NAME = "Sql";

  /** What the one input is called in a query. */
  public static final String INPUT = "PCOLLECTION";

  private static final Pattern QUESTION =
      Pattern.compile("[\\s(]*(?:SELECT|WITH)\\b", Pattern.CASE_INSENSITIVE);

  private Sql() {}

  /** What a query reads and how long it waits. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Answers a SQL query over documents or rows, in windows of event time.",
      details =
          "Documents are rows with the columns of table documents and event_time, fields (a map)"
              + " and pii (a list). Windows: GROUP BY TUMBLE(event_time, INTERVAL '1' HOUR), HOP"
              + " (event_time, every, length) or SESSION(event_time, gap), with TUMBLE_START and so"
              + " on in the SELECT. AVG and SUM of whole numbers are whole numbers: CAST them to"
              + " DOUBLE first. SENTIMENT_VALUE(sentiment) is 1, 0 or -1. Columns whose names are words"
              + " of SQL need backticks: `language`. What stands beside the text is"
              + " fields['product'].")
  public record Config(
      @Param(
              "The query. Its one input is PCOLLECTION; several inputs have the names of their"
                  + " steps.")
          String query,
      @Param(
              value =
                  "How long after a window's end, in event time, documents are still counted. Each"
                      + " late one gives its window's row again, which replaces the earlier; later"
                      + " ones are dropped.",
              fallback = "\"0s\"")
          Duration allowedLateness,
      @Param(
              value =
                  "The name of a column to add that counts the rows of one window and group: 0 for"
                      + " the first, then 1, 2 for those that replace it. Empty adds none.",
              fallback = "\"\"")
          String paneColumn)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (query.isBlank()) {
        throw new ConfigException("query", NAME + ".query is empty; write a SELECT over " + INPUT);
      }
      if (!QUESTION.matcher(query).lookingAt()) {
        throw new ConfigException(
            "query", NAME + ".query must begin with SELECT or WITH; it can only ask");
      }
    }

    /**
     * Checks the query against the rows it will read.
     *
     * @param inputs the columns of each input by its name, {@link #INPUT} for the only one
     * @param streaming whether the inputs never end, so that what is counted needs windows
     * @return the columns of the answer
     * @throws ConfigException telling what is wrong and where
     */
    public Schema check(Map<String, Schema> inputs, boolean streaming) {
      Pipeline draft = Pipeline.create();
      PCollectionTuple tables = PCollectionTuple.empty(draft);
      for (Map.Entry<String, Schema> input : inputs.entrySet()) {
        tables =
            tables.and(
                new TupleTag<Row>(input.getKey()),
                draft
                    .apply(input.getKey(), Create.empty(input.getValue()))
                    .setIsBoundedInternal(
                        streaming
                            ? PCollection.IsBounded.UNBOUNDED
                            : PCollection.IsBounded.BOUNDED));
      }
      return tables.apply(NAME, named(this)).getSchema();
    }
  }

  /** Over the rows of one other step. */
  public static PTransform<PCollection<Row>, PCollection<Row>> rows(Config config) {
    return PTransform.compose(
        NAME,
        rows -> PCollectionTuple.of(new TupleTag<Row>(INPUT), rows).apply("Tables", named(config)));
  }

  /** Over documents. */
  public static PTransform<PCollection<Document>, PCollection<Row>> documents(Config config) {
    return PTransform.compose(
        NAME,
        documents -> documents.apply("Documents", DocumentRows.of()).apply("Rows", rows(config)));
  }

  /** Over several inputs, of rows all of them, whose tags' ids are their names in the query. */
  public static PTransform<PCollectionTuple, PCollection<Row>> named(Config config) {
    return PTransform.compose(
        NAME,
        tables -> {
          PCollectionTuple windowed = PCollectionTuple.empty(tables.getPipeline());
          for (Map.Entry<TupleTag<?>, PCollection<?>> table : tables.getAll().entrySet()) {
            String name = table.getKey().getId();
            windowed =
                windowed.and(
                    new TupleTag<Row>(name),
                    tables.get(new TupleTag<Row>(name)).apply("Wait for " + name, waiting(config)));
          }
          PCollection<Row> answer;
          try {
            answer =
                windowed.apply(
                    "Query",
                    SqlTransform.query(config.query)
                        .registerUdf(SentimentValue.NAME, SentimentValue.class));
          } catch (RuntimeException e) {
            throw SqlMistake.in(config.query, e);
          }
          if (config.paneColumn.isEmpty()) {
            return answer;
          }
          Schema schema = withPane(config, answer.getSchema());
          return answer.apply("Pane", ParDo.of(new AddPane(schema))).setRowSchema(schema);
        });
  }

  /**
   * SQL windows keep the triggers of what they window: on time, then again with each late row,
   * everything counted.
   */
  private static Window<Row> waiting(Config config) {
    if (config.allowedLateness.isZero()) {
      return EventTimeWindows.global();
    }
    return Window.<Row>into(new GlobalWindows())
        .triggering(
            AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1)))
        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
        .withAllowedLateness(EventTimeWindows.of(config.allowedLateness))
        .accumulatingFiredPanes();
  }

  private static Schema withPane(Config config, Schema answer) {
    if (answer.hasField(config.paneColumn)) {
      throw new ConfigException(
          "pane_column",
          NAME + ".pane_column: the query already has a column '" + config.paneColumn + "'");
    }
    return Schema.builder()
        .addFields(answer.getFields())
        .addField(config.paneColumn, FieldType.INT64)
        .build();
  }

  private static final class AddPane extends DoFn<Row, Row> {
    private static final long serialVersionUID = 1;
    private final Schema schema;

    AddPane(Schema schema) {
      this.schema = schema;
    }

    @ProcessElement
    public void process(@Element Row row, PaneInfo pane, OutputReceiver<Row> out) {
      out.output(
          Row.withSchema(schema).addValues(row.getValues()).addValue(pane.getIndex()).build());
    }
  }
}
