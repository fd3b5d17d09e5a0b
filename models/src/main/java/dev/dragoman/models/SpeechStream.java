package dev.dragoman.models;

import java.util.List;

/**
 * A sound that is transcribed while it comes in. What was said before a pause is settled and never
 * changes; what comes after it is heard anew from time to time until the next pause. For one thread
 * at a time.
 */
public interface SpeechStream extends AutoCloseable {
  /**
   * What is known after some more samples.
   *
   * @param settled segments that are settled now and were not before, with times from the start of
   *     the stream
   * @param pending what is heard in the rest, which may still change
   */
  record Heard(List<Speech.Segment> settled, String pending) {
    /** Copies the list. */
    public Heard {
      settled = List.copyOf(settled);
    }
  }

  /**
   * Takes the next samples, 16,000 a second, from -1 to 1.
   *
   * @param from the first one's index in {@code samples}
   */
  Heard accept(float[] samples, int from, int count);

  /** The same for all samples of an array. */
  default Heard accept(float[] samples) {
    return accept(samples, 0, samples.length);
  }

  /** Settles all that is left; the next samples start anew. */
  Heard finish();

  /** Forgets what has not been settled. */
  @Override
  void close();
}
