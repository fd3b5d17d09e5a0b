package dev.dragoman.operators.translate;

import dev.dragoman.operators.config.ConfigException;
import java.io.StringReader;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Sentences that somebody has translated before: a TMX file, or CSV with the columns {@code source,
 * target, languages}. A sentence that differs from one of them only in blanks, or in numbers that
 * its translation has too, is exact; others are as alike as their letters: 1 less the edit distance
 * by the longer length.
 */
final class Memory {
  private static final List<String> COLUMNS = List.of("source", "target", "languages");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,:/-]\\d+)*");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0]+");

  /** Sentences that share fewer of their three-letter pieces are not compared. */
  private static final double LEAST_SHARED = 0.4;

  private static final int LONGEST_COMPARED = 2000;

  private final Map<String, Pair> exact = new HashMap<>();
  private final Map<String, Pair> byForm = new HashMap<>();
  private final Map<String, List<Pair>> byPiece = new HashMap<>();

  private Memory() {}

  private record Pair(String source, String target, String form, int pieces) {}

  /**
   * What the memory has.
   *
   * @param likeness 1 for the sentence itself
   */
  record Match(String target, double likeness) {}

  /** A memory of nothing. */
  static Memory empty() {
    return new Memory();
  }

  /**
   * Reads the pairs of a file that are for these languages.
   *
   * @throws ConfigException if it cannot be read
   */
  static Memory read(Path file, String from, String to) {
    Memory memory = new Memory();
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".tmx")) {
      memory.readTmx(file, from, to);
    } else {
      for (CsvFile.Row row : CsvFile.read(file, COLUMNS, "memory")) {
        String languages = row.value("languages").toLowerCase(Locale.ROOT);
        if (languages.isEmpty() || languages.equals(from + "-" + to)) {
          memory.add(row.value("source"), row.value("target"));
        }
      }
    }
    return memory;
  }

  private void add(String source, String target) {
    String clean = clean(source);
    if (clean.isEmpty() || target.isBlank()) {
      return;
    }
    String form = NUMBER.matcher(clean.toLowerCase(Locale.ROOT)).replaceAll("0");
    Set<String> pieces = pieces(form);
    Pair pair = new Pair(clean, clean(target), form, pieces.size());
    // The first of several translations counts, so that a file says what comes out.
    if (exact.putIfAbsent(clean, pair) == null) {
      byForm.putIfAbsent(form, pair);
      pieces.forEach(piece -> byPiece.computeIfAbsent(piece, _ -> new ArrayList<>()).add(pair));
    }
  }

  /** The translation of the sentence that is most alike, if it is at least so much alike. */
  Optional<Match> find(String sentence, double atLeast) {
    String clean = clean(sentence);
    Pair same = exact.get(clean);
    if (same != null) {
      return Optional.of(new Match(same.target, 1));
    }
    String form = NUMBER.matcher(clean.toLowerCase(Locale.ROOT)).replaceAll("0");
    Pair alike = byForm.get(form);
    if (alike != null) {
      Optional<String> target = withNumbers(alike, clean);
      if (target.isPresent()) {
        return Optional.of(new Match(target.get(), 1));
      }
    }
    return atLeast < 1 && form.length() <= LONGEST_COMPARED
        ? fuzzy(clean, form, atLeast)
        : Optional.empty();
  }

  private Optional<Match> fuzzy(String clean, String form, double atLeast) {
    Set<String> pieces = pieces(form);
    Map<Pair, Integer> shared = new HashMap<>();
    for (String piece : pieces) {
      byPiece.getOrDefault(piece, List.of()).forEach(pair -> shared.merge(pair, 1, Integer::sum));
    }
    Match best = null;
    Pair from = null;
    for (Map.Entry<Pair, Integer> entry : shared.entrySet()) {
      Pair pair = entry.getKey();
      if (entry.getValue() < LEAST_SHARED * Math.max(pieces.size(), pair.pieces)) {
        continue;
      }
      double likeness = likeness(form, pair.form);
      Optional<String> target = likeness >= atLeast ? withNumbers(pair, clean) : Optional.empty();
      boolean better =
          best == null
              || from == null
              || likeness > best.likeness
              || (likeness == best.likeness && pair.source.compareTo(from.source) < 0);
      if (target.isPresent() && better) {
        best = new Match(target.get(), likeness);
        from = pair;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The pair's translation with the numbers of this sentence; empty if it has others. */
  private static Optional<String> withNumbers(Pair pair, String sentence) {
    List<String> old = numbers(pair.source);
    List<String> fresh = numbers(sentence);
    if (old.equals(fresh)) {
      return Optional.of(pair.target);
    }
    List<String> translated = numbers(pair.target);
    boolean clear =
        old.size() == fresh.size()
            && new HashSet<>(old).size() == old.size()
            && translated.size() == old.size()
            && translated.containsAll(old);
    if (!clear) {
      return Optional.empty();
    }
    return Optional.of(
        NUMBER
            .matcher(pair.target)
            .replaceAll(
                number -> Matcher.quoteReplacement(fresh.get(old.indexOf(number.group())))));
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(r -> r.group()).toList();
  }

  static String clean(String text) {
    return BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll(" ").strip();
  }

  private static Set<String> pieces(String text) {
    Set<String> pieces = new HashSet<>();
    for (int i = 0; i + 3 <= text.length(); i++) {
      pieces.add(text.substring(i, i + 3));
    }
    return pieces;
  }

  /** 1 less the Levenshtein distance by the longer length. */
  static double likeness(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    int longest = Math.max(a.length(), b.length());
    return longest == 0 ? 1 : 1 - (double) row[b.length()] / longest;
  }

  private void readTmx(Path file, String from, String to) {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader xml =
          factory.createXMLStreamReader(new StringReader(CsvFile.text(file, "memory")));
      String source = "";
      String target = "";
      String language = "";
      StringBuilder segment = new StringBuilder();
      boolean inSegment = false;
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            switch (xml.getLocalName()) {
              case "tu" -> {
                source = "";
                target = "";
              }
              case "tuv" -> language = language(xml);
              case "seg" -> {
                segment.setLength(0);
                inSegment = true;
              }
              default -> {}
            }
          }
          case XMLStreamConstants.CHARACTERS -> {
            if (inSegment) {
              segment.append(xml.getText());
            }
          }
          case XMLStreamConstants.END_ELEMENT -> {
            switch (xml.getLocalName()) {
              case "seg" -> {
                inSegment = false;
                if (language.equals(from)) {
                  source = segment.toString();
                } else if (language.equals(to)) {
                  target = segment.toString();
                }
              }
              case "tu" -> add(source, target);
              default -> {}
            }
          }
          default -> {}
        }
      }
    } catch (XMLStreamException e) {
      throw new ConfigException("memory", "memory: " + file + " is not TMX: " + e.getMessage());
    }
  }

  private static String language(XMLStreamReader xml) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals("lang")) {
        return xml.getAttributeValue(i).toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
      }
    }
    return "";
  }
}
