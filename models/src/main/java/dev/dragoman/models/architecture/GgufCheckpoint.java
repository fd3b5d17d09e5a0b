package dev.dragoman.models.architecture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.format.Gguf;
import dev.dragoman.models.format.Metadata;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says in the words of transformers what a GGUF file of llama.cpp says of its model (<a
 * href="https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py">keys and
 * names</a>). Keys of the architecture that are not known here are refused by name.
 */
final class GgufCheckpoint {
  private static final String SHORT_FACTORS = "rope_factors_short.weight";
  private static final String LONG_FACTORS = "rope_factors_long.weight";

  /** The keys, after the architecture's name, that are taken, or say nothing new. */
  private static final Set<String> KNOWN =
      Set.of(
          "attention.causal",
          "attention.head_count",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.layer_norm_epsilon",
          "attention.layer_norm_rms_epsilon",
          "attention.sliding_window",
          "attention.sliding_window_pattern",
          "attention.value_length",
          "block_count",
          "context_length",
          "embedding_length",
          "feed_forward_length",
          "final_logit_softcapping",
          "rope.dimension_count",
          "rope.freq_base",
          "rope.freq_base_swa",
          "rope.scale_linear",
          "rope.scaling.attn_factor",
          "rope.scaling.factor",
          "rope.scaling.finetuned",
          "rope.scaling.original_context_length",
          "rope.scaling.type",
          "vocab_size");

