package dev.dragoman.models;

import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.format.Weights;
import java.util.Arrays;

final class PlainEncoder implements TokenEncoder {
  private final Encoder encoder;
  private final Sessions<Encoder.Session> sessions;

  PlainEncoder(Encoder encoder, Weights weights) {
    this.encoder = encoder;
    this.sessions = new Sessions<>(encoder::session, weights);
  }

  @Override
  public int dimensions() {
    return encoder.width();
  }

  @Override
  public int maxTokens() {
    return encoder.positions();
  }

  @Override
  public float[][] lastHiddenState(int[] ids) {
    if (ids.length > encoder.positions()) {
      throw new ModelException(
          "%d tokens are more than the %d the model has positions for"
              .formatted(ids.length, encoder.positions()));
    }
    for (int id : ids) {
      if (id < 0 || id >= encoder.vocabulary()) {
        throw new ModelException(
            "token id %d is outside the vocabulary of %d".formatted(id, encoder.vocabulary()));
      }
    }
    Batch batch = new Batch();
    batch.add(ids);
    return sessions.with(session -> {
      float[] hidden = session.run(batch, Encoder.Layers.UNSEEN);
      float[][] rows = new float[ids.length][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(hidden, i * dimensions(), (i + 1) * dimensions());
      }
      return rows;
    });
  }

  @Override
  public void close() {
    sessions.close();
  }
}
