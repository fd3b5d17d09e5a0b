package dev.dragoman.models.architecture;

import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Matrix;
import java.util.List;

/**
 * The parts that architectures share which name their tensors as Llama does. H is the width, Q that
 * of all queries of a token, K that of all keys, I the inner width, V the vocabulary.
 */
record LlamaLike(Checkpoint checkpoint, Sizes sizes, String root) {
  LlamaLike(Checkpoint checkpoint, Sizes sizes) {
    this(checkpoint, sizes, checkpoint.root("embed_tokens.weight", "model."));
  }

  String layer(int index) {
    return root + "layers." + index + ".";
  }

  /** [Q + 2K, H], from three matrices. */
  Matrix queryKeyValue(int layer, boolean bias) {
    String at = layer(layer) + "self_attn.";
    return checkpoint.joined(
        List.of(at + "q_proj", at + "k_proj", at + "v_proj"),
        new int[] {sizes.queries(), sizes.keys(), sizes.keys()},
        sizes.width(),
        bias);
  }

  /** [H, Q]. */
  Matrix attentionOut(int layer, boolean bias) {
    return checkpoint.linear(
        layer(layer) + "self_attn.o_proj", sizes.width(), sizes.queries(), bias);
  }

  /** [2I, H] from two matrices, then [H, I]. */
  FeedForward gated(int layer, Activation activation, boolean bias) {
    String at = layer(layer) + "mlp.";
    return new FeedForward.Gated(
        activation,
        checkpoint.joined(
            List.of(at + "gate_proj", at + "up_proj"),
            new int[] {sizes.inner(), sizes.inner()},
            sizes.width(),
            bias),
        checkpoint.linear(at + "down_proj", sizes.width(), sizes.inner(), bias));
  }

  Norm norm(String name) {
    return checkpoint.rmsNorm(name, sizes.width(), sizes.epsilon());
  }

  /** A block with a norm before each part, and none after. */
  Block block(int layer, CausalAttention attention, FeedForward feedForward) {
    checkpoint.weights().ignore(layer(layer) + "self_attn.rotary_emb.inv_freq");
    return new Block(
        Residual.pre(norm(layer(layer) + "input_layernorm")),
        attention,
        Residual.pre(norm(layer(layer) + "post_attention_layernorm")),
        feedForward);
  }

  /** The whole model, if no tensor is left over. */
  Decoder stack(RotaryEmbedding rope, List<Block> blocks, boolean tied, String architecture) {
    return stack(List.of(rope), blocks, norm(root + "norm"), 1, tied, 0, architecture);
  }

  Decoder stack(
      List<RotaryEmbedding> ropes,
      List<Block> blocks,
      Norm norm,
      float wordScale,
      boolean tied,
      float softCap,
      String architecture) {
    Tensor words = words();
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            sizes.positions(),
            words,
            wordScale,
            new float[0],
            DecoderStack.NO_PADDING,
            Norm.NONE,
            ropes,
            List.copyOf(blocks),
            norm,
            checkpoint.head(root + "embed_tokens", sizes.vocabulary(), sizes.width(), tied),
            softCap);
    checkpoint.refuseOthers(architecture);
    return decoder;
  }

  /** [V, H]. */
  Tensor words() {
    return checkpoint
        .weights()
        .tensor(root + "embed_tokens.weight", sizes.vocabulary(), sizes.width());
  }
}
