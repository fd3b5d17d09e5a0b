package dev.dragoman.models;

import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Head;
import dev.dragoman.models.format.Weights;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** An encoder that is given token ids. */
final class PlainEncoder implements TokenEncoder {
  private final Encoder encoder;
  private final Optional<Head> head;
  private final Sessions<Encoder.Session> sessions;

  PlainEncoder(Encoder encoder, Optional<Head> head, Weights weights) {
    this.encoder = encoder;
    this.head = head;
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
  public boolean hasHead() {
    return head.isPresent();
  }

  @Override
  public float[][] logits(int[] ids) {
    Head known =
        head.orElseThrow(() -> new ModelException("the checkpoint has no head that gives logits"));
    return run(ids, hidden -> known.logits(hidden, 0, ids.length));
  }

  @Override
  public float[][] lastHiddenState(int[] ids) {
    int width = dimensions();
    return run(
        ids,
        hidden -> {
          float[][] rows = new float[ids.length][];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(hidden, i * width, (i + 1) * width);
          }
          return rows;
        });
  }

  private float[][] run(int[] ids, Function<float[], float[][]> look) {
    if (ids.length == 0) {
      throw new ModelException("there is not even one token id");
    }
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
    return sessions.with(session -> look.apply(session.run(batch, Encoder.Layers.UNSEEN)));
  }

  @Override
  public void close() {
    sessions.close();
  }
}
