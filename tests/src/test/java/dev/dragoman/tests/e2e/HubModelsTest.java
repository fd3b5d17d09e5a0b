package dev.dragoman.tests.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of the hub on the command line, from a hub on this machine. */
class HubModelsTest {
  private static final String MODEL = "opus-mt-nl-en";
  private static final String REPOSITORY = "Helsinki-NLP/opus-mt-nl-en";
  private static final String COMMIT = "ab".repeat(20);

  @TempDir private Path home;
  private HttpServer hub;

  @BeforeEach
  void serve() throws Exception {
    byte[] weights = new byte[10_000];
    byte[] config = "{}".getBytes(UTF_8);
    String listing =
        """
        {"sha": "%s", "siblings": [
          {"rfilename": "config.json", "size": 2, "blobId": "%s"},
          {"rfilename": "pytorch_model.bin", "size": 10000, "blobId": "%s",
           "lfs": {"size": 10000, "sha256": "%s", "pointerSize": 130}}]}
        """
            .formatted(
                COMMIT,
                hex("SHA-1", "blob 2\0{}".getBytes(UTF_8)),
                COMMIT,
                hex("SHA-256", weights));
    Map<String, byte[]> files =
        Map.of(
            "/api/models/" + REPOSITORY + "/revision/main",
            listing.getBytes(UTF_8),
            "/" + REPOSITORY + "/resolve/" + COMMIT + "/config.json",
            config,
            "/" + REPOSITORY + "/resolve/" + COMMIT + "/pytorch_model.bin",
            weights);
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] bytes = files.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(
                bytes == null ? 404 : 200, bytes == null ? -1 : bytes.length);
            if (bytes != null) {
              exchange.getResponseBody().write(bytes);
            }
          }
        });
    hub.start();
  }

  @AfterEach
  void stop() {
    hub.stop(0);
  }

  private Cli cli() {
    return Cli.dragoman()
        .with("DRAGOMAN_HOME", home.toString())
        .with("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
  }

  private JsonNode listed() {
    Cli.Result result = cli().run("model", "list", "--json");
    assertThat(result.code()).as(result.err()).isZero();
    return StreamSupport.stream(result.json().getFirst().spliterator(), false)
        .filter(line -> line.path("name").asText().equals(MODEL))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itIsPinnedByThePullAndVerifiedAgainstThat() throws IOException {
    assertThat(listed().path("pinned").asBoolean()).isFalse();
    assertThat(cli().run("model", "list").out()).containsPattern(MODEL + " .*not pinned");

    Cli.Result pulled = cli().run("model", "pull", MODEL);
    assertThat(pulled.code()).as(pulled.err()).isZero();
    assertThat(pulled.err()).contains("licence Apache-2.0");
    JsonNode here = listed();
    assertThat(here.path("pinned").asBoolean()).isTrue();
    assertThat(here.path("installed").asBoolean()).isTrue();
    assertThat(here.path("bytes").asInt()).isEqualTo(10_002);
    assertThat(cli().run("model", "show", MODEL).out()).contains(COMMIT);

    stop();
    assertThat(cli().run("model", "verify", "--offline").out()).contains(MODEL + ": good");
    Files.write(home.resolve("models/" + MODEL + "/config.json"), "[]".getBytes(UTF_8));
    Cli.Result changed = cli().run("model", "verify", MODEL);
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.out()).contains("config.json is not what it should be");
  }

  @Test
  void offlineItIsTheUsersMistakeAndToldHowToGoOn() {
    Cli.Result result = cli().run("model", "pull", MODEL, "--offline");
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .contains("dragoman model pull " + MODEL)
        .contains(REPOSITORY)
        .contains("models/" + MODEL + " of DRAGOMAN_HOME")
        .doesNotContain("\tat ");
  }

  @Test
  void aHubThatIsNotReachedFailsAndIsNamedWithWhatElseCanBeDone() {
    stop();
    Cli.Result result = cli().run("model", "pull", MODEL);
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err())
        .contains("hf:" + REPOSITORY + "@main: no connection to 127.0.0.1")
        .contains("models/" + MODEL + " of DRAGOMAN_HOME")
        .doesNotContain("\tat ");
  }

  private static String hex(String algorithm, byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }
}
