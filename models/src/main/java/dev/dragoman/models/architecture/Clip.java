package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.Sight;
import dev.dragoman.models.vision.PixelValues;
import java.util.List;
import java.util.Set;

/**
 * CLIP: a transformer over patches, one over text that only looks back, and a projection of each
 * into one space.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2103.00020">Radford et al., 2021</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/clip/modeling_clip.py">transformers,
 * modeling_clip.py</a>.
 */
final class Clip {
  /** What files said before it was noticed to be wrong; then the highest id of a text counts. */
  private static final int OLD_END = 2;

  private Clip() {}

  static PictureModel open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    file.only("model_type", "clip");
    TowerSizes.expectWhole(file);
    for (String name : file.texts("architectures")) {
      if (!name.equals("CLIPModel")) {
        throw file.wrong("architectures", "CLIPModel");
      }
    }
    file.ignore("initializer_factor", "logit_scale_init_value");
    int projected = file.positive("projection_dim", 512);
    ModelConfig texts = section(file, "text_config");
    ModelConfig pictures = section(file, "vision_config");
    file.refuseOthers();
    Weights weights = checkpoint.weights();
    Decoder reader =
        reader(new Checkpoint(texts, weights.part("text_model."), checkpoint.kernels(), false));
    int end = texts.whole("eos_token_id", 49_407);
    Checkpoint seeing =
        new Checkpoint(pictures, weights.part("vision_model."), checkpoint.kernels(), false);
    TowerSizes sizes = sizes(pictures, 768, 12, 3072);
    VisionTower tower = tower(seeing, sizes);
    Norm after = seeing.layerNorm("post_layernorm", sizes.width(), sizes.epsilon());
    seeing.refuseOthers("CLIP");
    Matrix text = checkpoint.linear("text_projection", projected, reader.width(), false);
    Matrix picture = checkpoint.linear("visual_projection", projected, sizes.width(), false);
    float scale = (float) Math.exp(weights.any("logit_scale").floats()[0]);
    checkpoint.refuseOthers("CLIP");
    Kernels kernels = checkpoint.kernels();
    return new TwoTowers(
        projected,
        reader.positions(),
        -1,
        scale,
        0,
        true,
        tower.layers(),
        () -> new Run(kernels, tower, after, picture, reader, end, text));
  }

  /** A section, or what an older file calls by another name with more right. */
  private static ModelConfig section(ModelConfig file, String key) {
    String old = key + "_dict";
    boolean other = file.has(old);
    ModelConfig section = file.section(other ? old : key);
    file.ignore(key, old);
    return section;
  }

  private static TowerSizes sizes(ModelConfig file, int width, int heads, int inner) {
    return TowerSizes.read(
        file, new TowerSizes(width, 12, heads, inner, Activation.GELU_QUICK, 1e-5), "quick_gelu");
  }

  private static Decoder reader(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    TowerSizes.expect(file, Set.of("clip_text_model"));
    TowerSizes sizes = sizes(file, 512, 8, 2048);
    int vocabulary = file.positive("vocab_size", 49_408);
    int positions = file.positive("max_position_embeddings", 77);
    file.refuseOthers();
    Decoder reader = new ClipLike(checkpoint, sizes).reader(vocabulary, positions, Sight.BACK);
    checkpoint.refuseOthers("CLIP");
    return reader;
  }

  private static VisionTower tower(Checkpoint checkpoint, TowerSizes sizes) {
    ModelConfig file = checkpoint.config();
    TowerSizes.expect(file, Set.of("clip_vision_model"));
    Edges size = Edges.read(file, "image_size", 224);
    Edges patch = Edges.read(file, "patch_size", 32);
    Vit.channels(file);
    file.refuseOthers();
    ClipLike parts = new ClipLike(checkpoint, sizes);
    return parts.tower(
        size,
        patch,
        false,
        checkpoint.floats("embeddings.class_embedding", sizes.width()),
        PatchEmbedding.Places.EXACT,
        parts.norm("pre_layrnorm"),
        Norm.NONE);
  }

  /**
   * Scratch.
   *
   * @param after of the first token of a picture
   * @param picture [projected, width of the tower]
   * @param end the token at which a text is looked at
   * @param text [projected, width of the reader]
   */
  private record Run(
      Kernels kernels,
      VisionTower.Run eye,
      int seen,
      Norm after,
      Matrix picture,
      Decoder reader,
      Decoder.Session reading,
      int end,
      Matrix text)
      implements TwoTowers.Session {
    Run(
        Kernels kernels,
        VisionTower tower,
        Norm after,
        Matrix picture,
        Decoder reader,
        int end,
        Matrix text) {
      this(
          kernels,
          tower.session(),
          tower.width(),
          after,
          picture,
          reader,
          reader.session(),
          end,
          text);
    }

    @Override
    public float[][] pictures(List<PixelValues> pictures, Encoder.Layers layers) {
      float[] states = eye.run(pictures, layers);
      float[][] vectors = new float[pictures.size()][picture.outputs()];
      float[] first = new float[seen];
      for (int i = 0; i < vectors.length; i++) {
        after.apply(kernels, 1, seen, states, eye.start(i) * seen, first, 0);
        kernels.linear(
            1, first, 0, seen, picture, Activation.NONE, vectors[i], 0, picture.outputs());
      }
      return vectors;
    }

    @Override
    public float[] text(int[] ids, Encoder.Layers layers) {
      if (ids.length == 0) {
        throw new ModelException("there must be at least one token id");
      }
      Step step = new Step();
      step.add(reader.sequence(ids.length), ids, 0, ids.length, Step.Wanted.ALL);
      reading.run(step, layers);
      int width = reader.width();
      float[] vector = new float[text.outputs()];
      kernels.linear(
          1,
          reading.states(),
          last(ids) * width,
          width,
          text,
          Activation.NONE,
          vector,
          0,
          vector.length);
      return vector;
    }

    private int last(int[] ids) {
      int found = 0;
      for (int i = ids.length - 1; i >= 0; i--) {
        if (end == OLD_END ? ids[i] >= ids[found] : ids[i] == end) {
          found = i;
        }
      }
      return found;
    }
  }
}
