package dev.dragoman.operators.analytics;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of texts, and which of a window's words stand out. */
final class Terms {
  /** What is looked at of one document. */
  private static final int MOST_CHARACTERS = 50_000;

  private static final int LONGEST = 40;
  private static final int FEWEST_DOCUMENTS = 2;

  /** Chi-squared with one degree of freedom at p = 0.05. */
  private static final double SIGNIFICANT = 3.84;

  private static final Pattern MASK = Pattern.compile("\\[[A-Za-z]+(?::[0-9a-f]{16})?]");

  private Terms() {}

  /**
   * A term of a window.
   *
   * @param documents of the window that hold it
   * @param expected how many would, by its share of the trailing windows; NaN without any
   */
  record Term(String term, long documents, double expected) {}

  /**
   * The distinct words of a text, small letters: those with a letter, of at least two characters.
   */
  static Set<String> of(String text) {
    String words = MASK.matcher(text).replaceAll(" ");
    if (words.length() > MOST_CHARACTERS) {
      words = words.substring(0, MOST_CHARACTERS);
    }
    BreakIterator boundaries = BreakIterator.getWordInstance(Locale.ROOT);
    boundaries.setText(words);
    Set<String> terms = new LinkedHashSet<>();
    int start = boundaries.first();
    for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
      if (end - start >= 2
          && end - start <= LONGEST
          && words.substring(start, end).codePoints().anyMatch(Character::isLetter)) {
        terms.add(words.substring(start, end).toLowerCase(Locale.ROOT));
      }
      start = end;
    }
    return terms;
  }

  /**
   * The terms that stand out of a window: first those that are in more of its documents than the
   * trailing windows let expect, the most surprising (Dunning's log likelihood ratio) first; then
   * those that are in many but not in most of its documents.
   */
  static List<Term> top(Tally window, List<Tally> trailing, int most) {
    long trailingDocuments = trailing.stream().mapToLong(Tally::documents).sum();
    List<Ranked> ranked = new ArrayList<>();
    for (Map.Entry<String, Long> entry : window.terms().entrySet()) {
      long here = entry.getValue();
      if (here < FEWEST_DOCUMENTS) {
        continue;
      }
      long before = 0;
      for (Tally tally : trailing) {
        before += tally.terms().getOrDefault(entry.getKey(), 0L);
      }
      double expected =
          trailingDocuments == 0
              ? Double.NaN
              : (double) before / trailingDocuments * window.documents();
      double surprise =
          trailingDocuments == 0 || here <= expected
              ? 0
              : logLikelihoodRatio(here, window.documents(), before, trailingDocuments);
      double plain = here * Math.log((double) window.documents() / here);
      ranked.add(
          new Ranked(
              new Term(entry.getKey(), here, expected),
              surprise >= SIGNIFICANT ? surprise : 0,
              plain));
    }
    ranked.sort(
        Comparator.comparingDouble(Ranked::surprise)
            .thenComparingDouble(Ranked::plain)
            .reversed()
            .thenComparing(r -> r.term().term()));
    return ranked.stream().limit(most).map(Ranked::term).toList();
  }

  private record Ranked(Term term, double surprise, double plain) {}

  /** Dunning, "Accurate methods for the statistics of surprise and coincidence", 1993. */
  static double logLikelihoodRatio(long k1, long n1, long k2, long n2) {
    double together = (double) (k1 + k2) / (n1 + n2);
    return 2
        * (logLikelihood(k1, n1, (double) k1 / n1)
            + logLikelihood(k2, n2, (double) k2 / n2)
            - logLikelihood(k1, n1, together)
            - logLikelihood(k2, n2, together));
  }

  private static double logLikelihood(long k, long n, double p) {
    return (k == 0 ? 0 : k * Math.log(p)) + (k == n ? 0 : (n - k) * Math.log1p(-p));
  }
}
