package dev.dragoman.models;

import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.architecture.Whisper;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.ParallelKernels;
import java.util.Arrays;

/** A Whisper model as it is. */
final class PlainSpeechModel implements SpeechModel {
  private final Whisper model;
  private final ParallelKernels kernels;
  private final Sessions<Scratch> sessions;

  PlainSpeechModel(Whisper model, Weights weights, ParallelKernels kernels) {
    this.model = model;
    this.kernels = kernels;
    this.sessions =
        new Sessions<>(() -> new Scratch(model.hearing(), model.decoder().session()), weights);
  }

  private record Scratch(Whisper.Hearing hearing, Decoder.Session decoding) {}

  @Override
  public int mels() {
    return model.mels();
  }

  @Override
  public int frames() {
    return model.frames();
  }

  @Override
  public boolean hasHead() {
    return model.decoder().hasHead();
  }

  @Override
  public float[][] logits(float[] features, int frames, int[] ids) {
    if (!hasHead()) {
      throw new ModelException("the checkpoint has no head for logits");
    }
    return sessions.with(scratch -> {
      run(scratch, features, frames, ids);
      return rows(scratch.decoding.logits(), ids.length, model.decoder().vocabulary());
    });
  }

  @Override
  public float[][] lastHiddenState(float[] features, int frames, int[] ids) {
    return sessions.with(scratch -> {
      run(scratch, features, frames, ids);
      return rows(scratch.decoding.states(), ids.length, model.decoder().width());
    });
  }

  private void run(Scratch scratch, float[] features, int frames, int[] ids) {
    int mels = model.mels();
    if (frames != model.frames() || features.length != mels * frames) {
      throw new ModelException(
          "%d numbers in %d frames are not the %d mel bands of %d frames that the model hears"
              .formatted(features.length, frames, mels, model.frames()));
    }
    if (ids.length == 0) {
      throw new ModelException("there must be at least one decoder token id");
    }
    float[] room = scratch.hearing.features();
    for (int frame = 0; frame < frames; frame++) {
      for (int mel = 0; mel < mels; mel++) {
        room[(frame + 1) * mels + mel] = features[mel * frames + frame];
      }
    }
    float[] encoded = scratch.hearing.run(Encoder.Layers.UNSEEN);
    Memory memory = scratch.decoding.remember(encoded, 0, model.states());
    Step step = new Step();
    step.add(
        model.decoder().sequence(ids.length, CacheType.F32, Adapter.NONE, memory),
        ids,
        0,
        ids.length,
        Step.Wanted.ALL);
    scratch.decoding.run(step, Encoder.Layers.UNSEEN);
  }

  private static float[][] rows(float[] flat, int rows, int width) {
    float[][] result = new float[rows][];
    for (int row = 0; row < rows; row++) {
      result[row] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
    }
    return result;
  }

  @Override
  public void close() {
    sessions.close();
    kernels.close();
  }
}
