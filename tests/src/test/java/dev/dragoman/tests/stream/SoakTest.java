package dev.dragoman.tests.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SoakTest {
  private static final int SECONDS = 300;

  @TempDir private Path folder;

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void fiveMinutesOfLoadTakeNoMoreOfTheMachineAndTheFiguresAndLogsTellOfIt() throws Exception {
    try (LoadRun run = new LoadRun(folder, "light", 1)) {
      LoadRun.Soak soak = run.soak(0.7 * run.capacity(4_000), SECONDS);

      soak.processes()
          .forEach((name, change) -> {
            LoadRun.Taken first = change.first();
            LoadRun.Taken last = change.last();
            assertThat(last.liveMb())
                .as("objects of %s: %s", name, change)
                .isLessThan(1.1 * first.liveMb() + 16);
            assertThat(last.residentMb())
                .as("memory of %s: %s", name, change)
                .isLessThan(1.2 * first.residentMb() + 64);
            assertThat(last.threads())
                .as("threads of %s: %s", name, change)
                .isLessThan(first.threads() + 10);
            assertThat(last.files())
                .as("open files of %s: %s", name, change)
                .isLessThan(first.files() + 20);
          });
      assertThat(soak.processes()).hasSize(3);
      assertThat(soak.checkpoints()).hasSizeGreaterThan(SECONDS / 10);
      assertThat(soak.checkpoint(0.5)).as(soak.toString()).isLessThan(1_000);

      run.world().awaitCheckpoint();
      List<String> metrics = run.world().metrics();
      double seen = run.seen();
      assertThat(sum(metrics, "dragoman_documents_in_total", "step=\"MaskPii\"")).isEqualTo(seen);
      assertThat(sum(metrics, "dragoman_documents_out_total", "step=\"MaskPii\"")).isEqualTo(seen);
      assertThat(sum(metrics, "dragoman_latency_seconds_count", "step=\"WriteKafka\""))
          .isEqualTo(seen);
      assertThat(sum(metrics, "dragoman_lag_records", "topic=\"tickets\"")).isZero();
      assertThat(sum(metrics, "flink_jobmanager_job_numberOfCompletedCheckpoints", ""))
          .isGreaterThan(SECONDS / 10);
      ObjectMapper json = new ObjectMapper();
      for (String line : run.world().logs()) {
        if (line.startsWith("{")) {
          JsonNode event = json.readTree(line);
          assertThat(event.path("time").asText()).as(line).isNotEmpty();
          assertThat(event.path("level").asText()).as(line).isNotEmpty();
          assertThat(event.path("message").isTextual()).as(line).isTrue();
        }
        assertThat(line).doesNotContain(run.contents());
      }
    }
  }

  /** The values of all series of a metric that have a label. */
  private static double sum(List<String> metrics, String name, String label) {
    List<String> series =
        metrics.stream()
            .filter(line -> line.startsWith(name + "{") && line.contains(label))
            .toList();
    assertThat(series).as("%s with %s", name, label).isNotEmpty();
    return series.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
