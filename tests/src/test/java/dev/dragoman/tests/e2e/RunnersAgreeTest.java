package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.jobs.cluster.LocalCluster;
import dev.dragoman.tests.cluster.Clusters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same rows from the embedded Flink, from Beam's direct runner, and from a cluster of processes
 * that were started with Flink alone and are given everything else with the job.
 */
@Timeout(1200)
class RunnersAgreeTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void runEverywhere() throws IOException {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    for (String sample :
        List.of(
            "mail/klacht-lekkage.eml",
            "documents/kettle-manual.pdf",
            "scans/letter-claim-skewed.png",
            "broken/truncated.pdf",
            "broken/empty.txt")) {
      Path file = Cli.repository().resolve("samples").resolve(sample);
      Files.copy(file, inbox.resolve(file.getFileName().toString()));
    }
    try (Stream<String> tickets =
        Files.lines(Cli.repository().resolve("samples/tickets/tickets.jsonl"))) {
      Files.write(inbox.resolve("tickets.jsonl"), tickets.limit(6).toList());
    }
    enrich("embedded", "embedded");
    enrich("direct", "direct");
    try (LocalCluster cluster =
        LocalCluster.start(
            LocalCluster.Settings.in(folder.resolve("flink"), Clusters.flinkAlone())
                .with(Map.of("DRAGOMAN_HOME", Cli.modelHome().toString()), Map.of()),
            2)) {
      enrich("cluster", cluster.address());
      assertThat(cluster.get("/jobs/overview").path("jobs"))
          .singleElement()
          .satisfies(job -> assertThat(job.path("state").asText()).isEqualTo("FINISHED"));
      assertThat(Clusters.workedFor(cluster)).as("TaskManagers that had work").isEqualTo(2);
    }
  }

  private static void enrich(String name, String runner) {
    Cli.Result result =
        Cli.dragoman()
            .run(
                "enrich",
                folder.resolve("inbox").toString(),
                "--out",
                folder.resolve(name).toString(),
                "--runner",
                runner,
                "--parallelism",
                "2");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  @ParameterizedTest(name = "{0}, at least {2} rows")
  @CsvSource({
    "documents, document_id, 11",
    "chunks, chunk_id, 12",
    "annotations, annotation_id, 90",
    "rejected, 'document_id, operator', 2"
  })
  void everyRowOfATableIsTheSame(String table, String key, int atLeast) {
    List<List<JsonNode>> embedded = rows("embedded", table, key);
    assertThat(embedded).hasSizeGreaterThanOrEqualTo(atLeast);
    for (String other : List.of("direct", "cluster")) {
      List<List<JsonNode>> rows = rows(other, table, key);
      assertThat(rows).as(other).hasSameSizeAs(embedded);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i)).as("%s, row %d of %s", other, i, table).isEqualTo(embedded.get(i));
      }
    }
  }

  @Test
  void whatWasComparedHoldsScansDuplicatesPersonalDataAndContainers() {
    assertThat(
            SampleRun.rows(
                    folder.resolve("embedded"),
                    "SELECT DISTINCT kind FROM annotations WHERE kind IN"
                        + " ('word', 'duplicate_of', 'email', 'sentence')")
                .size())
        .isEqualTo(4);
    assertThat(
            SampleRun.rows(
                folder.resolve("embedded"),
                "SELECT document_id FROM documents WHERE source_uri LIKE '%.eml!%'"))
        .isNotEmpty();
  }

  @Test
  void theAccountsAreTheSame() throws IOException {
    JsonNode embedded = account("embedded");
    assertThat(embedded.path("rejected").asLong()).isEqualTo(2);
    for (String other : List.of("direct", "cluster")) {
      JsonNode account = account(other);
      for (String count : List.of("documents_in", "documents_out", "rejected", "recipe")) {
        assertThat(account.path(count))
            .as("%s of %s", count, other)
            .isEqualTo(embedded.path(count));
      }
      for (int i = 0; i < embedded.path("operators").size(); i++) {
        for (String count :
            List.of("name", "documents_in", "documents_out", "rejections", "tokens")) {
          assertThat(account.path("operators").path(i).path(count))
              .as("%s of %s", count, other)
              .isEqualTo(embedded.path("operators").path(i).path(count));
        }
      }
    }
  }

  private static JsonNode account(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run).resolve("run.json").toFile());
  }

  private static List<List<JsonNode>> rows(String run, String table, String key) {
    return SampleRun.rows(folder.resolve(run), "SELECT * FROM " + table + " ORDER BY " + key);
  }
}
