package dev.dragoman.tests.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what comes at a speed that nobody knows. */
final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private Progress() {}

  /**
   * Waits until so many are there, as long as they become more.
   *
   * @throws IOException if none came for a long time
   */
  static void await(String what, LongSupplier count, long wanted)
      throws IOException, InterruptedException {
    long before = -1;
    long deadline = 0;
    while (count.getAsLong() < wanted) {
      if (count.getAsLong() > before) {
        before = count.getAsLong();
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: none came for %s, after %d of %d".formatted(what, PATIENCE, before, wanted));
      }
      Thread.sleep(50);
    }
    LOG.info("there: {}", what);
  }
}
