package dev.dragoman.multimodal.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds where somebody speaks, by loudness over a noise floor that follows the sound.
 *
 * <p>The floor at a moment is the tenth percentile of loudness in the ten seconds around it: even
 * in steady speech a tenth of the time is pause. A frame is speech if it is {@link #OVER_FLOOR_DB}
 * louder than the floor; but never if it is {@link #UNDER_SPEECH_DB} quieter than the loud parts of
 * the channel (the other side of a call leaking in) or all but silent, and always if it is within
 * {@link #NEAR_SPEECH_DB} of the loud parts, so that a sound drowned in noise is heard as a whole
 * rather than lost. Found speech is widened, so that soft beginnings and ends of words are kept,
 * and short gaps are closed.
 */
final class VoiceActivity {
  /** Length of a frame. */
  static final int FRAME_MILLIS = 20;

  private static final int FRAMES_A_SECOND = 1000 / FRAME_MILLIS;
  private static final double OVER_FLOOR_DB = 10;
  private static final double UNDER_SPEECH_DB = 35;
  private static final double NEAR_SPEECH_DB = 12;
  static final double SILENCE_DB = -55;
  private static final int QUIETEST_DB = -100;
  private static final int FLOOR_WINDOW = 10 * FRAMES_A_SECOND;
  private static final int BEFORE = FRAMES_A_SECOND / 5;
  private static final int AFTER = 2 * FRAMES_A_SECOND / 5;
  private static final int CLICK = 3;
  private static final int LONGEST = 30 * FRAMES_A_SECOND;

  private VoiceActivity() {}

  /**
   * Frames in which somebody speaks.
   *
   * @param start first frame
   * @param end frame after the last
   */
  record Stretch(int start, int end) {
    double startSeconds() {
      return (double) start / FRAMES_A_SECOND;
    }

    double endSeconds() {
      return (double) end / FRAMES_A_SECOND;
    }
  }

  /**
   * The stretches of speech, none longer than 30 seconds, in order, not overlapping.
   *
   * @param loudness of each frame of 20 ms, in dB of full scale
   */
  static List<Stretch> find(float[] loudness) {
    double loud = loud(loudness);
    int[] floor = floor(loudness);
    boolean[] speech = new boolean[loudness.length];
    for (int i = 0; i < loudness.length; i++) {
      double threshold =
          Math.max(
              Math.max(SILENCE_DB, loud - UNDER_SPEECH_DB),
              Math.min(floor[i] + OVER_FLOOR_DB, loud - NEAR_SPEECH_DB));
      speech[i] = loudness[i] > threshold;
    }
    List<Stretch> stretches = new ArrayList<>();
    for (Stretch stretch : widen(speech)) {
      split(stretch, loudness, stretches);
    }
    return stretches;
  }

  private static List<Stretch> widen(boolean[] speech) {
    List<Stretch> widened = new ArrayList<>();
    int i = 0;
    while (i < speech.length) {
      if (!speech[i]) {
        i++;
        continue;
      }
      int start = i;
      int last = i;
      int voiced = 0;
      for (; i < speech.length && i - last <= BEFORE + AFTER; i++) {
        if (speech[i]) {
          last = i;
          voiced++;
        }
      }
      if (voiced >= CLICK) {
        int from = Math.max(0, start - BEFORE);
        int to = Math.min(speech.length, last + 1 + AFTER);
        if (!widened.isEmpty() && widened.getLast().end() >= from) {
          widened.set(widened.size() - 1, new Stretch(widened.getLast().start(), to));
        } else {
          widened.add(new Stretch(from, to));
        }
      }
    }
    return widened;
  }

  /** Cuts what is too long where it is quietest, in the second half of what is allowed. */
  private static void split(Stretch stretch, float[] loudness, List<Stretch> into) {
    int start = stretch.start();
    while (stretch.end() - start > LONGEST) {
      int cut = start + LONGEST;
      for (int i = start + LONGEST / 2; i < start + LONGEST; i++) {
        if (loudness[i] < loudness[cut]) {
          cut = i;
        }
      }
      into.add(new Stretch(start, cut));
      start = cut;
    }
    into.add(new Stretch(start, stretch.end()));
  }

  /** The tenth percentile, in whole dB, of the window around each frame. */
  private static int[] floor(float[] loudness) {
    int[] floor = new int[loudness.length];
    int[] histogram = new int[1 - QUIETEST_DB];
    int from = 0;
    int to = 0;
    for (int i = 0; i < loudness.length; i++) {
      while (to < Math.min(loudness.length, i + FLOOR_WINDOW / 2)) {
        histogram[bin(loudness[to++])]++;
      }
      while (from < i - FLOOR_WINDOW / 2) {
        histogram[bin(loudness[from++])]--;
      }
      int below = (to - from) / 10;
      int at = 0;
      for (int seen = histogram[0]; seen <= below; seen += histogram[at]) {
        at++;
      }
      floor[i] = at + QUIETEST_DB;
    }
    return floor;
  }

  private static int bin(float db) {
    return (int) Math.clamp(Math.floor(db) - QUIETEST_DB, 0, -QUIETEST_DB);
  }

  /** What a twentieth of the frames is louder than, or two seconds of them in a long sound. */
  static double loud(float[] loudness) {
    if (loudness.length == 0) {
      return SILENCE_DB;
    }
    float[] sorted = loudness.clone();
    Arrays.sort(sorted);
    int louder = Math.min(sorted.length / 20, 2 * FRAMES_A_SECOND);
    return sorted[sorted.length - 1 - louder];
  }
}
