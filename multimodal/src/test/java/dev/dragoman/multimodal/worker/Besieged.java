package dev.dragoman.multimodal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool whose processes are killed at once while they come into being: as the JDK's helper, as the
 * shell that sets the limits, or as a JVM that is not ready. Each request loses one process; none
 * may fail.
 */
final class Besieged {
  private Besieged() {}

  /** The first argument is the number of requests. */
  public static void main(String[] arguments) throws WorkerException {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicInteger killed = new AtomicInteger();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            if (armed.get()) {
              ProcessHandle.current()
                  .children()
                  .filter(ProcessHandle::isAlive)
                  .findAny()
                  .filter(_ -> armed.compareAndSet(true, false))
                  .ifPresent(child -> {
                    if (child.destroyForcibly()) {
                      killed.incrementAndGet();
                    }
                  });
            }
          }
        });
    WorkerSpec spec =
        new WorkerSpec(Misbehaving.class, 1, 64, Duration.ofMinutes(1), 1, 1024, List.of());
    try (WorkerPool pool = WorkerPool.open(spec)) {
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        armed.set(true);
        String answer = new String(pool.call(("echo " + i).getBytes(UTF_8)), UTF_8);
        armed.set(false);
        if (!answer.equals("" + i)) {
          throw new IllegalStateException(i + " was answered with " + answer);
        }
      }
    }
    System.out.println("killed " + killed);
  }
}
