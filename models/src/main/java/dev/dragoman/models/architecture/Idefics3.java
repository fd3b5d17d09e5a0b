package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Matrix;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Idefics3, and SmolVLM: tiles of a picture through a transformer as SigLIP has it, squares of
 * patches put together into tokens, and these into the text of a language model.
 *
 * <p>Papers: <a href="https://arxiv.org/abs/2408.12637">Laurençon et al., 2024</a>, <a
 * href="https://arxiv.org/abs/2504.05299">Marafioti et al., 2025</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/idefics3/modeling_idefics3.py">transformers,
 * modeling_idefics3.py</a>.
 */
final class Idefics3 {
  private static final Set<String> CLASSES =
      Set.of("Idefics3ForConditionalGeneration", "SmolVLMForConditionalGeneration");

  private Idefics3() {}

  static PictureModel open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    for (String name : file.texts("architectures")) {
      if (!CLASSES.contains(name)) {
        throw file.wrong("architectures", String.join(" or ", CLASSES.stream().sorted().toList()));
      }
    }
    file.text("model_type");
    TowerSizes.expectWhole(file);
    file.ignore(
        "_pad_token_id",
        "is_encoder_decoder",
        "transformers.js_config",
        "use_reentrant_checkpoints");
    int scale = file.positive("scale_factor", 2);
    int imageToken = file.whole("image_token_id", 128_257);
    boolean tied = file.flag("tie_word_embeddings", false);
    ModelConfig texts =
        file.section("text_config")
            .with("architectures", "LlamaForCausalLM")
            .with("tie_word_embeddings", tied);
    ModelConfig pictures = file.section("vision_config");
    file.ignore("vocab_size");
    file.refuseOthers();
    Weights weights = checkpoint.weights();
    Checkpoint seeing =
        new Checkpoint(pictures, weights.part("model.vision_model."), checkpoint.kernels(), false);
    VisionTower tower = tower(seeing);
    seeing.refuseOthers("Idefics3");
    Decoder decoder = decoder(checkpoint, texts);
    if (imageToken >= decoder.vocabulary()) {
      throw file.wrong("image_token_id", "less than the vocabulary " + decoder.vocabulary());
    }
    Matrix connector =
        checkpoint.linear(
            "model.connector.modality_projection.proj",
            decoder.width(),
            Math.multiplyExact(tower.width(), Math.multiplyExact(scale, scale)),
            false); // [H, E * scale^2]
    checkpoint.refuseOthers("Idefics3");
    return new PictureReader(checkpoint.kernels(), tower, connector, scale, decoder, imageToken);
  }

  private static VisionTower tower(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    TowerSizes.expect(file, Set.of("idefics3", "idefics3_vision", "smolvlm", "smolvlm_vision"));
    TowerSizes sizes =
        TowerSizes.read(
            file,
            new TowerSizes(1152, 12, 16, 3072, Activation.GELU_TANH, 1e-6),
            "gelu_pytorch_tanh");
    Edges size = Edges.read(file, "image_size", 224);
    Edges patch = Edges.read(file, "patch_size", 32);
    Vit.channels(file);
    file.off("use_base_siglip");
    // How the picture is cut is in preprocessor_config.json.
    file.ignore("max_image_size", "size");
    file.refuseOthers();
    ClipLike parts = new ClipLike(checkpoint, sizes);
    return parts.tower(
        size,
        patch,
        true,
        new float[0],
        PatchEmbedding.Places.FRACTIONAL,
        Norm.NONE,
        parts.norm("post_layernorm"));
  }

  /** The language model, which any architecture may be. */
  private static Decoder decoder(Checkpoint whole, ModelConfig texts) {
    texts.off("qk_layer_norms");
    texts.off("rope_interleaved");
    texts.off("use_resampler");
    texts.ignore(
        "_flash_attn_2_enabled",
        "is_llama_config",
        "neftune_noise_alpha",
        "perceiver_config",
        "pixel_shuffle_factor",
        "transformers.js_config");
    Map<String, String> names = new TreeMap<>();
    for (String name : whole.weights().names()) {
      if (name.startsWith("model.text_model.")) {
        names.put(name, "model." + name.substring("model.text_model.".length()));
      } else if (name.equals("lm_head.weight")) {
        names.put(name, name);
      }
    }
    return Architectures.decoder(texts, whole.weights().part(names), whole.kernels());
  }
}
