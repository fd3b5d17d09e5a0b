package dev.dragoman.jobs.log;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON object a line: {@code time}, {@code level}, {@code logger}, {@code message}, {@code
 * thread}, {@code error} with the stack trace, and every {@code key=value} of the message, such as
 * {@code document_id} and {@code code}, as a field of its own.
 */
final class JsonLines extends Formatter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PAIR = Pattern.compile("\\b([a-z_]+)=([^\\s,;]+)");

  @Override
  public String format(LogRecord record) {
    ObjectNode line = JSON.createObjectNode();
    String message = formatMessage(record);
    line.put("time", record.getInstant().toString());
    line.put("level", record.getLevel().getName().toLowerCase(Locale.ROOT));
    line.put("logger", record.getLoggerName());
    line.put("message", message);
    line.put("thread", record.getLongThreadID());
    Matcher pair = PAIR.matcher(message);
    while (pair.find()) {
      if (!line.has(pair.group(1))) {
        line.put(pair.group(1), pair.group(2));
      }
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.put("error", trace.toString());
    }
    return line + "\n";
  }
}
