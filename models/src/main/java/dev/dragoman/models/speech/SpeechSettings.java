package dev.dragoman.models.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.CrossScores.Head;
import dev.dragoman.models.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model's folder says about how it is used: {@code generation_config.json} and {@code
 * config.json} of Hugging Face, or {@code config.json} of CTranslate2.
 *
 * @param suppressed tokens that are never written
 * @param suppressedFirst tokens that a window's text does not begin with
 * @param heads the heads of the decoder that look at where a token is said; empty if nobody knows
 * @param multilingual whether it knows more than English, if the files say so
 */
record SpeechSettings(
    int[] suppressed, int[] suppressedFirst, List<Head> heads, Optional<Boolean> multilingual) {
  private static final List<String> FILES = List.of("generation_config.json", "config.json");
  private static final int MOST = 1 << 20;

  static SpeechSettings read(Path folder) {
    List<JsonNode> files = new ArrayList<>();
    for (String name : FILES) {
      if (Files.isRegularFile(folder.resolve(name))) {
        files.add(JsonFile.read(folder.resolve(name)));
      }
    }
    return new SpeechSettings(
        ids(folder, files, "suppress_tokens", "suppress_ids"),
        ids(folder, files, "begin_suppress_tokens", "suppress_ids_begin"),
        heads(folder, files),
        files.stream()
            .map(file -> file.path("is_multilingual"))
            .filter(JsonNode::isBoolean)
            .map(JsonNode::booleanValue)
            .findFirst());
  }

  private static Optional<JsonNode> first(List<JsonNode> files, String... keys) {
    for (JsonNode file : files) {
      for (String key : keys) {
        if (file.hasNonNull(key)) {
          return Optional.of(file.path(key));
        }
      }
    }
    return Optional.empty();
  }

  private static int[] ids(Path folder, List<JsonNode> files, String... keys) {
    JsonNode list = first(files, keys).orElse(null);
    if (list == null) {
      return new int[0];
    }
    if (!list.isArray() || list.size() > MOST || !list.valueStream().allMatch(JsonNode::isInt)) {
      throw new ModelException("%s: %s is no list of token ids".formatted(folder, keys[0]));
    }
    return list.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static List<Head> heads(Path folder, List<JsonNode> files) {
    JsonNode list = first(files, "alignment_heads").orElse(null);
    if (list == null) {
      return List.of();
    }
    List<Head> heads = new ArrayList<>();
    for (JsonNode pair : list) {
      if (!pair.isArray() || pair.size() != 2 || !pair.path(0).isInt() || !pair.path(1).isInt()) {
        throw new ModelException(
            folder + ": alignment_heads is no list of pairs of a layer and a head");
      }
      heads.add(new Head(pair.path(0).intValue(), pair.path(1).intValue()));
    }
    return List.copyOf(heads);
  }
}
