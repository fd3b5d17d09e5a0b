package dev.dragoman.jobs.log;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Where log lines go: standard error, one line each, quiet unless something needs attention. With
 * {@code DRAGOMAN_LOG=json} in the environment each is a JSON object.
 */
public final class Logs {
  /** Libraries that warn about what users cannot change. */
  private static final List<String> CHATTY =
      List.of(
          "org.apache.flink",
          "org.apache.beam",
          "org.apache.pekko",
          "org.apache.hadoop",
          "org.apache.parquet",
          "org.apache.lucene",
          "org.apache.kafka",
          "akka",
          "io.netty");

  /** Loggers keep their level only as long as somebody holds them. */
  private static final List<Logger> HELD = CHATTY.stream().map(Logger::getLogger).toList();

  /** Say at every checkpoint what no one asks: twice a second in a stream that is to be fast. */
  private static final List<Logger> AT_EVERY_CHECKPOINT =
      Stream.of(
              "org.apache.beam.runners.flink.translation.wrappers.streaming.io.source",
              "org.apache.flink.api.java.typeutils.runtime.kryo",
              "org.apache.flink.runtime.checkpoint.CheckpointCoordinator",
              "org.apache.flink.runtime.source.coordinator")
          .map(Logger::getLogger)
          .toList();

  /** Says once that the runner does not count what steps with stable input count. */
  private static final Logger UNCOUNTED =
      Logger.getLogger("org.apache.beam.sdk.metrics.MetricsEnvironment");

  private static volatile boolean debug;

  private Logs() {}

  /** For a command: its own voice is heard, and warnings. */
  public static void configure(boolean debugging) {
    debug = debugging;
    configure(debugging ? Level.INFO : Level.WARNING, debugging ? Level.INFO : Level.SEVERE, false);
  }

  /** For a process of a cluster, whose log nobody watches as it is written. */
  public static void configureProcess() {
    debug = true;
    configure(Level.INFO, Level.INFO, true);
  }

  private static void configure(Level ours, Level libraries, boolean withTime) {
    // It would take log4j's interfaces, which come with others, for a log that somebody reads.
    System.setProperty(
        "org.apache.commons.logging.LogFactory", "org.apache.commons.logging.impl.Slf4jLogFactory");
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(
        "json".equals(System.getenv("DRAGOMAN_LOG")) ? new JsonLines() : new OneLine(withTime));
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(ours);
    HELD.forEach(logger -> logger.setLevel(libraries));
    AT_EVERY_CHECKPOINT.forEach(logger -> logger.setLevel(Level.WARNING));
    UNCOUNTED.setLevel(Level.OFF);
  }

  /** Whether stack traces are shown. */
  public static boolean debug() {
    return debug;
  }

  private static final class OneLine extends Formatter {
    private final boolean withTime;

    OneLine(boolean withTime) {
      this.withTime = withTime;
    }

    @Override
    public String format(LogRecord record) {
      String name = record.getLoggerName() == null ? "" : record.getLoggerName();
      StringBuilder line =
          new StringBuilder(withTime ? record.getInstant() + " " : "")
              .append(record.getLevel().getName().toLowerCase(java.util.Locale.ROOT))
              .append(' ')
              .append(name.substring(name.lastIndexOf('.') + 1))
              .append(": ")
              .append(formatMessage(record))
              .append('\n');
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        if (debug) {
          java.io.StringWriter trace = new java.io.StringWriter();
          thrown.printStackTrace(new java.io.PrintWriter(trace));
          line.append(trace);
        } else {
          line.append("  ").append(thrown).append('\n');
        }
      }
      return line.toString();
    }
  }
}
