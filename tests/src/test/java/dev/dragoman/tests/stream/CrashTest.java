package dev.dragoman.tests.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void everyTicketIsEverywhereOnceThoughWorkersBrokerAndMasterAreKilled() throws Exception {
    CrashRun.Result result =
        new CrashRun(
                folder,
                new CrashRun.Size(
                    4_000,
                    150,
                    0.3,
                    2,
                    4,
                    Duration.ofSeconds(2),
                    List.of(
                        Chaos.Victim.TASK_MANAGER,
                        Chaos.Victim.BROKER,
                        Chaos.Victim.JOB_MANAGER,
                        Chaos.Victim.NATIVE_WORKER),
                    false,
                    42))
            .run();
    assertThat(result.killed()).hasSize(4);
    assertThat(result.wrong()).allSatisfy((where, wrong) -> assertThat(wrong).as(where).isEmpty());
  }
}
