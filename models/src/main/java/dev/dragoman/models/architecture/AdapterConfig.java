package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An {@code adapter_config.json} as peft writes it. Keys that would make another computation than
 * {@code y + scale * B(A(x))} are refused by name.
 *
 * <p>Reference: <a
 * href="https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/config.py">peft,
 * lora/config.py</a>.
 *
 * @param targets which layers are adapted
 * @param partly whether other keys leave some of these out
 */
record AdapterConfig(
    int rank,
    double alpha,
    boolean rootScale,
    List<NamePattern> targets,
    boolean partly,
    Map<NamePattern, Double> ranks,
    Map<NamePattern, Double> alphas) {
  private static final String ALL = "all-linear";

  static AdapterConfig read(Path folder) {
    ModelConfig file = ModelConfig.readFile(folder.resolve("adapter_config.json"));
    file.only("peft_type", "LORA");
    file.text("peft_type");
    file.only("task_type", "CAUSAL_LM");
    file.only("bias", "none");
    for (String key :
        List.of(
            "alora_invocation_tokens",
            "arrow_config",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "layer_replication",
            "loftq_config",
            "lora_bias",
            "megatron_config",
            "modules_to_save",
            "target_parameters",
            "trainable_token_indices",
            "use_bdlora",
            "use_dora",
            "use_qalora")) {
      file.off(key);
    }
    initialisation(file);
    // Whether the weights are stored the other way round makes no difference to B(A(x)).
    file.flag("fan_in_fan_out", false);
    boolean partly =
        file.has("layers_to_transform")
            || file.has("layers_pattern")
            || file.has("exclude_modules");
    file.ignore(
        "auto_mapping",
        "base_model_name_or_path",
        "bias",
        "exclude_modules",
        "inference_mode",
        "layers_pattern",
        "layers_to_transform",
        "lora_dropout",
        "megatron_core",
        "peft_version",
        "qalora_group_size",
        "revision",
        "task_type");
    AdapterConfig config =
        new AdapterConfig(
            file.positive("r"),
            file.number("lora_alpha", 8),
            file.flag("use_rslora", false),
            targets(file),
            partly,
            patterns(file, "rank_pattern", section -> key -> (double) section.positive(key)),
            patterns(file, "alpha_pattern", section -> key -> section.number(key, 0)));
    file.refuseOthers();
    return config;
  }

  /** The kinds that change the model's own weights are not supported. */
  private static void initialisation(ModelConfig file) {
    if (file.isText("init_lora_weights")
        && !Set.of("gaussian", "orthogonal").contains(file.text("init_lora_weights"))) {
      throw file.wrong("init_lora_weights", "true, false, \"gaussian\" or \"orthogonal\"");
    }
    file.ignore("init_lora_weights");
  }

  private static List<NamePattern> targets(ModelConfig file) {
    if (file.isText("target_modules")) {
      String pattern = file.text("target_modules");
      return List.of(pattern(file, "target_modules", pattern.equals(ALL) ? ".*" : pattern));
    }
    List<String> names = file.texts("target_modules");
    if (names.isEmpty()) {
      throw file.wrong("target_modules", "a pattern, or names of layers");
    }
    return names.stream().map(name -> new NamePattern("(.*\\.)?" + Pattern.quote(name))).toList();
  }

  private static Map<NamePattern, Double> patterns(
      ModelConfig file, String key, Function<ModelConfig, Function<String, Double>> value) {
    Map<NamePattern, Double> patterns = new LinkedHashMap<>();
    ModelConfig section = file.section(key);
    for (String name : section.keys()) {
      patterns.put(
          pattern(file, key, "(.*\\.)?(?:" + name + ")"), value.apply(section).apply(name));
    }
    return patterns;
  }

  private static NamePattern pattern(ModelConfig file, String key, String pattern) {
    try {
      return new NamePattern(pattern);
    } catch (PatternSyntaxException e) {
      throw file.wrong(key, "patterns of names (" + e.getDescription() + ")");
    }
  }

  boolean adapts(String name) {
    return targets.stream().anyMatch(target -> target.matches(name));
  }

  int rank(String name) {
    return (int) first(ranks, name, rank);
  }

  /** What is added is multiplied by this. */
  double scale(String name) {
    int own = rank(name);
    return first(alphas, name, alpha) / (rootScale ? Math.sqrt(own) : own);
  }

  private static double first(Map<NamePattern, Double> patterns, String name, double otherwise) {
    for (Map.Entry<NamePattern, Double> entry : patterns.entrySet()) {
      if (entry.getKey().matches(name)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }
}
