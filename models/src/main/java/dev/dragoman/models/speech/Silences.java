package dev.dragoman.models.speech;

import dev.dragoman.models.Speech;
import dev.dragoman.models.speech.Transcription.Settled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what looks made up in silence, as the reference implementation does: segments whose
 * words are improbable, very short or very long, with silence around them.
 */
final class Silences {
  private static final String PUNCTUATION = "\"'“¿([{-\"'.。,，!！?？:：”)]}、";
  private static final int LOOKED_AT = 8;
  private static final double EDGE = 2;

  private final double threshold;

  /**
   * With so many seconds of silence.
   *
   * @param threshold 0 to leave out nothing
   */
  Silences(double threshold) {
    this.threshold = threshold;
  }

  /**
   * What is kept of a window.
   *
   * @param next the frame where the next window starts
   * @param again whether nothing of this window counts
   */
  record Kept(List<Settled> segments, long next, boolean again) {}

  /** When the last word ends. */
  static double end(List<Settled> segments, double absent) {
    for (Settled segment : segments.reversed()) {
      if (!segment.worded().words().isEmpty()) {
        return segment.worded().words().getLast().end();
      }
    }
    return absent;
  }

  /**
   * Looks at the segments of a window.
   *
   * @param ends whether its text ends with a single time
   * @param next where the next window would start
   * @param spoken when the last word before the window ended
   * @param all how many frames the sound has
   */
  Kept cut(
      List<Settled> segments, Ear.Heard heard, boolean ends, long next, double spoken, long all) {
    double offset = heard.seconds();
    double windowEnd = offset + (double) windowFrames(heard) / LogMel.RATE;
    double end = end(segments, Double.NEGATIVE_INFINITY);
    long following = next;
    if (!ends && end > offset) {
      following = Math.round(end * LogMel.RATE);
    }
    if (threshold == 0) {
      return new Kept(segments, following, false);
    }
    if (!ends && end > offset && windowEnd - end <= threshold) {
      following = heard.first() + heard.count();
    }
    Settled first = firstWithWords(segments, 0);
    if (first != null && odd(first) && first.worded().start() - offset > threshold) {
      double gap = first.worded().start() - offset;
      return new Kept(List.of(), heard.first() + Math.round(gap * LogMel.RATE), true);
    }
    return cutFrom(segments, heard, windowEnd, following, spoken, all);
  }

  private Kept cutFrom(
      List<Settled> segments,
      Ear.Heard heard,
      double windowEnd,
      long following,
      double spoken,
      long all) {
    double offset = heard.seconds();
    double before = spoken;
    for (int i = 0; i < segments.size(); i++) {
      Settled segment = segments.get(i);
      if (segment.worded().words().isEmpty()) {
        continue;
      }
      double start = segment.worded().start();
      double end = segment.worded().end();
      if (odd(segment)) {
        Settled after = firstWithWords(segments, i + 1);
        double later =
            after != null ? after.worded().words().getFirst().start() : offset + heard.duration();
        boolean silenceBefore =
            start - before > threshold || start < threshold || start - offset < EDGE;
        boolean silenceAfter =
            later - end > threshold || after != null && odd(after) || windowEnd - end < EDGE;
        if (silenceBefore && silenceAfter) {
          double duration = (double) all / LogMel.RATE;
          long next =
              duration - end < threshold
                  ? all
                  : Math.round(Math.max(offset + 1, start) * LogMel.RATE);
          return new Kept(List.copyOf(segments.subList(0, i)), next, false);
        }
      }
      before = end;
    }
    return new Kept(segments, following, false);
  }

  private static int windowFrames(Ear.Heard heard) {
    return 2 * heard.memory().length();
  }

  private static @Nullable Settled firstWithWords(List<Settled> segments, int from) {
    for (Settled segment : segments.subList(from, segments.size())) {
      if (!segment.worded().words().isEmpty()) {
        return segment;
      }
    }
    return null;
  }

  private static boolean odd(Settled segment) {
    List<Speech.Word> words =
        segment.worded().words().stream()
            .filter(word -> !PUNCTUATION.contains(word.raw()))
            .limit(LOOKED_AT)
            .toList();
    double score = words.stream().mapToDouble(Silences::oddness).sum();
    return score >= 3 || score + 0.01 >= words.size();
  }

  private static double oddness(Speech.Word word) {
    double length = word.end() - word.start();
    return (word.probability() < 0.15 ? 1 : 0)
        + (length < 0.133 ? (0.133 - length) * 15 : 0)
        + (length > 2 ? length - 2 : 0);
  }
}
