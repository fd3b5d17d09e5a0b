package dev.dragoman.connectors.webhook;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentRows;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * Sends rows to an address on the web, each as one POST of a JSON object.
 *
 * <p>Each row is sent at least once. After a crash rows since the last checkpoint are sent again,
 * with the same {@code Idempotency-Key}, by which the receiver can tell that it knows them.
 */
public final class WriteWebhook {
  /** The step's name in recipes. */
  public static final String NAME = "WriteWebhook";

  /** The step's version. */
  public static final String VERSION = "1";

  private WriteWebhook() {}

  /** Where and how to send. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Sends each row, or each document as a row, to a web address as JSON.",
      details =
          "A row is one POST. An answer of 429 or 5xx, a time-out and a broken connection are tried"
              + " again, ever more seldom, and hold the stream back; after `patience` the job fails"
              + " and starts again from its last checkpoint. Any other answer than 2xx sends the"
              + " row to the dead letters; redirects are not followed. Rows are sent at least once:"
              + " after a crash some come again, with the same Idempotency-Key.")
  public record Config(
      @Param("The http or https address. ${NAME} stands for the environment variable NAME.")
          String url,
      @Param(
              value =
                  "The column that goes into the header Idempotency-Key; empty sends none."
                      + " For documents document_id.",
              fallback = "\"alert_id\"")
          String id,
      @Param(
              value =
                  "More headers, such as Authorization: \"Bearer ${TOKEN}\". ${NAME} stands for"
                      + " the environment variable NAME, read when the recipe is.",
              fallback = "{}")
          Map<String, String> headers,
      @Param(value = "How long to wait for an answer.", fallback = "\"10s\"") Duration timeout,
      @Param(
              value = "How long to go on trying with one row before the job fails.",
              fallback = "\"10m\"")
          Duration patience)
      implements StepConfig {
    private static final long serialVersionUID = 1;
    private static final Set<String> OWN =
        Set.of("content-type", "content-length", "host", "idempotency-key", "connection");

    public Config {
      url = Environment.fill(NAME + ".url", "url", url);
      requireWeb(url);
      Map<String, String> filled = new LinkedHashMap<>();
      for (Map.Entry<String, String> header : headers.entrySet()) {
        String key = "headers." + header.getKey();
        if (OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
          throw new ConfigException(
              key, NAME + "." + key + " is a header that the step writes itself; leave it out");
        }
        filled.put(header.getKey(), Environment.fill(NAME + "." + key, key, header.getValue()));
      }
      headers = Collections.unmodifiableMap(filled);
      if (timeout.isZero()) {
        throw new ConfigException("timeout", NAME + ".timeout must be longer than 0s");
      }
    }

    private static void requireWeb(String url) {
      try {
        URI uri = URI.create(url);
        if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
          return;
        }
      } catch (IllegalArgumentException _) {
        // The message below says what is wanted.
      }
      throw new ConfigException(
          "url", NAME + ".url must be an http or https address, not '" + url + "'");
    }

    /**
     * Checks that the rows have the column of the key.
     *
     * @throws ConfigException naming it
     */
    public void check(Schema rows) {
      if (!id.isEmpty() && !rows.hasField(id)) {
        throw new ConfigException(
            "id",
            NAME
                + ".id: its input has no column '"
                + id
                + "'; its columns are "
                + String.join(", ", rows.getFieldNames()));
      }
    }

    /** Everything but what may be secret. */
    @Override
    public String toString() {
      return "WriteWebhook.Config[host=%s, id=%s, headers=%s, timeout=%s, patience=%s]"
          .formatted(URI.create(url).getHost(), id, headers.keySet(), timeout, patience);
    }
  }

  /**
   * A sink of rows; what the receiver refuses comes out.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Row>, PCollection<Rejected>> rows(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        rows -> {
          config.check(rows.getSchema());
          return post(step, rows, config, config.id);
        });
  }

  /**
   * A sink of documents, each as its row; what the receiver refuses comes out.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Document>, PCollection<Rejected>> documents(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        documents -> post(step, documents.apply("Rows", DocumentRows.of()), config, "document_id"));
  }

  private static PCollection<Rejected> post(
      String step, PCollection<Row> rows, Config config, String id) {
    return rows.apply("Post", ParDo.of(new Post(step, config, id))).setCoder(RejectedCoder.of());
  }
}
