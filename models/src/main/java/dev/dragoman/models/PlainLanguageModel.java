package dev.dragoman.models;

import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.ParallelKernels;
import java.util.Arrays;
import java.util.function.Function;

final class PlainLanguageModel implements LanguageModel {
  /** Tokens whose scores are held at once. */
  private static final int ROWS = 96;

  private final Decoder decoder;
  private final Sessions<Decoder.Session> sessions;
  private final ParallelKernels kernels;

  PlainLanguageModel(Decoder decoder, Weights weights, ParallelKernels kernels) {
    this.decoder = decoder;
    this.kernels = kernels;
    this.sessions = new Sessions<>(decoder::session, weights);
  }

  @Override
  public Decoder decoder() {
    return decoder;
  }

  @Override
  public float[][] logits(int[] ids) {
    if (!decoder.hasHead()) {
      throw new ModelException("the checkpoint has no head: it gives hidden states only");
    }
    return rows(ids, decoder.vocabulary(), Decoder.Session::logits);
  }

  @Override
  public float[][] lastHiddenState(int[] ids) {
    return rows(ids, decoder.width(), Decoder.Session::states);
  }

  private float[][] rows(int[] ids, int width, Function<Decoder.Session, float[]> result) {
    if (ids.length == 0) {
      throw new ModelException("there must be at least one token id");
    }
    return sessions.with(session -> {
      float[][] rows = new float[ids.length][];
      Sequence sequence = decoder.sequence(ids.length);
      Step step = new Step();
      for (int from = 0; from < ids.length; from += ROWS) {
        int count = Math.min(ROWS, ids.length - from);
        step.clear();
        step.add(sequence, ids, from, count, Step.Wanted.ALL);
        session.run(step, Encoder.Layers.UNSEEN);
        float[] all = result.apply(session);
        for (int i = 0; i < count; i++) {
          rows[from + i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
        }
      }
      return rows;
    });
  }

  @Override
  public void close() {
    sessions.close();
    kernels.close();
  }
}
