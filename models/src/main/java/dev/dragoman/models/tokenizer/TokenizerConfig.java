package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.format.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What transformers keeps beside {@code tokenizer.json}: which tokens are special, and the template
 * of conversations.
 *
 * @param files {@code tokenizer_config.json} and {@code special_tokens_map.json}, or nothing
 * @param chatTemplate the template, or null
 */
record TokenizerConfig(List<JsonNode> files, @Nullable String chatTemplate) {
  private static final long LONGEST_TEMPLATE = 4L << 20;

  static TokenizerConfig beside(Path file) {
    JsonNode config = read(file.resolveSibling("tokenizer_config.json"));
    return new TokenizerConfig(
        List.of(config, read(file.resolveSibling("special_tokens_map.json"))),
        template(file.resolveSibling("chat_template.jinja"), config.path("chat_template")));
  }

  private static JsonNode read(Path file) {
    return Files.isRegularFile(file) ? JsonFile.read(file) : MissingNode.getInstance();
  }

  private static @Nullable String template(Path file, JsonNode inside) {
    if (Files.isRegularFile(file)) {
      try {
        if (Files.size(file) > LONGEST_TEMPLATE) {
          throw new ModelException(file + " is larger than any such file should be");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    for (JsonNode named : inside) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").textValue();
      }
    }
    return inside.textValue();
  }

  /** The ids of those special tokens that are named. */
  Map<SpecialToken, Integer> specials(Vocabulary vocabulary) {
    Map<SpecialToken, Integer> ids = new EnumMap<>(SpecialToken.class);
    for (SpecialToken role : SpecialToken.values()) {
      String key = role.name().toLowerCase(Locale.ROOT) + "_token";
      for (JsonNode file : files) {
        JsonNode value = file.path(key);
        String name = value.isObject() ? value.path("content").textValue() : value.textValue();
        int id = name == null ? -1 : vocabulary.id(name);
        if (id >= 0) {
          ids.putIfAbsent(role, id);
        }
      }
    }
    return ids;
  }
}
