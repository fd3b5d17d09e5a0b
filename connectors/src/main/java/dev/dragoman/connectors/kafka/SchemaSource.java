package dev.dragoman.connectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * Where the schemas of Avro messages are: a registry, asked by {@code GET /schemas/ids/N}, or a
 * folder of files {@code N.avsc}. What has been found is kept.
 */
final class SchemaSource {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable URI registry;
  private final Path folder;
  private final @Nullable HttpClient http;
  private final Map<Integer, Schema> known = new HashMap<>();
  private final Map<Integer, Instant> unknown = new HashMap<>();

  /**
   * @param address the URL of a registry, or a folder
   */
  SchemaSource(String address) {
    boolean remote = isUrl(address);
    registry = remote ? URI.create(address.replaceFirst("/*$", "/")) : null;
    folder = remote ? Path.of("") : Path.of(address);
    http =
        remote
            ? HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()
            : null;
  }

  static boolean isUrl(String address) {
    return address.startsWith("http://") || address.startsWith("https://");
  }

  /**
   * The schema with this id. A registry that does not answer is asked again for a minute.
   *
   * @throws BadMessageException if there is no such schema
   * @throws IllegalStateException if the registry does not answer
   */
  Schema schema(int id) throws BadMessageException {
    Schema schema = known.get(id);
    if (schema != null) {
      return schema;
    }
    Instant asked = unknown.get(id);
    if (asked != null && asked.plus(ASK_AGAIN).isAfter(Instant.now())) {
      throw noSuch(id);
    }
    String text = find(id);
    if (text == null) {
      if (unknown.size() > 10_000) {
        unknown.clear();
      }
      unknown.put(id, Instant.now());
      throw noSuch(id);
    }
    try {
      schema = new Schema.Parser().parse(text);
    } catch (SchemaParseException e) {
      throw new BadMessageException(
          RejectionCode.BAD_ROW, "schema " + id + " is no Avro schema: " + e.getMessage());
    }
    known.put(id, schema);
    return schema;
  }

  private BadMessageException noSuch(int id) {
    return BadMessageException.row(
        "there is no schema %d in %s (ReadKafka.schemas)"
            .formatted(Integer.toUnsignedLong(id), registry == null ? folder : registry));
  }

  private @Nullable String find(int id) {
    if (http == null || registry == null) {
      try {
        return Files.readString(folder.resolve(Integer.toUnsignedLong(id) + ".avsc"));
      } catch (NoSuchFileException _) {
        return null;
      } catch (IOException e) {
        throw new IllegalStateException(
            "cannot read schema " + id + " in " + folder + " (ReadKafka.schemas)", e);
      }
    }
    Instant giveUp = Instant.now().plus(PATIENCE);
    for (long pause = 100; ; pause = Math.min(5_000, 2 * pause)) {
      try {
        return ask(http, registry.resolve("schemas/ids/" + Integer.toUnsignedLong(id)));
      } catch (IOException e) {
        if (Instant.now().isAfter(giveUp)) {
          throw new IllegalStateException(
              "the schema registry " + registry + " does not answer (ReadKafka.schemas)", e);
        }
        sleep(pause);
      }
    }
  }

  private static @Nullable String ask(HttpClient http, URI uri) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MAX_BYTES);
        if (response.statusCode() == 404) {
          return null;
        }
        if (response.statusCode() != 200) {
          throw new IOException(uri + " answers " + response.statusCode());
        }
        JsonNode schema = JSON.readTree(bytes).path("schema");
        if (!schema.isTextual()) {
          throw new IOException(uri + " answers without a schema");
        }
        return schema.textValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + uri, e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the schema registry", e);
    }
  }
}