  private static final Map<String, String> LAYER =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_qkv", "self_attn.qkv_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));
  private static final Map<String, String> GEMMA_LAYER =
      Map.of(
          "ffn_norm",
          "pre_feedforward_layernorm",
          "post_attention_norm",
          "post_attention_layernorm",
          "post_ffw_norm",
          "post_feedforward_layernorm");
  private static final Map<String, String> GPT2_LAYER =
      Map.of(
          "attn_norm",
          "ln_1",
          "attn_qkv",
          "attn.c_attn",
          "attn_output",
          "attn.c_proj",
          "ffn_norm",
          "ln_2",
          "ffn_up",
          "mlp.c_fc",
          "ffn_down",
          "mlp.c_proj");
  private static final Map<String, String> OUTSIDE =
      Map.of("token_embd", "model.embed_tokens", "output_norm", "model.norm", "output", "lm_head");
  private static final Map<String, String> GPT2_OUTSIDE =
      Map.of(
          "token_embd",
          "transformer.wte",
          "position_embd",
          "transformer.wpe",
          "output_norm",
          "transformer.ln_f",
          "output",
          "lm_head");

  private final Metadata metadata;
  private final Weights weights;
  private final String architecture;
  private final ObjectNode config = JsonNodeFactory.instance.objectNode();

  private GgufCheckpoint(Metadata metadata, Weights weights) {
    this.metadata = metadata;
    this.weights = weights;
    this.architecture = metadata.text("general.architecture");
  }

  static Checkpoint read(Path path, Gguf gguf, Weights weights, Kernels kernels) {
    return new GgufCheckpoint(gguf.metadata(), weights).read(path, kernels);
  }

  private Checkpoint read(Path path, Kernels kernels) {
    for (String key : metadata.keys()) {
      if (key.startsWith(architecture + ".")
          && !KNOWN.contains(key.substring(architecture.length() + 1))) {
        throw metadata.wrong(key, "is not known here and might change what the model computes");
      }
    }
    switch (architecture) {
      case "llama", "qwen2", "qwen3", "gemma3", "phi3" -> common();
      case "gpt2" -> gpt2();
      default ->
          throw metadata.wrong(
              "general.architecture",
              "is \"%s\"; supported is llama, qwen2, qwen3, gemma3, phi3 or gpt2"
                  .formatted(architecture));
    }
    config.put("tie_word_embeddings", !weights.has("output.weight"));
    Map<String, String> layer = new TreeMap<>(architecture.equals("gpt2") ? GPT2_LAYER : LAYER);
    if (architecture.equals("gemma3")) {
      layer.putAll(GEMMA_LAYER);
    }
    if (architecture.equals("phi3")) {
      layer.put("ffn_up", "mlp.gate_up_proj");
    }
    Weights renamed = weights.renamed(name -> name(name, layer));
    renamed.ignore(SHORT_FACTORS);
    renamed.ignore(LONG_FACTORS);
    return new Checkpoint(ModelConfig.of(path, config), renamed, kernels, true);
  }

  private String name(String name, Map<String, String> layer) {
    boolean gpt2 = architecture.equals("gpt2");
    int dot = name.lastIndexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    String end = dot < 0 ? "" : name.substring(dot);
    String[] parts = stem.split("\\.", 3);
    if (parts.length == 3 && parts[0].equals("blk") && layer.containsKey(parts[2])) {
      String root = gpt2 ? "transformer.h." : "model.layers.";
      return root + parts[1] + "." + layer.get(parts[2]) + end;
    }
    String outside = (gpt2 ? GPT2_OUTSIDE : OUTSIDE).get(stem);
    return outside == null ? name : outside + end;
  }

  private void common() {
    int width = positive("embedding_length");
    int heads = positive("attention.head_count");
    int headWidth = metadata.positive(key("attention.key_length"), Math.max(1, width / heads));
    if (metadata.positive(key("attention.value_length"), headWidth) != headWidth) {
      throw metadata.wrong(key("attention.value_length"), "is not attention.key_length");
    }
    config.put("model_type", architecture.equals("gemma3") ? "gemma3_text" : architecture);
    config.put("vocab_size", vocabulary());
    config.put("hidden_size", width);
    config.put("num_hidden_layers", positive("block_count"));
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", metadata.positive(key("attention.head_count_kv"), heads));
    config.put("head_dim", headWidth);
    config.put("intermediate_size", positive("feed_forward_length"));
    config.put("max_position_embeddings", positive("context_length"));
    config.put("rms_norm_eps", metadata.real(key("attention.layer_norm_rms_epsilon")));
    switch (architecture) {
      case "llama" -> {
        config.put("attention_bias", weights.has("blk.0.attn_q.bias"));
        config.put("mlp_bias", weights.has("blk.0.ffn_gate.bias"));
      }
      case "qwen3" -> config.put("attention_bias", weights.has("blk.0.attn_q.bias"));
      case "phi3" -> window(0);
      case "gemma3" -> gemma3(width, heads, headWidth);
      default -> {}
    }
    rope(headWidth);
  }

  private void gemma3(int width, int heads, int headWidth) {
    window(4096);
    if (metadata.isArray(key("attention.sliding_window_pattern"))) {
      throw metadata.wrong(key("attention.sliding_window_pattern"), "is a list, not a number");
    }
    config.put(
        "sliding_window_pattern", metadata.positive(key("attention.sliding_window_pattern"), 6));
    // Only the model of 62 layers divides by another number than the width of a head.
    boolean largest = positive("block_count") == 62;
    config.put("query_pre_attn_scalar", largest ? width / heads : headWidth);
    config.put("rope_local_base_freq", metadata.real(key("rope.freq_base_swa"), 10_000));
    if (metadata.has(key("final_logit_softcapping"))) {
      config.put("final_logit_softcapping", metadata.real(key("final_logit_softcapping")));
    }
  }

  private void window(int absent) {
    int window = (int) metadata.integer(key("attention.sliding_window"), absent);
    if (window > 0) {
      config.put("sliding_window", window);
    }
  }

  private void rope(int headWidth) {
    config.put("rope_theta", metadata.real(key("rope.freq_base"), 10_000));
    int rotary = metadata.positive(key("rope.dimension_count"), headWidth);
    if (rotary != headWidth) {
      config.put("partial_rotary_factor", (double) rotary / headWidth);
    }
    double linear = metadata.real(key("rope.scale_linear"), 0);
    String type = metadata.text(key("rope.scaling.type"), linear > 0 ? "linear" : "none");
    if (weights.has(SHORT_FACTORS)) {
      type = "longrope";
    }
    if (type.equals("none")) {
      return;
    }
    ObjectNode scaling = config.putObject("rope_scaling");
    scaling.put("rope_type", type);
    if (metadata.has(key("rope.scaling.original_context_length"))) {
      scaling.put(
          "original_max_position_embeddings", positive("rope.scaling.original_context_length"));
    }
    double factor = metadata.real(key("rope.scaling.factor"), linear);
    double magnitude = metadata.real(key("rope.scaling.attn_factor"), 1);
    if (type.equals("longrope")) {
      scaling.put("attention_factor", magnitude);
      list(scaling.putArray("short_factor"), SHORT_FACTORS);
      list(scaling.putArray("long_factor"), LONG_FACTORS);
      // Beside the section it would go before what the section says.
      config.set(
          "original_max_position_embeddings", scaling.get("original_max_position_embeddings"));
      return;
    }
    scaling.put("factor", factor);
    if (magnitude != 1) {
      throw metadata.wrong(key("rope.scaling.attn_factor"), "is " + magnitude + ", not 1");
    }
  }

  private void list(ArrayNode list, String tensor) {
    for (float factor : weights.any(tensor).floats()) {
      list.add(factor);
    }
  }

  private void gpt2() {
    config.put("model_type", "gpt2");
    config.put("vocab_size", vocabulary());
    config.put("n_embd", positive("embedding_length"));
    config.put("n_layer", positive("block_count"));
    config.put("n_head", positive("attention.head_count"));
    config.put("n_inner", positive("feed_forward_length"));
    config.put("n_positions", positive("context_length"));
    config.put("layer_norm_epsilon", metadata.real(key("attention.layer_norm_epsilon")));
  }

  private int vocabulary() {
    long[] shape = weights.any("token_embd.weight").shape();
    long rows = shape.length == 2 ? shape[0] : 0;
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      throw metadata.wrong(key("vocab_size"), "does not fit the embeddings");
    }
    return (int) rows;
  }

  private int positive(String name) {
    return metadata.positive(key(name));
  }

  private String key(String name) {
    return architecture + "." + name;
  }
}
