package dev.dragoman.models.speech;

import dev.dragoman.models.Speech;
import dev.dragoman.models.architecture.CrossScores;
import dev.dragoman.models.architecture.CrossScores.Head;
import dev.dragoman.models.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds when each word of a window is said, as the reference implementation does: the text is run
 * through the decoder again, and of where some heads look at it the cheapest way is found by
 * dynamic time warping.
 */
final class WordTimes {
  private static final String PREPENDED = "\"'“¿([{-";
  private static final String APPENDED = "\"'.。,，!！?？:：”)]}、";
  private static final String SENTENCE_ENDS = ".。!！?？";
  private static final double LONGEST_MEDIAN = 0.7;
  private static final double NEAR = 0.5;

  private final Kernels kernels;
  private final CrossScores cross;
  private final SpeechTokens tokens;
  private final List<Head> heads;

  WordTimes(Ear ear, SpeechTokens tokens, List<Head> heads) {
    this.kernels = ear.model.kernels();
    this.cross = ear.crossScores();
    this.tokens = tokens;
    this.heads = heads;
  }

  /** A word on its way to its times. */
  private static final class Timed {
    String text;
    int tokens;
    double start;
    double end;
    final double probability;

    Timed(String text, int tokens, double start, double end, double probability) {
      this.text = text;
      this.tokens = tokens;
      this.start = start;
      this.end = end;
      this.probability = probability;
    }

    double length() {
      return end - start;
    }
  }

  /**
   * A segment with its words.
   *
   * @param start that of its first word, mostly
   * @param end that of its last word, mostly
   */
  record Worded(double start, double end, List<Speech.Word> words) {}

  /**
   * The words of a window's segments.
   *
   * @param spoken when the last word before the window ended
   */
  List<Worded> of(
      List<Segments.Segment> segments,
      Ear.Heard heard,
      int[] opening,
      String language,
      double spoken) {
    int[][] texts = new int[segments.size()][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = Arrays.stream(segments.get(i).tokens()).filter(tokens::isText).toArray();
    }
    int[] text = Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray();
    List<Timed> all = align(text, heard, opening, language);
    double[] lengths =
        all.stream().mapToDouble(Timed::length).filter(n -> n != 0).sorted().toArray();
    double median = Math.min(LONGEST_MEDIAN, median(lengths));
    double longest = 2 * median;
    if (lengths.length > 0) {
      shorten(all, longest);
    }
    mergePunctuation(all);
    List<Worded> worded = new ArrayList<>();
    double last = spoken;
    int next = 0;
    for (int i = 0; i < texts.length; i++) {
      List<Timed> own = new ArrayList<>();
      for (int seen = 0; next < all.size() && seen < texts[i].length; next++) {
        Timed word = all.get(next);
        if (!word.text.isEmpty()) {
          own.add(
              new Timed(
                  word.text,
                  word.tokens,
                  hundredths(heard.seconds() + word.start),
                  hundredths(heard.seconds() + word.end),
                  word.probability));
        }
        seen += word.tokens;
      }
      Segments.Segment segment = segments.get(i);
      Worded result = fit(segment.start(), segment.end(), own, median, longest, last);
      worded.add(result);
      last = own.isEmpty() ? last : result.end;
    }
    return worded;
  }

  private static double hundredths(double seconds) {
    return Math.round(seconds * 100) / 100.0;
  }

