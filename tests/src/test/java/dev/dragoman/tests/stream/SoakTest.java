package dev.dragoman.tests.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SoakTest {
  private static final int SECONDS = Integer.getInteger("dragoman.soak.seconds", 300);

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
      assertThat(soak.checkpoints()).hasSizeGreaterThan(SECONDS / 20);
      // A bound for machines that are busy with other tests; docs/operations.md has a quiet one's.
      assertThat(soak.checkpoint(0.5)).as(soak.toString()).isLessThan(5_000);

      tells(run, "dragoman_documents_in_total", "MaskPii");
      tells(run, "dragoman_documents_out_total", "MaskPii");
      tells(run, "dragoman_latency_seconds_count", "WriteKafka");
      tells(run, "dragoman_written_total", "WriteKafka");
      assertThat(run.world().metric("dragoman_lag_records", "topic=\"tickets\"")).isZero();
      assertThat(run.world().metric("flink_jobmanager_job_numberOfCompletedCheckpoints"))
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

  /** Prometheus is told of every ticket that came out. */
  private static void tells(LoadRun run, String metric, String step) throws Exception {
    LongSupplier told = () -> run.world().metric(metric, "step=\"" + step + "\"");
    Progress.await(metric, told, run.seen());
    assertThat(told.getAsLong()).as(metric + " of " + step).isEqualTo(run.seen());
  }
}
