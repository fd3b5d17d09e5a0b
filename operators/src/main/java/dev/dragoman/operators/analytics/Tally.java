package dev.dragoman.operators.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of the documents of a group in a window. Adding up is free of order, so that the
 * same documents give the same tally however they came.
 *
 * <p>Of more than {@link #MOST_TERMS} terms those with the smallest hashes are kept: a sample of
 * the vocabulary with exact counts, and the same one in every order.
 */
final class Tally {
  static final int MOST_TERMS = 100_000;

  private static final Comparator<String> BY_HASH =
      Comparator.comparingLong(Tally::hash).thenComparing(Comparator.naturalOrder());

  private long documents;
  private long sentiments;
  private long sentimentSum;
  private final Map<String, Long> terms;

  private Tally(long documents, long sentiments, long sentimentSum, Map<String, Long> terms) {
    this.documents = documents;
    this.sentiments = sentiments;
    this.sentimentSum = sentimentSum;
    this.terms = terms;
  }

  /** Of no documents. */
  static Tally empty() {
    return new Tally(0, 0, 0, new HashMap<>());
  }

  /** Of one document that holds these terms. */
  static Tally ofDocument(@Nullable Double sentiment, Iterable<String> terms) {
    Map<String, Long> counts = new HashMap<>();
    terms.forEach(term -> counts.put(term, 1L));
    return new Tally(
        1, sentiment == null ? 0 : 1, sentiment == null ? 0 : Math.round(sentiment), counts);
  }

  /** As a coder read it. */
  static Tally of(long documents, long sentiments, long sentimentSum, Map<String, Long> terms) {
    return new Tally(documents, sentiments, sentimentSum, terms);
  }

  /** Adds another to this one. */
  Tally add(Tally other) {
    documents += other.documents;
    sentiments += other.sentiments;
    sentimentSum += other.sentimentSum;
    other.terms.forEach((term, count) -> terms.merge(term, count, Long::sum));
    if (terms.size() > 2 * MOST_TERMS) {
      sample();
    }
    return this;
  }

  private void sample() {
    List<String> all = new ArrayList<>(terms.keySet());
    all.sort(BY_HASH);
    terms.keySet().retainAll(new HashSet<>(all.subList(0, MOST_TERMS)));
  }

  private static long hash(String term) {
    long h = term.hashCode() * 0x9E3779B97F4A7C15L;
    h ^= h >>> 32;
    return h * 0xD6E8FEB86659FD93L;
  }

  /** The same with only the terms that are in most documents, this many. */
  Tally withMostFrequent(int most) {
    if (terms.size() <= most) {
      return this;
    }
    Map<String, Long> kept = new HashMap<>();
    terms.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    return new Tally(documents, sentiments, sentimentSum, kept);
  }

  /** The terms to count with: never more than {@link #MOST_TERMS}. */
  Map<String, Long> terms() {
    if (terms.size() > MOST_TERMS) {
      sample();
    }
    return terms;
  }

  long documents() {
    return documents;
  }

  /** How many of the documents have a sentiment. */
  long sentiments() {
    return sentiments;
  }

  /** The positive ones less the negative ones. */
  long sentimentSum() {
    return sentimentSum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tally t
        && documents == t.documents
        && sentiments == t.sentiments
        && sentimentSum == t.sentimentSum
        && terms().equals(t.terms());
  }

  @Override
  public int hashCode() {
    return Objects.hash(documents, sentiments, sentimentSum, terms());
  }

  @Override
  public String toString() {
    return "Tally[" + documents + " documents, " + terms.size() + " terms]";
  }
}
