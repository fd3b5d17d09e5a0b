package dev.dragoman.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the files of sentence-transformers say about a model, where they are there: {@code
 * modules.json}, the pooling folder's {@code config.json}, {@code sentence_bert_config.json} and
 * {@code tokenizer_config.json}.
 */
record SentenceSettings(Pooling pooling, OptionalInt maxTokens) {
  static SentenceSettings read(Path folder, boolean tokenizerLowercases) {
    return new SentenceSettings(pooling(folder), maxTokens(folder, tokenizerLowercases));
  }

  private static Pooling pooling(Path folder) {
    Path file = folder.resolve("modules.json");
    if (!Files.isRegularFile(file)) {
      return Pooling.MEAN;
    }
    Pooling pooling = Pooling.MEAN;
    for (JsonNode module : JsonFile.read(file)) {
      String type = module.path("type").asText();
      switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "Transformer" -> {
          if (!module.path("path").asText().isEmpty()) {
            throw new ModelException(
                file + ": the transformer is in another folder: " + module.path("path"));
          }
        }
        case "Pooling" -> pooling = poolingIn(folder, module.path("path").asText());
        case "Normalize" -> {}
        default -> throw new ModelException(file + ": module \"" + type + "\" is not supported");
      }
    }
    return pooling;
  }

  private static Pooling poolingIn(Path folder, String path) {
    Path file = folder.resolve(path).resolve("config.json").normalize();
    if (!file.startsWith(folder.normalize())) {
      throw new ModelException("modules.json points out of its folder: " + path);
    }
    if (!Files.isRegularFile(file)) {
      return Pooling.MEAN;
    }
    ModelConfig config = ModelConfig.readFile(file);
    config.ignore("word_embedding_dimension", "embedding_dimension", "include_prompt");
    Set<Pooling> modes = EnumSet.noneOf(Pooling.class);
    if (config.has("pooling_mode")) {
      modes.add(
          switch (config.text("pooling_mode")) {
            case "mean" -> Pooling.MEAN;
            case "cls" -> Pooling.CLS;
            case "max" -> Pooling.MAX;
            default -> throw config.wrong("pooling_mode", "\"mean\", \"cls\" or \"max\"");
          });
    }
    if (config.flag("pooling_mode_mean_tokens", false)) {
      modes.add(Pooling.MEAN);
    }
    if (config.flag("pooling_mode_cls_token", false)) {
      modes.add(Pooling.CLS);
    }
    if (config.flag("pooling_mode_max_tokens", false)) {
      modes.add(Pooling.MAX);
    }
    config.off("pooling_mode_mean_sqrt_len_tokens");
    config.off("pooling_mode_weightedmean_tokens");
    config.off("pooling_mode_lasttoken");
    config.refuseOthers();
    if (modes.size() != 1) {
      throw new ModelException(
          file + ": exactly one pooling mode must be on, but there is " + modes);
    }
    return modes.iterator().next();
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
