package dev.dragoman.jobs.cluster;

import dev.dragoman.jobs.log.Logs;
import java.util.Arrays;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** The main class of a cluster's processes: Flink's own, and perhaps an end with the starter's. */
final class FlinkProcess {
  /** Stands for: live on when the starter ends. */
  static final long NOBODY = 0;

  private FlinkProcess() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments {@code jobmanager} or {@code taskmanager}, the process to live as long as or
   *     {@link #NOBODY}, and what Flink's own main class takes
   */
  public static void main(String[] arguments) throws Exception {
    Logs.configureProcess();
    endWith(Long.parseLong(arguments[1]));
    String[] rest = Arrays.copyOfRange(arguments, 2, arguments.length);
    switch (arguments[0]) {
      case "jobmanager" -> StandaloneSessionClusterEntrypoint.main(rest);
      case "taskmanager" -> TaskManagerRunner.main(rest);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void endWith(long starter) {
    if (starter == NOBODY) {
      return;
    }
    ProcessHandle.of(starter)
        .ifPresentOrElse(
            process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
            () -> Runtime.getRuntime().halt(1));
  }
}
