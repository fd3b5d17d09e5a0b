package dev.dragoman.pipelines;

import dev.dragoman.connectors.webhook.WriteWebhook;
import dev.dragoman.operators.analytics.Alert;
import dev.dragoman.operators.analytics.Sql;
import dev.dragoman.operators.analytics.Trend;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.coder.DocumentRows;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;

/** The columns of the rows that flow through a recipe, and whether steps ask for others. */
final class RowColumns {
  private final boolean streaming;

  /** By the names of the steps that they come out of. */
  private final Map<String, Schema> rows = new HashMap<>();

  RowColumns(boolean streaming) {
    this.streaming = streaming;
  }

  /**
   * Checks a step whose inputs were all checked before.
   *
   * @throws ConfigException if it asks for what its input has not
   */
  void check(Recipe.Stage stage) {
    switch (stage.config()) {
      case Trend.Config trend -> rows.put(stage.name(), trend.schema());
      case Alert.Config alert -> {
        boolean documents = !rows.containsKey(stage.inputs().getFirst());
        if (documents != alert.takesDocuments()) {
          throw new ConfigException(
              "kinds",
              stage.name()
                  + (documents
                      ? " looks for what only the rows of a Trend tell; put one before it"
                      : " looks for personal data in documents; its input gives rows"));
        }
        if (!documents) {
          alert.check(columns(stage.inputs().getFirst()));
        }
        rows.put(stage.name(), Alert.schema());
      }
      case Sql.Config sql -> {
        Map<String, Schema> inputs = new LinkedHashMap<>();
        for (String input : stage.inputs()) {
          inputs.put(stage.inputs().size() == 1 ? Sql.INPUT : input, columns(input));
        }
        rows.put(stage.name(), sql.check(inputs, streaming));
      }
      case WriteWebhook.Config webhook -> webhook.check(columns(stage.inputs().getFirst()));
      default -> {}
    }
  }

  private Schema columns(String input) {
    return rows.getOrDefault(input, DocumentRows.schema());
  }
}
