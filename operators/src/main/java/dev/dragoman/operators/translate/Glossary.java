package dev.dragoman.operators.translate;

import dev.dragoman.models.Translator.Term;
import dev.dragoman.operators.config.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words a company wants translated its own way: a CSV file with a header of these columns, or
 * without one and in this order. A row starting with {@code #} is a remark.
 *
 * <table>
 *   <caption>Columns</caption>
 *   <tr><td>{@code source}</td><td>the term, or several spellings of it with {@code |} between</td></tr>
 *   <tr><td>{@code target}</td><td>its translation; empty: the term stays as it is</td></tr>
 *   <tr><td>{@code languages}</td><td>{@code nl-en}; empty: any</td></tr>
 *   <tr><td>{@code forms}</td><td>other forms the translation may take, with {@code |} between</td></tr>
 *   <tr><td>{@code case}</td><td>{@code exact}: only in this spelling; else capitals do not matter</td></tr>
 * </table>
 */
public final class Glossary {
  private static final List<String> COLUMNS =
      List.of("source", "target", "languages", "forms", "case");
  private static final Pattern PAIR = Pattern.compile("[a-z]{2,3}-[a-z]{2,3}");

  /** Nothing is prescribed. */
  public static final Glossary EMPTY = new Glossary(List.of());

  private final List<Entry> entries;

  private Glossary(List<Entry> entries) {
    this.entries = entries;
  }

  private record Entry(
      String source, Pattern pattern, String languages, List<String> forms, boolean exact) {}

  /**
   * A term in a sentence.
   *
   * @param start its first UTF-16 unit in the sentence
   * @param end after its last one
   * @param source as it stands there; empty if it does not
   * @param forms how its translation may be written, the wanted form first
   */
  public record Found(int start, int end, String source, List<String> forms, boolean exact) {
    /** What is asked of the model. */
    public Term term() {
      Optional<String> here = Optional.of(source).filter(word -> !word.isEmpty());
      if (exact) {
        return new Term(forms, here);
      }
      List<String> spelled = new ArrayList<>(forms);
      for (String form : forms) {
        String capital = capitalized(form);
        if (!spelled.contains(capital)) {
          spelled.add(capital);
        }
      }
      return new Term(List.copyOf(spelled), here);
    }

    /** The same for a sentence in which its source does not stand. */
    Found elsewhere() {
      return new Found(0, 0, "", forms, exact);
    }

    /** Whether a translation has it. */
    public boolean isIn(String translation) {
      return forms.stream().anyMatch(form -> word(form, exact).matcher(translation).find());
    }
  }

  /**
   * Reads a glossary.
   *
   * @throws ConfigException if the file cannot be read, or a row is not what it should be
   */
  public static Glossary read(Path file) {
    List<Entry> entries = new ArrayList<>();
    for (CsvFile.Row row : CsvFile.read(file, COLUMNS, "glossary")) {
      String source = row.value("source");
      String target = row.value("target");
      String languages = row.value("languages").toLowerCase(Locale.ROOT);
      String spelling = row.value("case").toLowerCase(Locale.ROOT);
      if (source.isEmpty()) {
        throw row.wrong("has no source term");
      }
      if (!languages.isEmpty() && !PAIR.matcher(languages).matches()) {
        throw row.wrong("has languages '" + languages + "'; write them like nl-en");
      }
      if (!spelling.isEmpty() && !spelling.equals("exact") && !spelling.equals("ignore")) {
        throw row.wrong("has case '" + spelling + "'; there are exact and ignore");
      }
      boolean exact = spelling.equals("exact");
      for (String each : split(source)) {
        List<String> forms = new ArrayList<>();
        forms.add(target.isEmpty() ? each : split(target).getFirst());
        split(target).stream().skip(1).forEach(forms::add);
        forms.addAll(split(row.value("forms")));
        entries.add(
            new Entry(
                each, word(each, exact), languages, forms.stream().distinct().toList(), exact));
      }
    }
    entries.sort(Comparator.comparingInt((Entry e) -> e.source.length()).reversed());
    return new Glossary(List.copyOf(entries));
  }

  /** The terms of a sentence in order; of two that overlap the longer one. */
  public List<Found> find(String sentence, String from, String to) {
    List<Found> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.languages.isEmpty() && !entry.languages.equals(from + "-" + to)) {
        continue;
      }
      Matcher matcher = entry.pattern.matcher(sentence);
      while (matcher.find()) {
        int start = matcher.start();
        int end = matcher.end();
        if (found.stream().noneMatch(other -> other.start < end && start < other.end)) {
          found.add(new Found(start, end, matcher.group(), entry.forms, entry.exact));
        }
      }
    }
    found.sort(Comparator.comparingInt(Found::start));
    return found;
  }

  private static List<String> split(String value) {
    return Pattern.compile("\\|")
        .splitAsStream(value)
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .toList();
  }

  private static Pattern word(String term, boolean exact) {
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])" + Pattern.quote(term) + "(?![\\p{L}\\p{N}])",
        exact ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static String capitalized(String text) {
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(Character.charCount(first));
  }
}
