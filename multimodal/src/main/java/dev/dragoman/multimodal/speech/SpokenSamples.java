package dev.dragoman.multimodal.speech;

import dev.dragoman.models.SampleSource;
import java.io.IOException;
import java.util.List;

/**
 * What a speaker says in a sound, without the silence between: the stretches of speech in a row.
 */
final class SpokenSamples implements SampleSource {
  private static final float FULL_SCALE = 32768;

  private final DecodedSound sound;
  private final int speaker;
  private final List<VoiceActivity.Stretch> stretches;
  private final long[] starts;

  SpokenSamples(DecodedSound sound, int speaker) {
    this.sound = sound;
    this.speaker = speaker;
    this.stretches = sound.speech(speaker);
    this.starts = new long[stretches.size() + 1];
    for (int i = 0; i < stretches.size(); i++) {
      VoiceActivity.Stretch stretch = stretches.get(i);
      long end = Math.min(sound.sampleCount(), (long) stretch.end() * Tally.FRAME);
      starts[i + 1] = starts[i] + end - (long) stretch.start() * Tally.FRAME;
    }
  }

  @Override
  public long length() {
    return starts[stretches.size()];
  }

  @Override
  public void read(long from, float[] into, int at, int count) throws IOException {
    long done = from;
    int stretch = find(from);
    while (done < from + count) {
      int some = (int) (Math.min(from + count, starts[stretch + 1]) - done);
      read(stretch, done - starts[stretch], into, at + (int) (done - from), some);
      done += some;
      stretch++;
    }
  }

  private void read(int stretch, long from, float[] into, int at, int count) throws IOException {
    int first = stretches.get(stretch).start() + (int) (from / Tally.FRAME);
    int skipped = (int) (from % Tally.FRAME);
    int frames = (skipped + count + Tally.FRAME - 1) / Tally.FRAME;
    byte[] bytes = sound.samples(speaker, new VoiceActivity.Stretch(first, first + frames));
    for (int i = 0; i < count; i++) {
      int place = Short.BYTES * (skipped + i);
      short sample = (short) ((bytes[place] & 0xff) | (bytes[place + 1] << 8));
      into[at + i] = sample / FULL_SCALE;
    }
  }

  /** The stretch that a sample is in. */
  private int find(long sample) {
    int stretch = 0;
    while (stretch + 1 < stretches.size() && starts[stretch + 1] <= sample) {
      stretch++;
    }
    return stretch;
  }

  /** A word with the times that it has in the sound, of those it has here. */
  SpokenWord inSound(String text, double start, double end, double confidence) {
    int stretch = find((long) ((start + end) / 2 * SampleSource.RATE));
    VoiceActivity.Stretch own = stretches.get(stretch);
    double moved = own.startSeconds() - (double) starts[stretch] / SampleSource.RATE;
    double from = Math.clamp(start + moved, own.startSeconds(), own.endSeconds());
    double to = Math.clamp(end + moved, from, Math.max(from, own.endSeconds()));
    return new SpokenWord(text, from, to, Math.clamp(confidence, 0.0, 1.0));
  }
}
