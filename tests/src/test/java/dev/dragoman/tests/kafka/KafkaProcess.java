package dev.dragoman.tests.kafka;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main class of a broker's process: Kafka's own, and an end when the starter ends. Its class
 * path holds Kafka's server, which is not on that of this module.
 */
final class KafkaProcess {
  private KafkaProcess() {}

  /**
   * Formats the broker's folder if it is new, and runs until it is killed.
   *
   * @param arguments the process to live as long as, the configuration, the folder of the log
   */
  public static void main(String[] arguments) throws Exception {
    ProcessHandle.of(Long.parseLong(arguments[0]))
        .ifPresentOrElse(
            starter -> starter.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
            () -> Runtime.getRuntime().halt(1));
    String configuration = arguments[1];
    if (!Files.exists(Path.of(arguments[2], "meta.properties"))) {
      String[] format = {
        "format", "--standalone", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", configuration
      };
      int code =
          (int)
              Class.forName("kafka.tools.StorageTool")
                  .getMethod("execute", String[].class, PrintStream.class)
                  .invoke(null, format, System.out);
      if (code != 0) {
        throw new IllegalStateException("the folder of the broker cannot be formatted: " + code);
      }
    }
    Class.forName("kafka.Kafka")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {configuration});
  }
}
