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

/**
 * A Whisper model of CTranslate2 in the words of transformers (<a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/whisper_spec.py">its
 * specification</a>). Queries, keys and values that it stores as one are cut apart; the bias of
 * keys, which transformers has not, is zero or the model is refused.
 */
final class WhisperVariables {
  private static final String SPECIFICATION = "WhisperSpec";
  private static final int REVISION = 3;
  private static final int GELU = 3;

  private final Path folder;
  private final CTranslate2 file;
  private final Weights weights;
  private final ConvertedVariables names;

  private WhisperVariables(Path folder, CTranslate2 file, Weights weights) {
    this.folder = folder;
    this.file = file;
    this.weights = weights;
    this.names = new ConvertedVariables(folder, file, weights);
  }

  static Checkpoint checkpoint(Path folder, CTranslate2 file, Weights weights, Kernels kernels) {
    if (!file.specification().equals(SPECIFICATION) || file.revision() > REVISION) {
      throw new ModelException(
          "%s: model.bin is a %s, revision %d; supported is %s up to revision %d"
              .formatted(folder, file.specification(), file.revision(), SPECIFICATION, REVISION));
    }
    WhisperVariables variables = new WhisperVariables(folder, file, weights);
    ModelConfig config = variables.config();
    return new Checkpoint(config, variables.renamed(), kernels, false);
  }

  private ModelConfig config() {
    Tensor conv = weights.any("encoder/conv1/weight");
    Tensor words = weights.any("decoder/embeddings/weight");
    int encoderLayers = names.layers("encoder");
    int decoderLayers = names.layers("decoder");
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
    root.put("encoder_attention_heads", names.heads("encoder", conv.dimension(0)));
    root.put("decoder_attention_heads", names.heads("decoder", conv.dimension(0)));
    root.put("encoder_ffn_dim", weights.any("encoder/layer_0/ffn/linear_0/weight").dimension(0));
    root.put("decoder_ffn_dim", weights.any("decoder/layer_0/ffn/linear_0/weight").dimension(0));
    root.put("max_source_positions", positions.dimension(0));
    root.put("max_target_positions", targets.dimension(0));
    root.put("activation_function", names.activation("decoder", GELU));
    return ModelConfig.of(folder.resolve("model.bin"), root);
  }

  private Weights renamed() {
    for (String conv : new String[] {"conv1", "conv2"}) {
      names.move("encoder/" + conv + "/weight", "model.encoder." + conv + ".weight");
      names.move("encoder/" + conv + "/bias", "model.encoder." + conv + ".bias");
    }
    names.move("decoder/embeddings/weight", "model.decoder.embed_tokens.weight");
    weights.ignore("decoder/projection/weight");
    if (weights.has("decoder/projection/weight")
        && !names.same("decoder/projection/weight", "decoder/embeddings/weight")) {
      names.move("decoder/projection/weight", "proj_out.weight");
    }
    for (String side : new String[] {"encoder", "decoder"}) {
      String to = "model." + side + ".";
      names.move(side + "/position_encodings/encodings", to + "embed_positions.weight");
      names.norm(side + "/layer_norm", to + "layer_norm");
      for (int i = 0; i < names.layers(side); i++) {
        layer(side + "/layer_" + i + "/", to + "layers." + i + ".", side.equals("decoder"));
      }
    }
    return names.renamed();
  }

  private void layer(String from, String to, boolean crossed) {
    names.attention(from + "self_attention/", to, "self_attn");
    noBias(from + "self_attention/linear_0", to + "self_attn.k_proj.bias");
    if (crossed) {
      names.crossAttention(from + "attention/", to, "encoder_attn");
      noBias(from + "attention/linear_1", to + "encoder_attn.k_proj.bias");
    }
    names.feedForward(from + "ffn/", to);
  }

  private void noBias(String from, String name) {
    if (!zero(names.drop(name))) {
      throw names.wrong("has %s/bias with a bias of keys, which Whisper has not".formatted(from));
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
