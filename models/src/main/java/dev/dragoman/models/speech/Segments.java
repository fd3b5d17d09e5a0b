package dev.dragoman.models.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts the text of a window where its times are, as the reference implementation does. */
final class Segments {
  private Segments() {}

  /**
   * A part of a window's text.
   *
   * @param start in seconds from the start of the sound
   * @param end in seconds from the start of the sound
   * @param tokens the times among them
   */
  record Segment(double start, double end, int[] tokens) {}

  /**
   * The parts of a window.
   *
   * @param frames how many of the window's frames they cover: where the next one starts
   * @param ends whether the text ends with a single time, behind which nothing is said
   */
  record Cut(List<Segment> segments, int frames, boolean ends) {}

  static Cut cut(SpeechTokens tokens, int[] text, Ear.Heard heard) {
    int last = text.length - 1;
    boolean ends =
        text.length >= 2 && tokens.isTimestamp(text[last]) && !tokens.isTimestamp(text[last - 1]);
    List<Integer> ats = new ArrayList<>();
    for (int i = 1; i < text.length; i++) {
      if (tokens.isTimestamp(text[i - 1]) && tokens.isTimestamp(text[i])) {
        ats.add(i);
      }
    }
    double offset = heard.seconds();
    if (ats.isEmpty()) {
      return new Cut(List.of(whole(tokens, text, heard)), heard.count(), ends);
    }
    if (ends) {
      ats.add(text.length);
    }
    List<Segment> segments = new ArrayList<>();
    int from = 0;
    for (int to : ats) {
      segments.add(
          new Segment(
              offset + time(tokens, text[from]),
              offset + time(tokens, text[to - 1]),
              Arrays.copyOfRange(text, from, to)));
      from = to;
    }
    int covered = (int) Math.round(time(tokens, text[from - 1]) * LogMel.RATE);
    return new Cut(segments, ends || covered < 1 ? heard.count() : covered, ends);
  }

  /** All parts of a window that nothing follows: what has no end ends with the window. */
  static List<Segment> all(SpeechTokens tokens, int[] text, Ear.Heard heard) {
    Cut cut = cut(tokens, text, heard);
    int used = cut.segments.stream().mapToInt(segment -> segment.tokens.length).sum();
    List<Segment> segments = new ArrayList<>(cut.segments);
    if (used < text.length) {
      double start = heard.seconds() + time(tokens, text[used]);
      segments.add(
          new Segment(
              start,
              Math.max(start, heard.seconds() + heard.duration()),
              Arrays.copyOfRange(text, used, text.length)));
    }
    return segments;
  }

  private static Segment whole(SpeechTokens tokens, int[] text, Ear.Heard heard) {
    double duration = heard.duration();
    for (int i = text.length - 1; i >= 0; i--) {
      if (tokens.isTimestamp(text[i])) {
        duration = text[i] == tokens.timestamps() ? duration : time(tokens, text[i]);
        break;
      }
    }
    return new Segment(heard.seconds(), heard.seconds() + duration, text);
  }

  private static double time(SpeechTokens tokens, int token) {
    return (token - tokens.timestamps()) * SpeechTokens.STEP;
  }
}
