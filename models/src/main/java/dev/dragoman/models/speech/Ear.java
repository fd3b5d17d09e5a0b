package dev.dragoman.models.speech;

import dev.dragoman.models.SampleSource;
import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.CrossScores;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.architecture.Whisper;
import dev.dragoman.models.kernel.CacheType;
import java.io.IOException;
import java.util.Arrays;

/** What one thread needs to hear with a model: its buffers, to be kept and used again. */
public final class Ear {
  final Whisper model;
  final Decoder.Session session;
  final LogMel logMel;
  private final Whisper.Hearing hearing;
  private final CrossScores crossScores;

  /** An ear of this model. */
  public Ear(Whisper model) {
    this.model = model;
    this.session = model.decoder().session();
    this.logMel = new LogMel(model.mels());
    this.hearing = model.hearing();
    this.crossScores = model.crossScores();
  }

  CrossScores crossScores() {
    return crossScores;
  }

  /** The scores of the token after some of a window's text, valid until the next run. */
  float[] logits(int[] text, Memory memory) {
    Step step = new Step();
    step.add(
        model.decoder().sequence(text.length, CacheType.F32, Adapter.NONE, memory),
        text,
        0,
        text.length,
        Step.Wanted.LAST);
    session.run(step, Encoder.Layers.UNSEEN);
    return session.logits();
  }

  /**
   * Hears a window.
   *
   * @param first frame of the sound
   * @param count how many frames are heard; behind them there is nothing
   * @param peak of the sound
   */
  Heard hear(SampleSource sound, long first, int count, double peak) throws IOException {
    float[] features = hearing.features();
    int mels = model.mels();
    logMel.frames(sound, first, count, Long.MAX_VALUE, peak, features, mels);
    Arrays.fill(features, (1 + count) * mels, features.length, 0);
    float[] encoded = hearing.run(Encoder.Layers.UNSEEN);
    return new Heard(session.remember(encoded, 0, model.states()), encoded, first, count);
  }

  /**
   * A window that was heard.
   *
   * @param encoded [states, width], valid until the next window
   * @param first frame of the sound
   * @param count how many frames of the window are of the sound
   */
  record Heard(Memory memory, float[] encoded, long first, int count) {
    /** The same for good. */
    Heard kept(int size) {
      return new Heard(memory, Arrays.copyOf(encoded, size), first, count);
    }

    double seconds() {
      return (double) first / LogMel.RATE;
    }

    double duration() {
      return (double) count / LogMel.RATE;
    }
  }
}
