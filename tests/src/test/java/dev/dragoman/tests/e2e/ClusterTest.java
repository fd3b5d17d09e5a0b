package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.dragoman.jobs.cluster.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --runner HOST:PORT}, on a cluster that was started with the libraries of this house. */
@Timeout(600)
class ClusterTest {
  private static final String RECIPE =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["%s"]}}
        transforms:
          - {type: ExtractText}
          - {type: DetectLanguage}
          - {type: MaskPii}
        sink: {type: WriteEnriched, config: {path: "%s"}}
      """;

  @TempDir private static Path folder;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster =
        LocalCluster.start(
            LocalCluster.Settings.in(folder.resolve("flink"), LocalCluster.ownClassPath())
                .with(
                    Map.of("DRAGOMAN_HOME", Cli.modelHome().toString()),
                    Map.of(
                        "slot.request.timeout", "8000", "metrics.fetcher.update-interval", "500")),
            2);
  }

  @AfterAll
  static void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String recipe(String name, Path in) throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"), RECIPE.formatted(in, folder.resolve(name)))
        .toString();
  }

  private static Path letters(int count) throws IOException {
    Path letters = Files.createDirectories(folder.resolve("letters-" + count));
    for (int i = 0; i < count; i++) {
      Files.writeString(
          letters.resolve("letter-" + i + ".txt"),
          "Dear Sir, parcel " + i + " has not arrived. Write to me at jan" + i + "@example.org.");
    }
    return letters;
  }

  private static String message(Cli.Result result) {
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    return result.err().lines().filter(line -> line.startsWith("dragoman: ")).toList().getLast();
  }

  @Test
  void aRecipeRunsThereAndTellsHowFarItIs() throws IOException {
    Cli.Result result =
        Cli.dragoman()
            .jvm("-Ddragoman.terminal=true")
            .run("run", recipe("recipe", letters(40)), "--runner", cluster.address());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("40 documents enriched, 0 rejected");
    assertThat(result.err())
        .contains("starting ...")
        .contains("\r")
        .contains("of 40 documents done");
    assertThat(
            SampleRun.rows(
                folder.resolve("recipe"),
                "SELECT count(*) FROM documents WHERE language = 'en' AND masked_text IS NOT NULL"))
        .hasToString("[[40]]");
  }

  @Test
  void aJobThatFailsThereSaysWhyAndWhatToDo() throws IOException {
    Cli.Result result =
        Cli.dragoman()
            .run(
                "run",
                recipe("greedy", letters(3)),
                "--runner",
                cluster.address(),
                "--parallelism",
                "7");
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(message(result)).contains("not enough free task slots", "--parallelism");
    assertThat(result.err()).contains("the job waits for task slots: it wants 7");
    assertThat(folder.resolve("greedy/run.json")).doesNotExist();
  }

  @Test
  void anInterruptedCommandStopsItsJobOnTheCluster() throws Exception {
    Path err = folder.resolve("interrupted.err");
    Process command =
        Cli.dragoman()
            .interruptible()
            .start(
                folder.resolve("interrupted.out"),
                err,
                "run",
                recipe("interrupted", letters(4000)),
                "--runner",
                cluster.address());
    String mine = "";
    while (command.isAlive() && mine.isEmpty()) {
      Thread.sleep(100);
      for (JsonNode job : cluster.get("/jobs/overview").path("jobs")) {
        mine = job.path("state").asText().equals("RUNNING") ? job.path("jid").asText() : mine;
      }
    }
    assertThat(mine).as(Files.readString(err)).isNotEmpty();
    new ProcessBuilder("kill", "-INT", Long.toString(command.pid())).start().waitFor();
    assertThat(command.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(command.exitValue()).isEqualTo(130);
    assertThat(Files.readString(err)).contains("--resume").doesNotContain("\tat ");
    assertThat(cluster.get("/jobs/" + mine).path("state").asText()).isEqualTo("CANCELED");
    assertThat(folder.resolve("interrupted/documents")).doesNotExist();
  }

  @Test
  void whatIsNoClusterIsToldFromOneThatIsNotThere() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>hello</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    String address = "127.0.0.1:" + other.getAddress().getPort();
    Cli.Result wrong = Cli.dragoman().run("run", recipe("wrong", letters(3)), "--runner", address);
    other.stop(0);
    assertThat(wrong.code()).as(wrong.err()).isEqualTo(2);
    assertThat(message(wrong)).contains("is not the REST endpoint of a Flink cluster");

    Cli.Result nobody =
        Cli.dragoman().run("run", recipe("nobody", letters(3)), "--runner", address);
    assertThat(nobody.code()).as(nobody.err()).isEqualTo(1);
    assertThat(message(nobody)).contains("no Flink cluster answers at " + address, "--runner");
    assertThat(folder.resolve("nobody")).doesNotExist();
  }
}
