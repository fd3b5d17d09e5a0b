package dev.dragoman.operators.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sentences of {@code pii.tsv} and {@code pii-heldout.tsv}: a language, and a text with
 * findings as {{kind:words}}.
 */
record LabelledSentences(String language, String text, List<Mark> marks) {
  private static final Pattern MARK = Pattern.compile("\\{\\{(\\w+):(.*?)}}");

  record Mark(PiiKind kind, int start, int end) {}

  static List<LabelledSentences> in(String resource) {
    try (InputStream in =
        Objects.requireNonNull(LabelledSentences.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), UTF_8).lines().map(LabelledSentences::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabelledSentences parse(String line) {
    int tab = line.indexOf('\t');
    String marked = line.substring(tab + 1);
    StringBuilder text = new StringBuilder();
    List<Mark> marks = new ArrayList<>();
    Matcher matcher = MARK.matcher(marked);
    int copied = 0;
    while (matcher.find()) {
      text.append(marked, copied, matcher.start());
      int start = text.length();
      text.append(matcher.group(2));
      marks.add(
          new Mark(
              PiiKind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), start, text.length()));
      copied = matcher.end();
    }
    text.append(marked, copied, marked.length());
    return new LabelledSentences(line.substring(0, tab), text.toString(), marks);
  }
}
