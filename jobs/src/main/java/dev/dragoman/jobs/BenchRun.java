package dev.dragoman.jobs;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What came of running a model over and over for some time.
 *
 * @param items texts that were run
 * @param allocated bytes that all threads together allocated meanwhile
 * @param milliseconds how long each call took
 */
record BenchRun(
    long items, BenchWork.Done done, double seconds, long allocated, double[] milliseconds) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Runs so many texts a call, at least two calls, until the time is over. */
  static BenchRun of(BenchWork work, int together, double seconds) throws InterruptedException {
    double[] times = new double[1024];
    int calls = 0;
    BenchWork.Done done = BenchWork.Done.NOTHING;
    long allocated = THREADS.getTotalThreadAllocatedBytes();
    long start = System.nanoTime();
    long now = start;
    while (calls < 2 || (now - start) / 1e9 < seconds) {
      done = done.plus(work.run(together));
      long end = System.nanoTime();
      if (calls == times.length) {
        times = Arrays.copyOf(times, 2 * calls);
      }
      times[calls++] = (end - now) / 1e6;
      now = end;
    }
    allocated = THREADS.getTotalThreadAllocatedBytes() - allocated;
    return new BenchRun(
        (long) calls * together, done, (now - start) / 1e9, allocated, Arrays.copyOf(times, calls));
  }
}