  private static double median(double[] sorted) {
    if (sorted.length == 0) {
      return 0;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private List<Timed> align(int[] text, Ear.Heard heard, int[] opening, String language) {
    if (text.length == 0 || heard.count() < 2) {
      return List.of();
    }
    int before = opening.length;
    int[] all = Arrays.copyOf(opening, before + text.length + 2);
    all[before] = tokens.noTimestamps();
    System.arraycopy(text, 0, all, before + 1, text.length);
    all[all.length - 1] = tokens.end();
    int states = heard.count() / 2;
    float[][] scores = cross.run(heads, all, heard.memory(), heard.encoded(), states);
    float[] cost = new float[all.length * states];
    for (float[] head : scores) {
      TimeWarp.sharpen(head, all.length, states);
      for (int i = 0; i < cost.length; i++) {
        cost[i] -= head[i] / scores.length;
      }
    }
    int[] starts = TimeWarp.starts(cost, before * states, text.length + 1, states);
    double[] probabilities = probabilities(text, before);
    List<Timed> words = new ArrayList<>();
    int from = 0;
    for (Words.Word word : Words.of(tokens.tokenizer(), language, text)) {
      int to = from + word.tokens();
      words.add(
          new Timed(
              word.text(),
              word.tokens(),
              starts[from] * SpeechTokens.STEP,
              starts[to] * SpeechTokens.STEP,
              Arrays.stream(probabilities, from, to).average().orElse(0)));
      from = to;
    }
    return words;
  }

  private double[] probabilities(int[] text, int before) {
    float[] logits = cross.logits();
    double[] probabilities = new double[text.length];
    for (int i = 0; i < text.length; i++) {
      int at = (before + i) * tokens.vocabulary();
      double sum = kernels.logSum(tokens.end(), logits, at);
      probabilities[i] = Math.exp(logits[at + text[i]] - sum);
    }
    return probabilities;
  }

  /** Shortens words at the ends of sentences, which otherwise reach over the pause. */
  private static void shorten(List<Timed> words, double longest) {
    for (int i = 1; i < words.size(); i++) {
      Timed word = words.get(i);
      if (word.length() > longest) {
        if (SENTENCE_ENDS.contains(word.text)) {
          word.end = word.start + longest;
        } else if (SENTENCE_ENDS.contains(words.get(i - 1).text)) {
          word.start = word.end - longest;
        }
      }
    }
  }

  private static void mergePunctuation(List<Timed> words) {
    int behind = words.size() - 1;
    for (int i = words.size() - 2; i >= 0; i--) {
      Timed word = words.get(i);
      if (word.text.startsWith(" ") && PREPENDED.contains(word.text.strip())) {
        Timed following = words.get(behind);
        following.text = word.text + following.text;
        following.tokens += word.tokens;
        word.text = "";
        word.tokens = 0;
      } else {
        behind = i;
      }
    }
    int before = 0;
    for (int i = 1; i < words.size(); i++) {
      Timed word = words.get(i);
      Timed previous = words.get(before);
      if (!previous.text.endsWith(" ") && APPENDED.contains(word.text)) {
        previous.text += word.text;
        previous.tokens += word.tokens;
        word.text = "";
        word.tokens = 0;
      } else {
        before = i;
      }
    }
  }

  /** Shortens the first words after a pause, and makes segment and words agree on their ends. */
  private static Worded fit(
      double start, double end, List<Timed> words, double median, double longest, double spoken) {
    if (words.isEmpty()) {
      return new Worded(start, end, List.of());
    }
    Timed first = words.getFirst();
    Timed last = words.getLast();
    boolean two = words.size() > 1;
    if (first.end - spoken > 4 * median
        && (first.length() > longest || two && words.get(1).end - first.start > 2 * longest)) {
      if (two && words.get(1).length() > longest) {
        Timed second = words.get(1);
        double border = Math.max(second.end / 2, second.end - longest);
        first.end = border;
        second.start = border;
      }
      first.start = Math.max(0, first.end - longest);
    }
    double from = start;
    if (start < first.end && start - NEAR > first.start) {
      first.start = Math.max(0, Math.min(first.end - median, start));
    } else {
      from = first.start;
    }
    double to = end;
    if (end > last.start && end + NEAR < last.end) {
      last.end = Math.max(last.start + median, end);
    } else {
      to = last.end;
    }
    return new Worded(
        from,
        to,
        words.stream()
            .map(word -> new Speech.Word(word.start, word.end, word.text, word.probability))
            .toList());
  }
}
