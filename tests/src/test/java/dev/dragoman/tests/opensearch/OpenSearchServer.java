package dev.dragoman.tests.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An OpenSearch node in a JVM of its own on 127.0.0.1, with a folder that outlives it: it can be
 * killed and started again under the same address. It ends with the process that started it.
 */
public final class OpenSearchServer implements Closeable {
  private static final String MAIN = "dev.dragoman.servers.opensearch.OpenSearchProcess";
  private static final Duration STARTING = Duration.ofSeconds(180);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final String host;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  private OpenSearchServer(Path folder, String host, int port) {
    this.folder = folder;
    this.host = host;
    this.port = port;
  }

  /** Starts a node that keeps its data in this folder, and waits until it answers. */
  public static OpenSearchServer start(Path folder) throws IOException, InterruptedException {
    return start(folder, "127.0.0.1");
  }

  /** The same at another address of this machine. */
  public static OpenSearchServer start(Path folder, String host)
      throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    OpenSearchServer server = new OpenSearchServer(folder, host, port);
    server.startAgain();
    return server;
  }

  /** Starts the node that was killed. */
  public void startAgain() throws IOException, InterruptedException {
    Path module = repository().resolve("servers/opensearch/target");
    String classPath =
        module.resolve("classes")
            + File.pathSeparator
            + Files.readString(module.resolve("class-path.txt")).strip();
    Files.createDirectories(folder);
    Path log = folder.resolve("server.log");
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                MAIN,
                folder.toString(),
                Integer.toString(port),
                Long.toString(ProcessHandle.current().pid()),
                host)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Instant deadline = Instant.now().plus(STARTING);
    while (!answers()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        close();
        throw new IOException("OpenSearch did not start:\n" + Files.readString(log));
      }
      Thread.sleep(200);
    }
  }

  /** Where it is. */
  public URI uri() {
    return URI.create("http://" + host + ":" + port);
  }

  /** Kills it as a power cut would. */
  public void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
      process = null;
    }
  }

  /** What it answers to a GET of this path. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri().resolve(path)).GET());
  }

  /** What it answers to a POST of this JSON. */
  public JsonNode post(String path, String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** How many documents the index holds, those of this moment included. */
  public long count(String index) throws IOException, InterruptedException {
    post("/" + index + "/_refresh", "");
    return get("/" + index + "/_count").path("count").asLong();
  }

  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  private boolean answers() throws InterruptedException {
    try {
      String status = get("/_cluster/health").path("status").asText();
      return status.equals("green") || status.equals("yellow");
    } catch (IOException _) {
      return false;
    }
  }

  private static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("servers"))
        ? here
        : Objects.requireNonNull(here.getParent());
  }
}
