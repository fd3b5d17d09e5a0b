package dev.dragoman.models.architecture;

import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.Sight;
import java.util.List;
import java.util.Optional;

/**
 * The transformers that name their tensors as CLIP does, out of a checkpoint in which they have no
 * prefix. H is the width, P the number of positions.
 */
record ClipLike(Checkpoint checkpoint, TowerSizes sizes) {
  /** A transformer over text. */
  Decoder reader(int vocabulary, int positions, Sight sight) {
    int width = sizes.width();
    Weights weights = checkpoint.weights();
    weights.ignore("embeddings.position_ids");
    List<Block> blocks =
        layers().stream()
            .map(layer ->
                new Block(
                    layer.aroundAttention(),
                    new CausalAttention(
                        sizes.shape(),
                        layer.queryKeyValue(),
                        layer.out(),
                        Norm.NONE,
                        Norm.NONE,
                        CausalAttention.NO_ROPE,
                        sizes.scale(),
                        sight),
                    layer.aroundFeedForward(),
                    layer.feedForward()))
            .toList();
    return new DecoderStack(
        checkpoint.kernels(),
        checkpoint.modules(),
        sizes.shape(),
        positions,
        weights.tensor("embeddings.token_embedding.weight", vocabulary, width),
        1,
        weights.tensor("embeddings.position_embedding.weight", positions, width).floats(), // [P, H]
        DecoderStack.NO_PADDING,
        Norm.NONE,
        List.of(),
        blocks,
        norm("final_layer_norm"),
        Optional.empty(),
        0);
  }

  /**
   * A transformer over patches.
   *
   * @param bias whether the convolution has one
   * @param leading [L, H]: tokens before the patches
   * @param before of the embeddings
   * @param after of the states
   */
  VisionTower tower(
      Edges size,
      Edges patch,
      boolean bias,
      float[] leading,
      PatchEmbedding.Places places,
      Norm before,
      Norm after) {
    int width = sizes.width();
    Weights weights = checkpoint.weights();
    weights.ignore("embeddings.position_ids");
    int positions = leading.length / width + size.patches(patch);
    return new VisionTower(
        PatchEmbedding.read(
            checkpoint,
            "embeddings.patch_embedding",
            width,
            size,
            patch,
            bias,
            leading,
            weights.tensor("embeddings.position_embedding.weight", positions, width).floats(),
            places),
        before,
        stack(layers(), after));
  }

  /** The layers as a stack. */
  EncoderStack stack(List<EncoderStack.Layer> layers, Norm after) {
    int width = sizes.width();
    return new EncoderStack(
        checkpoint.kernels(),
        width,
        sizes.heads(),
        width / sizes.heads(),
        sizes.scale(),
        PositionBias.NONE,
        layers,
        after);
  }

  private List<EncoderStack.Layer> layers() {
    return TowerSizes.Names.CLIP.layers(checkpoint, sizes, "encoder.layers.", true);
  }

  Norm norm(String name) {
    return checkpoint.layerNorm(name, sizes.width(), sizes.epsilon());
  }
}
