package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.Sight;
import dev.dragoman.models.vision.PixelValues;
import java.util.List;
import java.util.Set;

/**
 * SigLIP: as CLIP, but a picture is summed up by an attention of its own, a text is filled up to
 * all positions and seen whole, and each pair of the two has a probability of its own.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2303.15343">Zhai et al., 2023</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/siglip/modeling_siglip.py">transformers,
 * modeling_siglip.py</a>.
 */
final class Siglip {
  private static final TowerSizes ABSENT =
      new TowerSizes(768, 12, 12, 3072, Activation.GELU_TANH, 1e-6);
  private static final String ACTIVATION = "gelu_pytorch_tanh";

  private Siglip() {}

  static PictureModel open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    file.only("model_type", "siglip");
    TowerSizes.expectWhole(file);
    for (String name : file.texts("architectures")) {
      if (!name.equals("SiglipModel")) {
        throw file.wrong("architectures", "SiglipModel");
      }
    }
    file.ignore("initializer_factor");
    ModelConfig texts = file.section("text_config");
    ModelConfig pictures = file.section("vision_config");
    file.refuseOthers();
    Weights weights = checkpoint.weights();
    Kernels kernels = checkpoint.kernels();
    Checkpoint reading = new Checkpoint(texts, weights.part("text_model."), kernels, false);
    TowerSizes.expect(texts, Set.of("siglip_text_model"));
    TowerSizes textSizes = TowerSizes.read(texts, ABSENT, ACTIVATION);
    int vocabulary = texts.positive("vocab_size", 32_000);
    int positions = texts.positive("max_position_embeddings", 64);
    int projected = texts.positive("projection_size", textSizes.width());
    int padding = texts.whole("pad_token_id", 1);
    texts.refuseOthers();
    Decoder reader = new ClipLike(reading, textSizes).reader(vocabulary, positions, Sight.ALL);
    Matrix text = reading.linear("head", projected, textSizes.width(), true);
    reading.refuseOthers("SigLIP");
    Checkpoint seeing = new Checkpoint(pictures, weights.part("vision_model."), kernels, false);
    VisionTower tower = tower(seeing);
    if (projected != tower.width()) {
      throw texts.wrong("projection_size", "the width " + tower.width() + " of pictures");
    }
    Pooling pooling = Pooling.read(seeing, tower);
    seeing.refuseOthers("SigLIP");
    float scale = (float) Math.exp(weights.any("logit_scale").floats()[0]);
    float bias = weights.any("logit_bias").floats()[0];
    checkpoint.refuseOthers("SigLIP");
    return new TwoTowers(
        projected,
        positions,
        padding,
        scale,
        bias,
        false,
        tower.layers(),
        () -> new Run(kernels, tower, tower.session(), pooling, reader, reader.session(), text));
  }

  private static VisionTower tower(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    TowerSizes.expect(file, Set.of("siglip_vision_model"));
    TowerSizes sizes = TowerSizes.read(file, ABSENT, ACTIVATION);
    Edges size = Edges.read(file, "image_size", 224);
    Edges patch = Edges.read(file, "patch_size", 16);
    Vit.channels(file);
    if (!file.flag("vision_use_head", true)) {
      throw file.wrong("vision_use_head", "true");
    }
    file.refuseOthers();
    ClipLike parts = new ClipLike(checkpoint, sizes);
    return parts.tower(
        size,
        patch,
        true,
        new float[0],
        PatchEmbedding.Places.EXACT,
        Norm.NONE,
        parts.norm("post_layernorm"));
  }

  /**
   * What sums up a picture: one query, the same for all pictures, looks at all patches; then a
   * feed-forward part.
   *
   * @param query [H]: the projected query
   * @param keyValue [2H, H]
   * @param out [H, H]
   */
  private record Pooling(
      CacheShape shape,
      float scale,
      float[] query,
      Matrix keyValue,
      Matrix out,
      Norm norm,
      Activation activation,
      Matrix up,
      Matrix down) {
    static Pooling read(Checkpoint checkpoint, VisionTower tower) {
      int width = tower.width();
      EncoderStack stack = tower.stack();
      CacheShape shape = new CacheShape(stack.heads(), stack.heads(), stack.headWidth());
      Weights weights = checkpoint.weights();
      Tensor matrix = weights.tensor("head.attention.in_proj_weight", 3L * width, width);
      Tensor biases = weights.tensor("head.attention.in_proj_bias", 3L * width);
      float[] probe = weights.tensor("head.probe", 1, 1, width).floats();
      float[] query = new float[width];
      Kernels kernels = checkpoint.kernels();
      kernels.linear(
          1,
          probe,
          0,
          width,
          rows(kernels, matrix, biases, 0, width),
          Activation.NONE,
          query,
          0,
          width);
      FeedForward.Plain like = (FeedForward.Plain) stack.layers().getFirst().feedForward();
      return new Pooling(
          shape,
          stack.scale(),
          query,
          rows(kernels, matrix, biases, width, 2 * width),
          checkpoint.linear("head.attention.out_proj", width, width, true),
          checkpoint.layerNorm("head.layernorm", width, ((Norm.Layer) stack.norm()).epsilon()),
          like.activation(),
          checkpoint.linear("head.mlp.fc1", like.up().outputs(), width, true),
          checkpoint.linear("head.mlp.fc2", width, like.up().outputs(), true));
    }

    private static Matrix rows(Kernels kernels, Tensor matrix, Tensor biases, int from, int count) {
      int width = (int) matrix.dimension(1);
      float[] bias = new float[count];
      biases.read(from, bias, 0, count);
      return kernels.pack(
          count,
          width,
          (row, into, at) -> matrix.read((long) (from + row) * width, into, at, width),
          bias);
    }

    float[] apply(Kernels kernels, float[] states, int at, int tokens) {
      int width = query.length;
      float[] projected = new float[tokens * 2 * width]; // [T, 2H]
      kernels.linear(tokens, states, at, width, keyValue, Activation.NONE, projected, 0, 2 * width);
      KeyValues cache = kernels.keyValues(shape, CacheType.F32, tokens);
      cache.reserve(0, CacheShape.pages(tokens));
      kernels.cache(shape, tokens, projected, 0, 2 * width, cache, 0);
      float[] mixed = new float[width];
      kernels.attend(
          shape,
          scale,
          Sight.ALL,
          1,
          query,
          0,
          width,
          cache,
          tokens - 1,
          mixed,
          0,
          width,
          new float[kernels.attendScratch(shape, 1, tokens)]);
      float[] sum = new float[width];
      kernels.linear(1, mixed, 0, width, out, Activation.NONE, sum, 0, width);
      norm.apply(kernels, 1, width, sum, 0, mixed, 0);
      float[] raised = new float[up.outputs()];
      kernels.linear(1, mixed, 0, width, up, activation, raised, 0, raised.length);
      kernels.linear(1, raised, 0, raised.length, down, Activation.NONE, mixed, 0, width);
      kernels.add(width, mixed, 0, sum, 0);
      return sum;
    }
  }

  /**
   * Scratch.
   *
   * @param text [projected, width of the reader]
   */
  private record Run(
      Kernels kernels,
      VisionTower tower,
      VisionTower.Run eye,
      Pooling pooling,
      Decoder reader,
      Decoder.Session reading,
      Matrix text)
      implements TwoTowers.Session {
    @Override
    public float[][] pictures(List<PixelValues> pictures, Encoder.Layers layers) {
      float[] states = eye.run(pictures, layers);
      float[][] vectors = new float[pictures.size()][];
      for (int i = 0; i < vectors.length; i++) {
        int start = eye.start(i);
        vectors[i] =
            pooling.apply(kernels, states, start * tower.width(), eye.start(i + 1) - start);
      }
      return vectors;
    }

    @Override
    public float[] text(int[] ids, Encoder.Layers layers) {
      if (ids.length == 0) {
        throw new ModelException("there must be at least one token id");
      }
      Step step = new Step();
      step.add(reader.sequence(ids.length), ids, 0, ids.length, Step.Wanted.LAST);
      reading.run(step, layers);
      float[] vector = new float[text.outputs()];
      kernels.linear(
          1, reading.states(), 0, reader.width(), text, Activation.NONE, vector, 0, vector.length);
      return vector;
    }
  }
}
