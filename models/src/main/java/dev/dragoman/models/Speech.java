package dev.dragoman.models;

import java.util.List;

/**
 * What was said in a sound.
 *
 * @param language as the model writes it, mostly ISO 639-1
 * @param languageProbability how sure the model is of the language; 1 if it was told or knows but
 *     one
 * @param seconds the length of the sound
 * @param segments in the order of the sound
 */
public record Speech(
    String language, double languageProbability, double seconds, List<Segment> segments) {
  /** Copies the list. */
  public Speech {
    segments = List.copyOf(segments);
  }

  /** All of it. */
  public String text() {
    return String.join("", segments.stream().map(Segment::raw).toList()).strip();
  }

  /**
   * Some words that the model gave times to together, mostly a sentence.
   *
   * @param start in seconds from the start of the sound
   * @param end in seconds from the start of the sound
   * @param raw the text, with the blank that most languages have before it
   * @param logProbability the mean of what the model gave the tokens of its window
   * @param noSpeech how likely the model thinks that nothing is said in its window
   * @param temperature at which its window was decoded; 0 if the likeliest tokens were taken
   * @param compressionRatio of the text of its window: high if it repeats itself
   * @param words with their times, if they were asked for
   */
  public record Segment(
      double start,
      double end,
      String raw,
      double logProbability,
      double noSpeech,
      double temperature,
      double compressionRatio,
      List<Word> words) {
    /** Copies the list. */
    public Segment {
      words = List.copyOf(words);
    }

    /** The same so many seconds later. */
    public Segment later(double seconds) {
      return new Segment(
          start + seconds,
          end + seconds,
          raw,
          logProbability,
          noSpeech,
          temperature,
          compressionRatio,
          words.stream().map(word -> word.later(seconds)).toList());
    }

    /** What was said. */
    public String text() {
      return raw.strip();
    }

    /** From 0 to 1: the geometric mean of the probabilities of its window's tokens. */
    public double confidence() {
      return Math.exp(Math.min(0, logProbability));
    }
  }

  /**
   * A word.
   *
   * @param start in seconds from the start of the sound
   * @param end in seconds from the start of the sound
   * @param raw the word with the punctuation at it, and the blank that most languages have before
   *     it
   * @param probability the mean of its tokens'
   */
  public record Word(double start, double end, String raw, double probability) {
    /** The same so many seconds later. */
    public Word later(double seconds) {
      return new Word(start + seconds, end + seconds, raw, probability);
    }

    /** The word with the punctuation at it. */
    public String text() {
      return raw.strip();
    }
  }
}
