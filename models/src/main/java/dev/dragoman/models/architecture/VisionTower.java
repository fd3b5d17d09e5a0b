package dev.dragoman.models.architecture;

import dev.dragoman.models.vision.PixelValues;
import java.util.List;

/**
 * A transformer over the patches of pictures.
 *
 * @param before of the patches' embeddings
 */
record VisionTower(PatchEmbedding patches, Norm before, EncoderStack stack) {
  int width() {
    return stack.width();
  }

  int layers() {
    return stack.layers().size();
  }

  /** Scratch for one thread. */
  Run session() {
    return new Run(this);
  }

  /** What one thread needs. */
  static final class Run {
    private final VisionTower tower;
    private final EncoderStack.Run stack;
    private int[] starts = new int[1];

    private Run(VisionTower tower) {
      this.tower = tower;
      this.stack = tower.stack.session();
    }

    /**
     * Runs pictures through.
     *
     * @return [tokens of all, width], valid until the next call
     */
    float[] run(List<PixelValues> pictures, Encoder.Layers seen) {
      starts = new int[pictures.size() + 1];
      for (int i = 0; i < pictures.size(); i++) {
        starts[i + 1] = Math.addExact(starts[i], tower.patches.tokens(pictures.get(i)));
      }
      int tokens = starts[pictures.size()];
      float[] hidden = stack.room(tokens);
      for (int i = 0; i < pictures.size(); i++) {
        tower.patches.embed(
            tower.stack.kernels(), pictures.get(i), hidden, starts[i] * tower.width());
      }
      tower.before.apply(tower.stack.kernels(), tokens, tower.width(), hidden, 0, hidden, 0);
      return stack.run(pictures.size(), starts, seen);
    }

    /** Where the tokens of a picture of the last run begin. */
    int start(int picture) {
      return starts[picture];
    }
  }
}
