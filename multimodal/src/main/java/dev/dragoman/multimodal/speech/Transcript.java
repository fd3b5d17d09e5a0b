package dev.dragoman.multimodal.speech;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was said in a sound.
 *
 * @param language ISO 639-1 of what was said, or empty if nobody knows
 * @param durationSeconds the length that could be decoded
 * @param sampleRate of the file, samples a second
 * @param channels in the file
 * @param speakers 2 where the two channels of a call carry two voices, else 1
 * @param segments by start time, then by speaker
 * @param problems what could not be decoded, in words for a user; empty for a sound file
 */
public record Transcript(
    String language,
    double durationSeconds,
    int sampleRate,
    int channels,
    int speakers,
    List<Segment> segments,
    List<String> problems) {
  /** A pause of this many seconds ends a turn even if the same person speaks on. */
  static final double TURN_PAUSE_SECONDS = 2.0;

  public Transcript {
    segments =
        segments.stream()
            .sorted(
                Comparator.comparingDouble(Segment::startSeconds)
                    .thenComparingInt(Segment::speaker))
            .toList();
    problems = List.copyOf(problems);
  }

  /**
   * A stretch of speech without a pause.
   *
   * @param speaker from 1: the channel
   * @param words at least one, by time
   */
  public record Segment(int speaker, List<SpokenWord> words) {
    public Segment {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("a segment without words");
      }
    }

    /** When its first word starts. */
    public double startSeconds() {
      return words.getFirst().startSeconds();
    }

    /** When its last word ends. */
    public double endSeconds() {
      return words.stream().mapToDouble(SpokenWord::endSeconds).max().orElseThrow();
    }

    /** The mean of its words. */
    public double confidence() {
      return words.stream().mapToDouble(SpokenWord::confidence).average().orElseThrow();
    }
  }

  /** What one speaker says until the other speaks or a pause of two seconds. */
  public record Turn(int speaker, List<Segment> segments) {
    public Turn {
      segments = List.copyOf(segments);
    }

    /** When its first word starts. */
    public double startSeconds() {
      return segments.getFirst().startSeconds();
    }

    /** When its last word ends. */
    public double endSeconds() {
      return segments.stream().mapToDouble(Segment::endSeconds).max().orElseThrow();
    }
  }

  /** The turns by start time. */
  public List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    List<Segment> open = new ArrayList<>();
    for (Segment segment : segments) {
      if (!open.isEmpty()
          && (open.getLast().speaker() != segment.speaker()
              || segment.startSeconds() - open.getLast().endSeconds() >= TURN_PAUSE_SECONDS)) {
        turns.add(new Turn(open.getLast().speaker(), open));
        open.clear();
      }
      open.add(segment);
    }
    if (!open.isEmpty()) {
      turns.add(new Turn(open.getLast().speaker(), open));
    }
    return turns;
  }

  /** The mean confidence of all words, NaN if nothing was said. */
  public double confidence() {
    return segments.stream()
        .flatMap(segment -> segment.words().stream())
        .mapToDouble(SpokenWord::confidence)
        .average()
        .orElse(Double.NaN);
  }
}
