package dev.dragoman.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a sound that comes in where there is a pause, or after half a minute without one, and
 * transcribes it from cut to cut. Between cuts, what there is is heard once a second.
 */
final class WhisperStream implements SpeechStream {
  private static final int FRAME = SampleSource.RATE / 50;
  private static final int PAUSE_FRAMES = 30;
  private static final int LEAST_SPEECH_FRAMES = 5;
  private static final int LONGEST = 28 * SampleSource.RATE;
  private static final int EACH = SampleSource.RATE;
  private static final int KEPT_SILENCE = SampleSource.RATE / 5;
  private static final int SHOWN = 200;

  /** Louder than this is speech, in mean square; and so many times the quietest of late. */
  private static final double LEAST_ENERGY = 1e-5;

  private static final double OVER_QUIET = 10;

  /** How fast what counts as quiet rises: by half in about a second. */
  private static final double RISE = 1.008;

  private final SpeechRecognizer recognizer;
  private final SpeechOptions options;
  private float[] samples = new float[LONGEST];
  private int count;
  private int looked;
  private int heardAt;
  private long before;
  private int voiced;
  private int quiet;
  private double floor = LEAST_ENERGY;
  private String shown = "";
  private String language;
  private String pending = "";

  WhisperStream(SpeechRecognizer recognizer, SpeechOptions options) {
    this.recognizer = recognizer;
    this.options = options;
    this.language = options.language();
  }

  @Override
  public Heard accept(float[] more, int from, int length) {
    List<Speech.Segment> settled = new ArrayList<>();
    int at = from;
    int left = length;
    while (left > 0) {
      int some = Math.min(left, LONGEST - count);
      System.arraycopy(more, at, samples, count, some);
      count += some;
      at += some;
      left -= some;
      look(settled);
    }
    if (voiced >= LEAST_SPEECH_FRAMES && count - heardAt >= EACH) {
      heardAt = count;
      pending = hear(count).text();
    }
    return new Heard(settled, pending);
  }

  /** Looks for pauses in what has come in. */
  private void look(List<Speech.Segment> settled) {
    while (looked + FRAME <= count) {
      double energy = 0;
      for (int i = looked; i < looked + FRAME; i++) {
        energy += samples[i] * samples[i];
      }
      energy /= FRAME;
      floor = Math.max(LEAST_ENERGY / OVER_QUIET, Math.min(floor * RISE, energy));
      looked += FRAME;
      if (energy > Math.max(LEAST_ENERGY, floor * OVER_QUIET)) {
        voiced++;
        quiet = 0;
      } else {
        quiet++;
      }
      if (voiced >= LEAST_SPEECH_FRAMES && quiet >= PAUSE_FRAMES) {
        settle(looked, settled);
      } else if (voiced < LEAST_SPEECH_FRAMES && quiet >= PAUSE_FRAMES) {
        drop(Math.max(0, looked - KEPT_SILENCE));
      }
    }
    if (count == LONGEST) {
      settle(count, settled);
    }
  }

  private void settle(int end, List<Speech.Segment> settled) {
    Speech speech = hear(end);
    double offset = (double) before / SampleSource.RATE;
    for (Speech.Segment segment : speech.segments()) {
      settled.add(segment.later(offset));
    }
    if (language.isEmpty() && !speech.segments().isEmpty()) {
      language = speech.language();
    }
    String text = shown + " " + speech.text();
    shown = text.substring(Math.max(0, text.length() - SHOWN)).strip();
    pending = "";
    drop(end);
  }

  private Speech hear(int end) {
    SpeechOptions now = options.withLanguage(language);
    if (options.conditionOnPrevious() && !shown.isEmpty()) {
      now = now.withPrompt((options.prompt() + " " + shown).strip());
    }
    return recognizer.transcribe(Arrays.copyOf(samples, end), now);
  }

  private void drop(int end) {
    System.arraycopy(samples, end, samples, 0, count - end);
    count -= end;
    looked = Math.max(0, looked - end);
    before += end;
    heardAt = 0;
    voiced = 0;
    quiet = 0;
  }

  @Override
  public Heard finish() {
    List<Speech.Segment> settled = new ArrayList<>();
    if (voiced > 0) {
      settle(count, settled);
    }
    drop(count);
    pending = "";
    return new Heard(settled, "");
  }

  @Override
  public void close() {
    samples = new float[LONGEST];
    drop(count);
    pending = "";
  }
}
