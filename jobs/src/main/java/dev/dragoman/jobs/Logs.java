package dev.dragoman.jobs;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Where log lines go: standard error, one line each, quiet unless something needs attention. */
final class Logs {
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

  private static volatile boolean debug;

  private Logs() {}

  static void configure(boolean debugging) {
    debug = debugging;
    // It would take log4j's interfaces, which come with others, for a log that somebody reads.
    System.setProperty(
        "org.apache.commons.logging.LogFactory", "org.apache.commons.logging.impl.Slf4jLogFactory");
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new OneLine());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(debugging ? Level.INFO : Level.WARNING);
    HELD.forEach(logger -> logger.setLevel(debugging ? Level.INFO : Level.SEVERE));
  }

  static boolean debug() {
    return debug;
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      String name = record.getLoggerName() == null ? "" : record.getLoggerName();
      StringBuilder line =
          new StringBuilder(record.getLevel().getName().toLowerCase(java.util.Locale.ROOT))
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
