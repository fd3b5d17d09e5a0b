package dev.dragoman.models.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.JsonFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The chat templates of a model.
 *
 * @param byName the source of each; that of a model with one template is called {@code default}
 * @param tokens the special tokens that templates print, {@code bos_token}, {@code eos_token} and
 *     so on, as far as the model names them
 */
public record ChatTemplates(Map<String, String> byName, Map<String, String> tokens) {
  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";
  private static final long MAX_BYTES = 16L << 20;
  private static final List<String> TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  public ChatTemplates {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
  }

  /** The one template of a model, such as {@code tokenizer.chat_template} of a GGUF file. */
  public static ChatTemplates of(String source, Map<String, String> tokens) {
    return new ChatTemplates(Map.of(DEFAULT, source), tokens);
  }

  /**
   * Reads the templates of a Hugging Face folder. {@code chat_template.jinja} and {@code
   * additional_chat_templates/*.jinja} come before {@code chat_template} of {@code
   * tokenizer_config.json}, and that before {@code chat_template.json}.
   *
   * @return no template at all if the folder has none
   * @throws ModelException naming the file that cannot be read
   */
  public static ChatTemplates read(Path folder) {
    Path config = folder.resolve("tokenizer_config.json");
    Map<String, String> tokens = new LinkedHashMap<>();
    Map<String, String> templates = jinjaFiles(folder);
    if (Files.exists(config)) {
      JsonNode json = JsonFile.read(config);
      addTokens(json, tokens);
      if (templates.isEmpty()) {
        addTemplates(json.path("chat_template"), config, templates);
      }
    }
    Path tokenMap = folder.resolve("special_tokens_map.json");
    if (Files.exists(tokenMap)) {
      addTokens(JsonFile.read(tokenMap), tokens);
    }
    Path processor = folder.resolve("chat_template.json");
    if (templates.isEmpty() && Files.exists(processor)) {
      addTemplates(JsonFile.read(processor).path("chat_template"), processor, templates);
    }
    return new ChatTemplates(templates, tokens);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /**
   * The template for a conversation: {@code tool_use} if there are functions to call and the model
   * has such a template, else {@code default}.
   *
   * @throws ModelException if there is neither, or if it cannot be parsed
   */
  public ChatTemplate select(boolean withTools) {
    String name = withTools && byName.containsKey(TOOL_USE) ? TOOL_USE : DEFAULT;
    String source = byName.get(name);
    if (source == null) {
      throw new ModelException(
          byName.isEmpty()
              ? "the model has no chat template; give it plain text"
              : "the model has no default chat template; there is "
                  + String.join(", ", byName.keySet()));
    }
    return ChatTemplate.parse(source);
  }

  private static Map<String, String> jinjaFiles(Path folder) {
    Map<String, String> templates = new LinkedHashMap<>();
    Path single = folder.resolve("chat_template.jinja");
    if (Files.exists(single)) {
      templates.put(DEFAULT, text(single));
    }
    Path more = folder.resolve("additional_chat_templates");
    if (Files.isDirectory(more)) {
      Map<String, String> named = new TreeMap<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(more, "*.jinja")) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          named.put(name.substring(0, name.length() - ".jinja".length()), text(file));
        }
      } catch (IOException e) {
        throw new ModelException("cannot read " + more + ": " + e.getMessage(), e);
      }
      templates.putAll(named);
    }
    return templates;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelException(file + " is larger than any chat template should be");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void addTemplates(JsonNode node, Path file, Map<String, String> templates) {
    switch (node) {
      case JsonNode n when n.isMissingNode() || n.isNull() -> {}
      case JsonNode n when n.isTextual() -> templates.put(DEFAULT, n.textValue());
      case JsonNode n when n.isObject() -> {
        for (Map.Entry<String, JsonNode> named : n.properties()) {
          templates.put(named.getKey(), string(named.getValue(), file));
        }
      }
      case JsonNode n when n.isArray() -> {
        for (JsonNode named : n) {
          templates.put(string(named.path("name"), file), string(named.path("template"), file));
        }
      }
      default -> throw new ModelException(file + ": chat_template is neither text nor a list");
    }
  }

  private static String string(JsonNode node, Path file) {
    if (!node.isTextual()) {
      throw new ModelException(file + ": a chat_template has no name or no text");
    }
    return node.textValue();
  }

  private static void addTokens(JsonNode json, Map<String, String> tokens) {
    for (String name : TOKENS) {
      JsonNode token = json.path(name);
      JsonNode content = token.isObject() ? token.path("content") : token;
      if (content.isTextual()) {
        tokens.putIfAbsent(name, content.textValue());
      }
    }
  }
}
