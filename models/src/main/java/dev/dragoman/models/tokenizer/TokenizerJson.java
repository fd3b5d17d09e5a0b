package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tokenizer.json}. Steps and settings that are not known are refused by name. Its
 * {@code truncation} and {@code padding} are not looked at: they are defaults for training, and
 * sentence-transformers sets its own.
 */
public final class TokenizerJson {
  private static final int MAX_ID = 1 << 24;

  private final Path file;
  private final JsonNode root;

  private TokenizerJson(Path file) {
    this.file = file;
    this.root = JsonFile.read(file);
  }

  /**
   * The tokenizer in this file, or in this folder's {@code tokenizer.json}.
   *
   * @throws ModelException if the file is absent or asks for something that is not known here
   */
  public static PipelineTokenizer open(Path path) {
    return new TokenizerJson(Files.isDirectory(path) ? path.resolve("tokenizer.json") : path)
        .read();
  }

  private PipelineTokenizer read() {
    known(
        root,
        "the file",
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    Map<String, Integer> vocabulary = vocabulary();
    List<AddedToken> added = added();
    return new PipelineTokenizer(
        normalizer(root.path("normalizer")),
        preTokenizer(root.path("pre_tokenizer")),
        model(root.path("model"), vocabulary),
        added,
        names(vocabulary, added),
        around(root.path("post_processor"), true),
        around(root.path("post_processor"), false));
  }

  private Map<String, Integer> vocabulary() {
    Map<String, Integer> vocabulary = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("model").path("vocab").properties()) {
      vocabulary.put(entry.getKey(), id(entry.getValue(), "token \"" + entry.getKey() + "\""));
    }
    if (vocabulary.isEmpty()) {
      throw new ModelException(file + ": model.vocab is missing or empty");
    }
    return vocabulary;
  }

  private List<AddedToken> added() {
    List<AddedToken> added = new ArrayList<>();
    for (JsonNode token : root.path("added_tokens")) {
      String content = text(token, "content");
      added.add(
          new AddedToken(
              content,
              id(token.path("id"), "added token \"" + content + "\""),
              flag(token, "single_word", false),
              flag(token, "lstrip", false),
              flag(token, "rstrip", false),
              flag(token, "normalized", true)));
    }
    return added;
  }

  private static List<String> names(Map<String, Integer> vocabulary, List<AddedToken> added) {
    int last = vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    for (AddedToken token : added) {
      last = Math.max(last, token.id());
    }
    List<String> names = new ArrayList<>(Collections.nCopies(last + 1, ""));
    vocabulary.forEach((name, id) -> names.set(id, name));
    added.forEach(token -> names.set(token.id(), token.content()));
    return List.copyOf(names);
  }

  private Normalizer normalizer(JsonNode node) {
    return switch (type(node)) {
      case "BertNormalizer" -> {
        known(
            node,
            "normalizer",
            "type",
            "clean_text",
            "handle_chinese_chars",
            "strip_accents",
            "lowercase");
        boolean lowercase = flag(node, "lowercase", true);
        yield new BertNormalizer(
            flag(node, "clean_text", true),
            flag(node, "handle_chinese_chars", true),
            flag(node, "strip_accents", lowercase),
            lowercase);
      }
      case String type -> throw unsupported("normalizer", type);
    };
  }

  private PreTokenizer preTokenizer(JsonNode node) {
    return switch (type(node)) {
      case "BertPreTokenizer" -> new BertPreTokenizer();
      case String type -> throw unsupported("pre_tokenizer", type);
    };
  }

  private TokenModel model(JsonNode node, Map<String, Integer> vocabulary) {
    return switch (type(node)) {
      case "WordPiece" -> {
        known(
            node,
            "model",
            "type",
            "unk_token",
            "continuing_subword_prefix",
            "max_input_chars_per_word",
            "vocab");
        Integer unknown = vocabulary.get(text(node, "unk_token"));
        if (unknown == null) {
          throw new ModelException(file + ": model.unk_token is not in the vocabulary");
        }
        JsonNode longest = node.path("max_input_chars_per_word");
        yield new WordPiece(
            vocabulary,
            text(node, "continuing_subword_prefix"),
            unknown,
            longest.isInt() && longest.intValue() > 0 ? longest.intValue() : 100);
      }
      case String type -> throw unsupported("model", type);
    };
  }

  /** The special tokens before a text, or those after it. */
  private int[] around(JsonNode node, boolean before) {
    return switch (type(node)) {
      case "none" -> new int[0];
      case "BertProcessing" -> {
        JsonNode pair = node.path(before ? "cls" : "sep");
        yield new int[] {id(pair.path(1), "post_processor")};
      }
      case "TemplateProcessing" -> template(node, before);
      case String type -> throw unsupported("post_processor", type);
    };
  }

  private int[] template(JsonNode node, boolean before) {
    List<Integer> ids = new ArrayList<>();
    boolean text = false;
    for (JsonNode step : node.path("single")) {
      JsonNode special = step.path("SpecialToken");
      JsonNode sequence = step.path("Sequence");
      if (special.path("type_id").asInt() != 0
          || sequence.path("type_id").asInt() != 0
          || special.isMissingNode() == sequence.isMissingNode()
          || (text && !sequence.isMissingNode())) {
        throw unsupported("post_processor", step.toString());
      }
      if (!sequence.isMissingNode()) {
        text = true;
      } else if (before != text) {
        JsonNode known = node.path("special_tokens").path(text(special, "id")).path("ids");
        if (known.isEmpty()) {
          throw new ModelException(file + ": post_processor names a special token that has no ids");
        }
        known.forEach(id -> ids.add(id(id, "post_processor")));
      }
    }
    if (!text) {
      throw new ModelException(file + ": post_processor has no place for the text");
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static String type(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "none" : node.path("type").asText("");
  }

  private ModelException unsupported(String step, String what) {
    return new ModelException("%s: %s \"%s\" is not supported".formatted(file, step, what));
  }

  private void known(JsonNode node, String where, String... keys) {
    Set<String> known = new HashSet<>(Arrays.asList(keys));
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
        throw new ModelException(
            "%s: %s has the key \"%s\", which is not known here"
                .formatted(file, where, entry.getKey()));
      }
    }
  }

  private String text(JsonNode node, String key) {
    @Nullable String text = node.path(key).textValue();
    if (text == null) {
      throw new ModelException("%s: \"%s\" is missing or no text".formatted(file, key));
    }
    return text;
  }

  private boolean flag(JsonNode node, String key, boolean absent) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw new ModelException("%s: \"%s\" is %s, not true or false".formatted(file, key, value));
    }
    return value.booleanValue();
  }

  private int id(JsonNode value, String what) {
    if (!value.isInt() || value.intValue() < 0 || value.intValue() > MAX_ID) {
      throw new ModelException(
          "%s: %s has the id %s, which is no place in a vocabulary".formatted(file, what, value));
    }
    return value.intValue();
  }
}
