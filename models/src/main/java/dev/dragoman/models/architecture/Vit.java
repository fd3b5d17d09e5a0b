package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.PositionBias;
import java.util.List;
import java.util.Set;

/**
 * ViT, and DeiT with its second token for the whole picture: patches through layers with norms
 * before each part.
 *
 * <p>Papers: <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al., 2020</a>, <a
 * href="https://arxiv.org/abs/2012.12877">Touvron et al., 2020</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/vit/modeling_vit.py">transformers,
 * modeling_vit.py</a>.
 */
final class Vit {
  private static final TowerSizes.Names NAMES =
      new TowerSizes.Names(
          List.of(
              "attention.attention.query", "attention.attention.key", "attention.attention.value"),
          "attention.output.dense",
          "layernorm_before",
          "intermediate.dense",
          "output.dense",
          "layernorm_after");
  private static final TowerSizes.Names NEW_NAMES =
      new TowerSizes.Names(
          List.of("attention.q_proj", "attention.k_proj", "attention.v_proj"),
          "attention.o_proj",
          "layernorm_before",
          "mlp.fc1",
          "mlp.fc2",
          "layernorm_after");

  private Vit() {}

  static boolean isOne(ModelConfig file) {
    return Set.of("vit", "deit").contains(file.text("model_type", ""));
  }

  /** The model whose tensors have no prefix. */
  static VisionTower open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    boolean distilled = file.text("model_type").equals("deit");
    TowerSizes.expect(file, Set.of("vit", "deit"));
    file.ignore("encoder_stride", "pooler_act", "pooler_output_size");
    TowerSizes sizes =
        TowerSizes.read(file, new TowerSizes(768, 12, 12, 3072, Activation.GELU, 1e-12), "gelu");
    Edges size = Edges.read(file, "image_size", 224);
    Edges patch = Edges.read(file, "patch_size", 16);
    boolean bias = file.flag("qkv_bias", true);
    channels(file);
    file.refuseOthers();
    int width = sizes.width();
    Weights weights = checkpoint.weights();
    int before = distilled ? 2 : 1;
    float[] leading = new float[before * width]; // [L, H]
    weights.tensor("embeddings.cls_token", 1, 1, width).read(0, leading, 0, width);
    if (distilled) {
      weights.tensor("embeddings.distillation_token", 1, 1, width).read(0, leading, width, width);
    }
    PatchEmbedding patches =
        PatchEmbedding.read(
            checkpoint,
            "embeddings.patch_embeddings.projection",
            width,
            size,
            patch,
            true,
            leading,
            weights
                .tensor("embeddings.position_embeddings", 1, before + size.patches(patch), width)
                .floats(),
            PatchEmbedding.Places.EXACT);
    boolean old = weights.has("encoder.layer.0.layernorm_before.weight");
    VisionTower tower =
        new VisionTower(
            patches,
            Norm.NONE,
            new EncoderStack(
                checkpoint.kernels(),
                width,
                sizes.heads(),
                width / sizes.heads(),
                sizes.scale(),
                PositionBias.NONE,
                old
                    ? NAMES.layers(checkpoint, sizes, "encoder.layer.", bias)
                    : NEW_NAMES.layers(checkpoint, sizes, "layers.", bias),
                checkpoint.layerNorm("layernorm", width, sizes.epsilon())));
    weights.ignore("embeddings.mask_token");
    weights.ignore("pooler.dense.weight");
    weights.ignore("pooler.dense.bias");
    checkpoint.refuseOthers("ViT");
    return tower;
  }

  /** Refuses pictures that have no red, green and blue. */
  static void channels(ModelConfig file) {
    if (file.positive("num_channels", 3) != 3) {
      throw file.wrong("num_channels", "3");
    }
  }
}
