package dev.dragoman.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the files of sentence-transformers say about a model, where they are there: {@code
 * modules.json} and the folders it names, {@code sentence_bert_config.json}, {@code
 * tokenizer_config.json} and {@code config_sentence_transformers.json}.
 *
 * @param poolings whose vectors are put one after the other
 * @param steps what is done to the vector then, without a last scaling to unit length, which the
 *     caller's options decide on
 * @param maxTokens where texts are cut off
 * @param prompts what can be put before a text, by name
 * @param defaultPrompt the name of the one that is, if the caller asks for none
 */
record SentenceSettings(
    List<Pooling> poolings,
    List<SentenceStep> steps,
    OptionalInt maxTokens,
    Map<String, String> prompts,
    Optional<String> defaultPrompt) {
  private static final String MODULES = "modules.json";

  /** Older files have a switch for each mode, put together in this order. */
  private static final Map<String, String> LEGACY = legacy();

  private static Map<String, String> legacy() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("pooling_mode_cls_token", "cls");
    keys.put("pooling_mode_max_tokens", "max");
    keys.put("pooling_mode_mean_tokens", "mean");
    keys.put("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens");
    keys.put("pooling_mode_weightedmean_tokens", "weightedmean");
    keys.put("pooling_mode_lasttoken", "lasttoken");
    return keys;
  }

  /** For multilingual-e5-small in one file, which holds nothing but the model. */
  static SentenceSettings packedE5() {
    return new SentenceSettings(
        List.of(Pooling.MEAN),
        List.of(),
        OptionalInt.empty(),
        Map.of("query", "query: ", "passage", "passage: "),
        Optional.empty());
  }

  /** Where the transformer itself is: the folder, or one in it that modules.json names. */
  static Path transformer(Path folder) {
    Path file = folder.resolve(MODULES);
    if (Files.isRegularFile(file)) {
      for (JsonNode module : JsonFile.read(file)) {
        if (kind(module).equals("Transformer")) {
          return within(folder, module.path("path").asText());
        }
      }
    }
    return folder;
  }

  static SentenceSettings read(Path folder, boolean tokenizerLowercases, Kernels kernels) {
    OptionalInt maxTokens = maxTokens(transformer(folder), tokenizerLowercases);
    Path settings = folder.resolve("config_sentence_transformers.json");
    Map<String, String> prompts = new LinkedHashMap<>();
    Optional<String> defaultPrompt = Optional.empty();
    if (Files.isRegularFile(settings)) {
      JsonNode root = JsonFile.read(settings);
      root.path("prompts")
          .properties()
          .forEach(prompt -> prompts.put(prompt.getKey(), prompt.getValue().asText("")));
      defaultPrompt = Optional.ofNullable(root.path("default_prompt_name").textValue());
    }
    Path file = folder.resolve(MODULES);
    if (!Files.isRegularFile(file)) {
      return new SentenceSettings(
          List.of(Pooling.MEAN), List.of(), maxTokens, prompts, defaultPrompt);
    }
    List<Pooling> poolings = List.of();
    List<SentenceStep> steps = new ArrayList<>();
    for (JsonNode module : JsonFile.read(file)) {
      Path at = within(folder, module.path("path").asText());
      switch (kind(module)) {
        case "Transformer", "Dropout" -> {}
        case "Pooling" -> poolings = poolings(at);
        case "Normalize" -> steps.add(unitLength(at));
        case "Dense" -> steps.add(SentenceStep.Dense.read(at, kernels));
        case "LayerNorm" -> steps.add(SentenceStep.Norm.read(at));
        default ->
            throw new ModelException(
                file + ": module \"" + module.path("type").asText() + "\" is not supported");
      }
    }
    if (poolings.isEmpty()) {
      poolings = List.of(Pooling.MEAN);
    }
    if (!steps.isEmpty() && steps.getLast() instanceof SentenceStep.UnitLength) {
      steps.removeLast();
    }
    return new SentenceSettings(poolings, List.copyOf(steps), maxTokens, prompts, defaultPrompt);
  }

  /** The prompt that is put before texts. */
  String prompt(EmbedOptions options) {
    if (options.prompt().isEmpty() && !options.prefix().isEmpty()) {
      return options.prefix();
    }
    Optional<String> name = options.prompt().or(() -> defaultPrompt);
    if (name.isEmpty()) {
      return "";
    }
    String prompt = prompts.get(name.get());
    if (prompt == null) {
      throw new ModelException(
          "the model has no prompt named \"%s\"%s"
              .formatted(name.get(), Nearest.hint(name.get(), prompts.keySet())));
    }
    return prompt + options.prefix();
  }

  private static String kind(JsonNode module) {
    String type = module.path("type").asText();
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static Path within(Path folder, String path) {
    Path inside = folder.resolve(path).normalize();
    if (!inside.startsWith(folder.normalize())) {
      throw new ModelException("modules.json points out of its folder: " + path);
    }
    return inside;
  }

  private static SentenceStep unitLength(Path folder) {
    if (Files.isRegularFile(folder.resolve("config.json"))) {
      ModelConfig config = ModelConfig.readFile(folder.resolve("config.json"));
      config.only("module_input_name", "sentence_embedding");
      config.only("module_output_name", "sentence_embedding");
      config.refuseOthers();
    }
    return new SentenceStep.UnitLength();
  }

  private static List<Pooling> poolings(Path folder) {
    Path file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return List.of(Pooling.MEAN);
    }
    ModelConfig config = ModelConfig.readFile(file);
    config.ignore("word_embedding_dimension", "embedding_dimension");
    if (!config.flag("include_prompt", true)) {
      throw config.wrong("include_prompt", "true");
    }
    Set<String> modes = new LinkedHashSet<>();
    for (String mode : config.textsOr("pooling_mode", ",")) {
      modes.add(mode);
    }
    LEGACY.forEach((key, mode) -> {
      if (config.flag(key, false)) {
        modes.add(mode);
      }
    });
    config.refuseOthers();
    if (modes.isEmpty()) {
      return List.of(Pooling.MEAN);
    }
    return modes.stream().map(mode -> pooling(config, mode)).toList();
  }

  private static Pooling pooling(ModelConfig config, String mode) {
    return switch (mode) {
      case "mean" -> Pooling.MEAN;
      case "cls" -> Pooling.CLS;
      case "max" -> Pooling.MAX;
      case "lasttoken" -> Pooling.LAST;
      case "mean_sqrt_len_tokens" -> Pooling.MEAN_SQRT;
      case "weightedmean" -> Pooling.WEIGHTED;
      default ->
          throw config.wrong(
              "pooling_mode", "mean, cls, max, lasttoken, mean_sqrt_len_tokens or weightedmean");
    };
  }

  private static OptionalInt maxTokens(Path folder, boolean tokenizerLowercases) {
    Path sentence = folder.resolve("sentence_bert_config.json");
    if (Files.isRegularFile(sentence)) {
      ModelConfig config = ModelConfig.readFile(sentence);
      if (config.flag("do_lower_case", false) && !tokenizerLowercases) {
        throw config.wrong("do_lower_case", "false, or a tokenizer that makes lower case itself");
      }
      if (config.has("max_seq_length")) {
        return OptionalInt.of(config.positive("max_seq_length"));
      }
    }
    return tokenizerLimit(folder);
  }

  /** Where the tokenizer's settings say that texts are cut off, if they do. */
  static OptionalInt tokenizerLimit(Path folder) {
    Path tokenizer = folder.resolve("tokenizer_config.json");
    if (Files.isRegularFile(tokenizer)) {
      JsonNode limit = JsonFile.read(tokenizer).path("model_max_length");
      if (limit.isInt() && limit.intValue() > 0) {
        return OptionalInt.of(limit.intValue());
      }
    }
    return OptionalInt.empty();
  }
}
