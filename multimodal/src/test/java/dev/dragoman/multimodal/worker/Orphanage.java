package dev.dragoman.multimodal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;

/**
 * A parent process with a worker that hangs: {@link WorkerPoolTest} kills the parent and looks
 * after the worker.
 */
final class Orphanage {
  private Orphanage() {}

  /** The first argument is where the worker leaves its process id. */
  public static void main(String[] arguments) throws WorkerException {
    WorkerSpec spec =
        new WorkerSpec(Misbehaving.class, 1, 64, Duration.ofMinutes(10), 10, 1024, List.of());
    try (WorkerPool pool = WorkerPool.open(spec)) {
      pool.call(("hang " + arguments[0]).getBytes(UTF_8));
    }
  }
}
