package dev.dragoman.tests.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PoisonTest {
  @TempDir private Path folder;

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void brokenMessagesAreDeadLettersWithReasonAndBytesAndTheOthersComeThrough() throws Exception {
    PoisonRun.Result result = new PoisonRun(folder, 100 * Poison.kinds(), 1).run();
    assertThat(result.wrong()).isEmpty();
    assertThat(result.codes()).containsOnlyKeys("BAD_ROW", "EMPTY");
  }
}
