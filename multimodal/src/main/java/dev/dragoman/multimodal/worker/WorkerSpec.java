package dev.dragoman.multimodal.worker;

import java.time.Duration;
import java.util.List;

/**
 * What kind of worker processes a pool keeps. Equal specs share one pool in {@link
 * WorkerPool#shared}.
 *
 * @param service runs inside each process; a public class with a public constructor without
 *     arguments
 * @param size most processes at a time; further callers wait
 * @param maxHeapMb Java heap of a process in MiB; a request that needs more fails with {@code
 *     OUT_OF_MEMORY}
 * @param timeLimit for one request; after it the process is killed and the request fails with
 *     {@code TIMEOUT}
 * @param maxRequests a process that has answered so many is replaced
 * @param maxResidentMb a process whose resident memory is larger (MiB) is replaced between two
 *     requests; one that grows to twice as much within a request is killed and the request fails
 *     with {@code OUT_OF_MEMORY}; seen only where {@code /proc} is
 * @param jvmArgs further arguments of the worker's JVM, such as {@code -Djna.library.path=...}
 */
public record WorkerSpec(
    Class<? extends WorkerService> service,
    int size,
    int maxHeapMb,
    Duration timeLimit,
    int maxRequests,
    long maxResidentMb,
    List<String> jvmArgs) {

  /** Checks the limits and copies the arguments. */
  public WorkerSpec {
    jvmArgs = List.copyOf(jvmArgs);
    atLeastOne("size", size);
    atLeastOne("maxHeapMb", maxHeapMb);
    atLeastOne("timeLimit (ms)", timeLimit.toMillis());
    atLeastOne("maxRequests", maxRequests);
    atLeastOne("maxResidentMb", maxResidentMb);
  }

  /**
   * A pool with a process for each core (four at most), 512 MiB of heap, 60 seconds a request,
   * 1,000 requests a process.
   */
  public static WorkerSpec of(Class<? extends WorkerService> service) {
    int size = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    return new WorkerSpec(service, size, 512, Duration.ofSeconds(60), 1000, 1536, List.of());
  }

  /** The same with another time limit for a request. */
  public WorkerSpec withTimeLimit(Duration limit) {
    return new WorkerSpec(service, size, maxHeapMb, limit, maxRequests, maxResidentMb, jvmArgs);
  }

  /** The same with another Java heap, and as much memory beside it as before. */
  public WorkerSpec withMaxHeapMb(int heapMb) {
    return new WorkerSpec(
        service, size, heapMb, timeLimit, maxRequests, maxResidentMb - maxHeapMb + heapMb, jvmArgs);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, not " + value);
    }
  }
}
