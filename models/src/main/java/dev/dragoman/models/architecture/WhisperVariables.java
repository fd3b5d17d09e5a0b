package dev.dragoman.models.architecture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A Whisper model of CTranslate2 in the words of transformers (<a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/whisper_spec.py">its
 * specification</a>). Queries, keys and values that it stores as one are cut apart; the bias of
 * keys, which transformers has not, is zero or the model is refused.
 */
final class WhisperVariables {
  private static final String SPECIFICATION = "WhisperSpec";
  private static final int REVISION = 3;

  private final Path folder;
  private final CTranslate2 file;
  private final Weights weights;
  private final Map<String, Tensor> tensors = new HashMap<>();

  private WhisperVariables(Path folder, CTranslate2 file, Weights weights) {
    this.folder = folder;
    this.file = file;
    this.weights = weights;
  }

  static Checkpoint checkpoint(Path folder, CTranslate2 file, Weights weights, Kernels kernels) {
    if (!file.specification().equals(SPECIFICATION) || file.revision() > REVISION) {
      throw new ModelException(
          "%s: model.bin is a %s, revision %d; supported is %s up to revision %d"
              .formatted(folder, file.specification(), file.revision(), SPECIFICATION, REVISION));
    }
    WhisperVariables variables = new WhisperVariables(folder, file, weights);
    ModelConfig config = variables.config();
    return new Checkpoint(config, weights.rearranged(variables.tensors()), kernels, false);
  }

  private ModelConfig config() {
    Tensor conv = weights.any("encoder/conv1/weight");
    Tensor words = weights.any("decoder/embeddings/weight");
    int encoderLayers = layers("encoder/");
    int decoderLayers = layers("decoder/");
    Tensor positions = weights.any("encoder/position_encodings/encodings");
    Tensor targets = weights.any("decoder/position_encodings/encodings");
    if (!file.flag("decoder/pre_norm", true)
        || !file.flag("encoder/pre_norm", true)
        || file.flag("decoder/scale_embeddings", false)
        || file.flag("decoder/start_from_zero_embedding", false)
        || file.flag("decoder/alibi", false)) {
      throw new ModelException(
          folder
              + ": model.bin is a Whisper with pre_norm off, or scale_embeddings,"
              + " start_from_zero_embedding or alibi on, which no published one has");
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model_type", "whisper");
    root.putArray("architectures").add("WhisperForConditionalGeneration");
    root.put("vocab_size", words.dimension(0));
    root.put("d_model", conv.dimension(0));
    root.put("num_mel_bins", conv.dimension(1));
    root.put("encoder_layers", encoderLayers);
    root.put("decoder_layers", decoderLayers);
    root.put("encoder_attention_heads", file.whole("encoder/num_heads"));
    root.put("decoder_attention_heads", file.whole("decoder/num_heads"));
    root.put("encoder_ffn_dim", weights.any("encoder/layer_0/ffn/linear_0/weight").dimension(0));
    root.put("decoder_ffn_dim", weights.any("decoder/layer_0/ffn/linear_0/weight").dimension(0));
    root.put("max_source_positions", positions.dimension(0));
    root.put("max_target_positions", targets.dimension(0));
    root.put("activation_function", activation());
    return ModelConfig.of(folder.resolve("model.bin"), root);
  }

  private String activation() {
    double code = file.setting("decoder/activation").orElse(3);
    return switch ((int) code) {
      case 0 -> "relu";
      case 1 -> "gelu_new";
      case 2 -> "silu";
      case 3 -> "gelu";
      case 4 -> "quick_gelu";
      default ->
          throw new ModelException(
              "%s: decoder/activation of model.bin is %s, which is not known here"
                  .formatted(folder, code));
    };
  }

  private int layers(String side) {
    int count = 0;
    while (weights.has(side + "layer_" + count + "/ffn/linear_0/weight")) {
      count++;
    }
    return count;
  }

  private Map<String, Tensor> tensors() {
    for (String conv : new String[] {"conv1", "conv2"}) {
      move("encoder/" + conv + "/weight", "model.encoder." + conv + ".weight");
      move("encoder/" + conv + "/bias", "model.encoder." + conv + ".bias");
    }
    move("decoder/embeddings/weight", "model.decoder.embed_tokens.weight");
    weights.ignore("decoder/projection/weight");
    if (weights.has("decoder/projection/weight")
        && weights.any("decoder/projection/weight").bytes().address()
            != weights.any("decoder/embeddings/weight").bytes().address()) {
      move("decoder/projection/weight", "proj_out.weight");
    }
    for (String side : new String[] {"encoder", "decoder"}) {
      String to = "model." + side + ".";
      move(side + "/position_encodings/encodings", to + "embed_positions.weight");
      norm(side + "/layer_norm", to + "layer_norm");
      for (int i = 0; i < layers(side + "/"); i++) {
        layer(side + "/layer_" + i + "/", to + "layers." + i + ".", side.equals("decoder"));
      }
    }
    return tensors;
  }

  private void layer(String from, String to, boolean crossed) {
    String own = from + "self_attention/";
    norm(own + "layer_norm", to + "self_attn_layer_norm");
    split(own + "linear_0", to + "self_attn.", "q_proj", "k_proj", "v_proj");
    split(own + "linear_1", to + "self_attn.", "out_proj");
    if (crossed) {
      String other = from + "attention/";
      norm(other + "layer_norm", to + "encoder_attn_layer_norm");
      split(other + "linear_0", to + "encoder_attn.", "q_proj");
      split(other + "linear_1", to + "encoder_attn.", "k_proj", "v_proj");
      split(other + "linear_2", to + "encoder_attn.", "out_proj");
    }
    norm(from + "ffn/layer_norm", to + "final_layer_norm");
    split(from + "ffn/linear_0", to, "fc1");
    split(from + "ffn/linear_1", to, "fc2");
  }

  private void norm(String from, String to) {
    move(from + "/gamma", to + ".weight");
    move(from + "/beta", to + ".bias");
  }

  private void move(String from, String to) {
    tensors.put(to, weights.any(from).rows(to, 0, weights.any(from).dimension(0)));
  }

  /** Cuts a linear layer into some of equally many outputs. */
  private void split(String from, String to, String... parts) {
    for (String kind : new String[] {"weight", "bias"}) {
      Tensor whole = weights.any(from + "/" + kind);
      long rows = whole.dimension(0) / parts.length;
      for (int i = 0; i < parts.length; i++) {
        String name = to + parts[i] + "." + kind;
        Tensor part = whole.rows(name, i * rows, rows);
        if (!name.endsWith("k_proj.bias")) {
          tensors.put(name, part);
        } else if (!zero(part)) {
          throw new ModelException(
              "%s: %s/bias of model.bin has a bias of keys, which Whisper has not"
                  .formatted(folder, from));
        }
      }
    }
  }

  private static boolean zero(Tensor tensor) {
    for (float number : tensor.floats()) {
      if (number != 0) {
        return false;
      }
    }
    return true;
  }
}
