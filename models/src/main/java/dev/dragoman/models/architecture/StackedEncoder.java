package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Kernels;

/**
 * An encoder of text that is embeddings and an {@link EncoderStack}. V is the vocabulary, H the
 * width, P the number of positions.
 *
 * @param positions how many tokens a text may have
 * @param words [V, H], mapped
 * @param wordScale what embeddings are multiplied by
 * @param learned [P, H], or empty where positions are not added
 * @param padding the id of tokens that have no position and are not counted; -1 if there is none
 * @param embeddingNorm of embeddings with their positions
 */
record StackedEncoder(
    EncoderStack stack,
    int positions,
    Tensor words,
    float wordScale,
    float[] learned,
    int padding,
    Norm embeddingNorm)
    implements Encoder {
  @Override
  public int width() {
    return stack.width();
  }

  @Override
  public int vocabulary() {
    return (int) words.dimension(0);
  }

  @Override
  public Session session() {
    return new Run(this);
  }

  private static final class Run implements Session {
    private final StackedEncoder model;
    private final EncoderStack.Run stack;
    private int[] starts = new int[1];

    Run(StackedEncoder model) {
      this.model = model;
      this.stack = model.stack.session();
    }

    @Override
    public float[] run(Batch batch, Layers layers) {
      if (starts.length <= batch.sequences()) {
        starts = new int[2 * batch.sequences()];
      }
      float[] hidden = stack.room(batch.tokens());
      for (int i = 0; i < batch.sequences(); i++) {
        starts[i + 1] = batch.start(i + 1);
        embed(batch, batch.start(i), batch.start(i + 1), hidden);
      }
      return stack.run(batch.sequences(), starts, layers);
    }

    private void embed(Batch batch, int start, int end, float[] hidden) {
      if (end - start > model.positions) {
        throw new ModelException(
            "%d tokens are more than the %d the model has positions for"
                .formatted(end - start, model.positions));
      }
      int width = model.width();
      Kernels kernels = model.stack.kernels();
      int position = 0;
      for (int token = start; token < end; token++) {
        int id = batch.id(token);
        if (id < 0 || id >= model.vocabulary()) {
          throw new ModelException(
              "token id %d is outside the vocabulary of %d".formatted(id, model.vocabulary()));
        }
        int at = token * width;
        model.words.read((long) id * width, hidden, at, width);
        if (model.wordScale != 1) {
          for (int i = at; i < at + width; i++) {
            hidden[i] *= model.wordScale;
          }
        }
        if (model.learned.length > 0 && id != model.padding) {
          kernels.add(width, model.learned, position++ * width, hidden, at);
        }
        model.embeddingNorm.apply(kernels, 1, width, hidden, at, hidden, at);
      }
    }
  }
}
