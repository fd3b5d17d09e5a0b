package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Matrix;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fine-tuning adds to a decoder for the sequences that ask for it (LoRA). {@link
 * Decoder#adapter} reads one. It is never changed, so threads share it.
 */
public final class Adapter {
  /** The model as it is. */
  public static final Adapter NONE = new Adapter(Map.of());

  private final IdentityHashMap<Matrix, LowRank> parts;
  private final int rank;
  private final int widest;

  Adapter(Map<Matrix, LowRank> parts) {
    this.parts = new IdentityHashMap<>(parts);
    this.rank = parts.values().stream().mapToInt(LowRank::rank).max().orElse(0);
    this.widest = parts.values().stream().mapToInt(LowRank::widest).max().orElse(0);
  }

  /** What it adds to the results of a matrix, if anything. */
  @Nullable LowRank of(Matrix matrix) {
    return parts.get(matrix);
  }

  /** The largest rank of a matrix. */
  int rank() {
    return rank;
  }

  /** The most outputs of a layer. */
  int widest() {
    return widest;
  }
}
