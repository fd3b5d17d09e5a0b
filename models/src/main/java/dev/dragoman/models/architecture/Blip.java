package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * BLIP, for captions and for questions: a transformer over patches, and BERT with attention to it,
 * once to read a question and once to write. H is a width, I an inner width, V the vocabulary, P a
 * number of positions.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2201.12086">Li et al., 2022</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/blip/modeling_blip.py">transformers,
 * modeling_blip.py</a>.
 */
final class Blip {
  private static final String CAPTIONS = "BlipForConditionalGeneration";
  private static final String QUESTIONS = "BlipForQuestionAnswering";
  private static final TowerSizes.Names VISION =
      new TowerSizes.Names(
          List.of("self_attn.qkv"),
          "self_attn.projection",
          "layer_norm1",
          "mlp.fc1",
          "mlp.fc2",
          "layer_norm2");

  private Blip() {}

  static PictureModel open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    file.only("model_type", "blip");
    TowerSizes.expectWhole(file);
    List<String> classes = file.texts("architectures");
    if (classes.stream().anyMatch(name -> !Set.of(CAPTIONS, QUESTIONS).contains(name))) {
      throw file.wrong("architectures", CAPTIONS + " or " + QUESTIONS);
    }
    file.ignore(
        "image_text_hidden_size",
        "initializer_factor",
        "is_encoder_decoder",
        "label_smoothing",
        "logit_scale_init_value",
        "projection_dim");
    ModelConfig texts = file.section("text_config");
    ModelConfig pictures = file.section("vision_config");
    file.refuseOthers();
    Weights weights = checkpoint.weights();
    Checkpoint seeing = part(checkpoint, pictures, "vision_model.");
    VisionTower tower = tower(seeing);
    Text text = Text.read(texts, tower.width());
    boolean asked =
        classes.contains(QUESTIONS)
            || classes.isEmpty() && weights.has("text_encoder.embeddings.LayerNorm.weight");
    Optional<Decoder> questions = Optional.empty();
    if (asked) {
      Checkpoint reading = part(checkpoint, texts, "text_encoder.");
      questions =
          Optional.of(
              text.stack(reading, "", Sight.ALL, tower.width(), Norm.NONE, Optional.empty()));
      reading.refuseOthers("BLIP");
    }
    Checkpoint writing = part(checkpoint, texts, "text_decoder.");
    Decoder decoder = text.writer(writing, asked ? text.sizes.width() : tower.width());
    writing.refuseOthers("BLIP");
    weights.ignore("logit_scale");
    checkpoint.refuseOthers("BLIP");
    return new PictureWriter(checkpoint.kernels(), tower, Optional.empty(), questions, decoder);
  }

  private static Checkpoint part(Checkpoint whole, ModelConfig section, String prefix) {
    return new Checkpoint(section, whole.weights().part(prefix), whole.kernels(), false);
  }

  private static VisionTower tower(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    TowerSizes.expect(file, Set.of("blip_vision_model"));
    TowerSizes sizes =
        TowerSizes.read(file, new TowerSizes(768, 12, 12, 3072, Activation.GELU, 1e-5), "gelu");
    Edges size = Edges.read(file, "image_size", 384);
    Edges patch = Edges.read(file, "patch_size", 16);
    Vit.channels(file);
    file.refuseOthers();
    int width = sizes.width();
    Weights weights = checkpoint.weights();
    VisionTower tower =
        new VisionTower(
            PatchEmbedding.read(
                checkpoint,
                "embeddings.patch_embedding",
                width,
                size,
                patch,
                true,
                weights.tensor("embeddings.class_embedding", 1, 1, width).floats(),
                weights
                    .tensor("embeddings.position_embedding", 1, 1 + size.patches(patch), width)
                    .floats(),
                PatchEmbedding.Places.FIRST),
            Norm.NONE,
            new EncoderStack(
                checkpoint.kernels(),
                width,
                sizes.heads(),
                width / sizes.heads(),
                sizes.scale(),
                PositionBias.NONE,
                VISION.layers(checkpoint, sizes, "encoder.layers.", true),
                checkpoint.layerNorm("post_layernorm", width, sizes.epsilon())));
    checkpoint.refuseOthers("BLIP");
    return tower;
  }

  /** What both transformers over text have in common. */
  private record Text(TowerSizes sizes, int vocabulary, int positions) {
    static Text read(ModelConfig file, int seen) {
      TowerSizes.expect(file, Set.of("blip_text_model"));
      file.ignore("encoder_hidden_size");
      Text text =
          new Text(
              TowerSizes.read(
                  file, new TowerSizes(768, 12, 8, 3072, Activation.GELU, 1e-12), "gelu"),
              file.positive("vocab_size", 30_524),
              file.positive("max_position_embeddings", 512));
      if (file.has("encoder_hidden_size") && file.positive("encoder_hidden_size") != seen) {
        throw file.wrong("encoder_hidden_size", "the width " + seen + " of pictures");
      }
      file.refuseOthers();
      return text;
    }

    /** With a head. */
    Decoder writer(Checkpoint checkpoint, int seen) {
      int width = sizes.width();
      Weights weights = checkpoint.weights();
      String head = "cls.predictions.";
      Norm transform =
          new Norm.Transformed(
              checkpoint.linear(head + "transform.dense", width, width, true), // [H, H]
              sizes.activation(),
              checkpoint.layerNorm(head + "transform.LayerNorm", width, sizes.epsilon()));
      boolean own = weights.has(head + "decoder.weight");
      Tensor words =
          weights.tensor(
              own ? head + "decoder.weight" : "bert.embeddings.word_embeddings.weight",
              vocabulary,
              width);
      boolean ownBias = weights.has(head + "decoder.bias");
      float[] bias = checkpoint.floats(ownBias ? head + "decoder.bias" : head + "bias", vocabulary);
      weights.ignore(head + "bias");
      Matrix matrix =
          checkpoint
              .kernels()
              .pack(
                  vocabulary,
                  width,
                  (row, into, at) -> words.read((long) row * width, into, at, width),
                  bias); // [V, H]
      return stack(checkpoint, "bert.", Sight.BACK, seen, transform, Optional.of(matrix));
    }

    /**
     * The transformer.
     *
     * @param seen width of what it looks at
     * @param last of the states
     */
    Decoder stack(
        Checkpoint checkpoint,
        String root,
        Sight sight,
        int seen,
        Norm last,
        Optional<Matrix> head) {
      int width = sizes.width();
      Weights weights = checkpoint.weights();
      String embeddings = root + "embeddings.";
      weights.ignore(embeddings + "position_ids");
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < sizes.layers(); i++) {
        blocks.add(block(checkpoint, root + "encoder.layer." + i + ".", sight, seen));
      }
      return new DecoderStack(
          checkpoint.kernels(),
          checkpoint.modules(),
          sizes.shape(),
          positions,
          weights.tensor(embeddings + "word_embeddings.weight", vocabulary, width),
          1,
          weights.tensor(embeddings + "position_embeddings.weight", positions, width).floats(),
          DecoderStack.NO_PADDING,
          checkpoint.layerNorm(embeddings + "LayerNorm", width, sizes.epsilon()),
          List.of(),
          List.copyOf(blocks),
          last,
          head,
          0);
    }

    private Block block(Checkpoint checkpoint, String at, Sight sight, int seen) {
      int width = sizes.width();
      CacheShape shape = sizes.shape();
      String own = at + "attention.";
      String other = at + "crossattention.";
      CausalAttention attention =
          new CausalAttention(
              shape,
              checkpoint.joined(
                  List.of(own + "self.query", own + "self.key", own + "self.value"),
                  new int[] {width, width, width},
                  width,
                  true), // [3H, H]
              checkpoint.linear(own + "output.dense", width, width, true), // [H, H]
              Norm.NONE,
              Norm.NONE,
              CausalAttention.NO_ROPE,
              sizes.scale(),
              sight);
      CrossAttention cross =
          new CrossAttention(
              shape,
              checkpoint.linear(other + "self.query", width, width, true), // [H, H]
              checkpoint.joined(
                  List.of(other + "self.key", other + "self.value"),
                  new int[] {width, width},
                  seen,
                  true), // [2H, E]
              checkpoint.linear(other + "output.dense", width, width, true), // [H, H]
              sizes.scale());
      return new Block(
          after(checkpoint, own + "output.LayerNorm"),
          attention,
          after(checkpoint, other + "output.LayerNorm"),
          Optional.of(cross),
          after(checkpoint, at + "output.LayerNorm"),
          new FeedForward.Plain(
              sizes.activation(),
              checkpoint.linear(at + "intermediate.dense", sizes.inner(), width, true), // [I, H]
              checkpoint.linear(at + "output.dense", width, sizes.inner(), true))); // [H, I]
    }

    private Residual after(Checkpoint checkpoint, String name) {
      return Residual.post(checkpoint.layerNorm(name, sizes.width(), sizes.epsilon()));
    }
  }
}
