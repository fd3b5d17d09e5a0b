package dev.dragoman.connectors.opensearch;

import static java.util.Objects.requireNonNull;

import dev.dragoman.connectors.DocumentKey;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentRows;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** The sink into OpenSearch, for documents and for rows. */
public final class WriteOpenSearch {
  /** Its {@code type} in a recipe. */
  public static final String NAME = "WriteOpenSearch";

  /** The mapping that leaves the index to the server. */
  private static final String NO_MAPPING = "none";

  private static final Pattern INDEX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");

  private WriteOpenSearch() {}

  /** The configuration. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Indexes documents or rows in OpenSearch, in bulks.",
      details =
          "A document has the columns of table documents, and event_time, fields and pii. It is"
              + " indexed under its id with its event time as the version: one that is sent again"
              + " changes nothing, an older one never replaces a newer one. What the server"
              + " refuses, such as a value that does not fit the mapping, is a rejection with the"
              + " server's words. A server that is busy or away makes the stream wait.")
  public record Config(
      @Param("Where the server is: http://HOST:PORT.") String url,
      @Param("The index.") String index,
      @Param(
              value =
                  "What documents are indexed under: document_id, source_uri, or a field of the"
                      + " message. For rows: the column, or several with commas; without, a digest"
                      + " of the row.",
              fallback = "\"\"")
          String id,
      @Param(value = "The columns to send; all, if none is named.", fallback = "[]")
          List<String> include,
      @Param(value = "Whether the embedding of the document goes along.", fallback = "false")
          boolean embedding,
      @Param(
              value =
                  "A file with the JSON of the settings and mappings that the index is made with"
                      + " where there is none. Empty makes them from the columns, 'none' leaves"
                      + " them to the server.",
              fallback = "\"\"")
          String mapping,
      @Param(value = "How many documents a bulk has at most.", fallback = "500") int batch,
      @Param(value = "How many bytes a bulk has at most.", fallback = "5000000") long batchBytes,
      @Param(value = "The user, if the server asks for one.", fallback = "\"\"") String user,
      @Param(
              value = "The environment variable that holds the user's password.",
              fallback = "\"DRAGOMAN_OPENSEARCH_PASSWORD\"")
          String passwordEnv,
      @Param(value = "How long an answer may take.", fallback = "\"30s\"") Duration timeout,
      @Param(
              value =
                  "How long a bulk is tried again while the server is busy or away, before the"
                      + " runner is told to begin again at its last checkpoint.",
              fallback = "\"2m\"")
          Duration retryFor)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      include = List.copyOf(include);
      server(url);
      if (!INDEX.matcher(index).matches()) {
        throw new ConfigException(
            "index",
            NAME
                + ".index must be a name of small letters, digits, dots, dashes and underscores,"
                + " not '"
                + index
                + "'");
      }
      if (batch < 1 || batch > 10_000) {
        throw new ConfigException("batch", NAME + ".batch must be from 1 to 10000, not " + batch);
      }
      if (batchBytes < 1 || batchBytes > 90_000_000) {
        throw new ConfigException(
            "batch_bytes", NAME + ".batch_bytes must be from 1 to 90000000, not " + batchBytes);
      }
      if (timeout.toMillis() < 1) {
        throw new ConfigException("timeout", NAME + ".timeout must be at least 1ms");
      }
    }

    private static URI server(String url) {
      try {
        URI uri = new URI(url);
        if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
            && uri.getHost() != null) {
          return uri;
        }
      } catch (java.net.URISyntaxException _) {
        // Told below.
      }
      throw new ConfigException(
          "url", NAME + ".url must look like http://host:9200, not '" + url + "'");
    }

    URI server() {
      return server(url);
    }

    /** The password, read here so that workers on other machines get it with the configuration. */
    private String password() {
      if (user.isEmpty()) {
        return "";
      }
      String password = System.getenv(passwordEnv);
      if (password == null) {
        throw new ConfigException(
            "password_env",
            NAME
                + ": user '"
                + user
                + "' needs a password; set the environment variable "
                + passwordEnv);
      }
      return password;
    }

    private void checkColumns(Schema schema) {
      for (String column : include) {
        if (!schema.hasField(column)) {
          throw new ConfigException(
              "include",
              NAME
                  + ".include: there is no column '"
                  + column
                  + "'; there are "
                  + String.join(", ", schema.getFieldNames()));
        }
      }
    }

    /** What the index is made with; null leaves it to the server. */
    private @Nullable String mapping(Schema schema, boolean documents) {
      if (mapping.equals(NO_MAPPING)) {
        return null;
      }
      if (mapping.isEmpty()) {
        return IndexMapping.of(schema, documents, documents && embedding);
      }
      try {
        return Files.readString(Path.of(mapping));
      } catch (IOException e) {
        throw new ConfigException(
            "mapping", NAME + ".mapping: cannot read '" + mapping + "': " + e.getMessage());
      }
    }
  }

  /**
   * Indexes documents.
   *
   * @return what the server refuses, in the global window
   */
  public static PTransform<PCollection<Document>, PCollection<Rejected>> documents(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        documents -> {
          Schema schema = DocumentRows.schema();
          config.checkColumns(schema);
          String id = config.id().isEmpty() ? DocumentKey.DOCUMENT_ID : config.id();
          Server server = new Server(config, config.password(), config.mapping(schema, true));
          return documents
              .apply("Unwindow", Window.into(new GlobalWindows()))
              .apply(
                  "Send",
                  ParDo.of(
                      new SendBulks<>(
                          step,
                          new Sent.OfDocuments(
                              new DocumentKey(id), config.include(), config.embedding()),
                          server)))
              .setCoder(RejectedCoder.of());
        });
  }

  /**
   * Indexes rows.
   *
   * @return what the server refuses, each row as a document of JSON, in the global window
   */
  public static PTransform<PCollection<Row>, PCollection<Rejected>> rows(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        rows -> {
          Schema schema = requireNonNull(rows.getSchema(), "no schema");
          config.checkColumns(schema);
          List<String> id =
              config.id().isEmpty() ? List.of() : List.of(config.id().split("\\s*,\\s*"));
          for (String column : id) {
            if (!schema.hasField(column)) {
              throw new ConfigException(
                  "id",
                  NAME
                      + ".id: the rows have no column '"
                      + column
                      + "'; they have "
                      + String.join(", ", schema.getFieldNames()));
            }
          }
          Server server = new Server(config, config.password(), config.mapping(schema, false));
          return rows.apply("Unwindow", Window.into(new GlobalWindows()))
              .apply(
                  "Send",
                  ParDo.of(
                      new SendBulks<>(
                          step, new Sent.OfRows(config.index(), id, config.include()), server)))
              .setCoder(RejectedCoder.of());
        });
  }
}
