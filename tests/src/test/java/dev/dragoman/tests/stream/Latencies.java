package dev.dragoman.tests.stream;

import java.util.Arrays;
import java.util.Locale;

/** Times of many events, in milliseconds. May be told by several threads. */
final class Latencies {
  private long[] times = new long[1 << 12];
  private int count;

  synchronized void add(long millis) {
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
    }
    times[count++] = millis;
  }

  synchronized int count() {
    return count;
  }

  synchronized void clear() {
    count = 0;
  }

  /** The time that this share of all took at most. */
  synchronized long quantile(double share) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[(int) Math.min(count - 1L, Math.round(share * count))];
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d events: p50 %d ms, p90 %d ms, p99 %d ms, longest %d ms",
        count(),
        quantile(0.5),
        quantile(0.9),
        quantile(0.99),
        quantile(1));
  }
}
