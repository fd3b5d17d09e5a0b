package dev.dragoman.connectors.opensearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.opensearch.client.opensearch.generic.Bodies;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;

/** Speaks to one server. */
final class BulkClient implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer that says nothing of single documents. */
  private static final int MOST_TOLD = 500;

  private final Server server;
  private final OpenSearchTransport transport;
  private final OpenSearchGenericClient client;

  /** What is indexed. */
  record Entry(String id, long version, byte[] json) {}

  /** What the server says: of the whole bulk, or, if that is fine, of each entry. */
  sealed interface Answer {
    /** One verdict an entry, in order. */
    record Each(List<Verdict> verdicts) implements Answer {}

    /** Busy, or not there: to be tried again. */
    record Busy(String why) implements Answer {}

    /** The bulk is longer than the server takes. */
    record TooLong() implements Answer {}
  }

  /** What becomes of an entry. */
  enum Fate {
    /** It is indexed. */
    DONE,
    /** A newer version is there. */
    OUTDATED,
    /** To be tried again. */
    BUSY,
    /** It never will be. */
    REFUSED
  }

  /**
   * What the server says of an entry.
   *
   * @param words the server's, where it is not done
   */
  record Verdict(Fate fate, String words) {}

  BulkClient(Server server) {
    this.server = server;
    HttpHost host =
        new HttpHost(server.uri().getScheme(), server.uri().getHost(), server.uri().getPort());
    Timeout timeout = Timeout.of(server.timeout().toMillis(), TimeUnit.MILLISECONDS);
    ApacheHttpClient5TransportBuilder builder =
        ApacheHttpClient5TransportBuilder.builder(host)
            .setRequestConfigCallback(
                (RequestConfig.Builder config) -> config.setResponseTimeout(timeout))
            .setConnectionConfigCallback(
                (ConnectionConfig.Builder config) -> config.setConnectTimeout(timeout));
    String prefix = server.uri().getPath();
    if (prefix != null && prefix.length() > 1) {
      builder.setPathPrefix(prefix);
    }
    if (!server.user().isEmpty()) {
      BasicCredentialsProvider credentials = new BasicCredentialsProvider();
      credentials.setCredentials(
          new AuthScope(host),
          new UsernamePasswordCredentials(server.user(), server.password().toCharArray()));
      builder.setHttpClientConfigCallback(http -> http.setDefaultCredentialsProvider(credentials));
    }
    transport = builder.build();
    client = new OpenSearchGenericClient(transport);
  }

  /** Makes the index where there is none. */
  Answer createIndex(String mapping) {
    try (Response there = client.execute(request("HEAD", "/" + server.index()).build())) {
      if (there.getStatus() == 200) {
        return new Answer.Each(List.of());
      }
      if (isBusy(there.getStatus())) {
        return busy(there);
      }
    } catch (IOException e) {
      return away(e);
    }
    try (Response made =
        client.execute(request("PUT", "/" + server.index()).body(Bodies.json(mapping)).build())) {
      String words = text(made);
      if (isBusy(made.getStatus())) {
        return new Answer.Busy(made.getStatus() + " " + words);
      }
      if (made.getStatus() >= 300 && !words.contains("resource_already_exists_exception")) {
        throw refused("will not make the index", made, words);
      }
      return new Answer.Each(List.of());
    } catch (IOException e) {
      return away(e);
    }
  }

  /** Sends a bulk. */
  Answer send(List<Entry> entries) {
    try (Response response =
        client.execute(
            request("POST", "/" + server.index() + "/_bulk")
                .query(Map.of("filter_path", "errors,items.*.status,items.*.error"))
                .body(Body.from(lines(entries), "application/x-ndjson"))
                .build())) {
      int status = response.getStatus();
      if (isBusy(status)) {
        return busy(response);
      }
      if (status == 413) {
        return new Answer.TooLong();
      }
      if (status >= 300) {
        throw refused("refuses bulks", response, text(response));
      }
      return new Answer.Each(verdicts(response, entries.size()));
    } catch (IOException e) {
      return away(e);
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private static Requests.JsonBodyBuilder request(String method, String endpoint) {
    return Requests.builder().method(method).endpoint(endpoint);
  }

  private static byte[] lines(List<Entry> entries) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      ObjectNode action = JsonNodeFactory.instance.objectNode();
      action
          .putObject("index")
          .put("_id", entry.id)
          .put("version", entry.version)
          .put("version_type", "external_gte");
      lines.write(action.toString().getBytes(UTF_8));
      lines.write('\n');
      lines.write(entry.json);
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private static List<Verdict> verdicts(Response response, int count) throws IOException {
    JsonNode answer = JSON.readTree(response.getBody().orElseThrow().bodyAsBytes());
    List<Verdict> verdicts = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      JsonNode result = item.path("index");
      verdicts.add(verdict(result.path("status").asInt(), result.path("error")));
    }
    if (verdicts.size() != count) {
      throw new IOException(
          "the answer to a bulk of " + count + " speaks of " + verdicts.size() + " documents");
    }
    return verdicts;
  }

  private static Verdict verdict(int status, JsonNode error) {
    if (status < 300) {
      return new Verdict(Fate.DONE, "");
    }
    String words = words(error);
    if (status == 409) {
      return new Verdict(Fate.OUTDATED, words);
    }
    return new Verdict(isBusy(status) || status >= 500 ? Fate.BUSY : Fate.REFUSED, words);
  }

  private static String words(JsonNode error) {
    String words = error.path("type").asText() + ": " + error.path("reason").asText();
    JsonNode cause = error.path("caused_by").path("reason");
    return cause.isTextual() ? words + " (" + cause.asText() + ")" : words;
  }

  private static boolean isBusy(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  private static Answer busy(Response response) {
    return new Answer.Busy(response.getStatus() + " " + text(response));
  }

  private static Answer away(IOException e) {
    return new Answer.Busy(e.getClass().getSimpleName() + ": " + e.getMessage());
  }

  /** What trying again does not help. */
  private IllegalStateException refused(String what, Response response, String words) {
    int status = response.getStatus();
    String hint =
        status == 401 || status == 403
            ? "; check 'user' and the environment variable that 'password_env' names"
            : "";
    return new IllegalStateException(
        "OpenSearch (%s) %s: %d %s%s".formatted(server, what, status, words, hint));
  }

  private static String text(Response response) {
    String text = response.getBody().map(Body::bodyAsString).orElse("");
    return text.length() <= MOST_TOLD ? text : text.substring(0, MOST_TOLD) + " ...";
  }
}
