package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the model of {@code tokenizer.json}. */
final class ModelReader {
  private final Settings settings;
  private final JsonNode node;
  private final Map<String, Integer> vocabulary = new HashMap<>();

  ModelReader(Settings settings, JsonNode node) {
    this.settings = settings;
    this.node = node;
    if (node.path("vocab").isArray()) {
      int id = 0;
      for (JsonNode entry : node.path("vocab")) {
        vocabulary.put(entry.path(0).asText(), id++);
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : node.path("vocab").properties()) {
        vocabulary.put(
            entry.getKey(), settings.id(entry.getValue(), "token \"" + entry.getKey() + "\""));
      }
    }
    if (vocabulary.isEmpty()) {
      throw settings.wrong("model.vocab is missing or empty");
    }
  }

  Map<String, Integer> vocabulary() {
    return vocabulary;
  }

  /** The model; ids are places in the list of names. */
  TokenModel read(Vocabulary names) {
    return switch (type()) {
      case "WordPiece" -> wordPiece();
      case "BPE" -> bpe(names);
      case "Unigram" -> unigram();
      case String type -> throw settings.unsupported("model", type);
    };
  }

  /** Old files do not say what it is. */
  private String type() {
    String type = Settings.type(node);
    return type.isEmpty() && node.has("merges") ? "BPE" : type;
  }

  private int known(String key) {
    Integer id = vocabulary.get(settings.text(node, key));
    if (id == null) {
      throw settings.wrong("model.%s is not in the vocabulary".formatted(key));
    }
    return id;
  }

  private TokenModel wordPiece() {
    settings.known(
        node,
        "model",
        "type",
        "unk_token",
        "continuing_subword_prefix",
        "max_input_chars_per_word",
        "vocab");
    JsonNode longest = node.path("max_input_chars_per_word");
    return new WordPiece(
        vocabulary,
        settings.text(node, "continuing_subword_prefix"),
        known("unk_token"),
        longest.isInt() && longest.intValue() > 0 ? longest.intValue() : 100);
  }

  private TokenModel bpe(Vocabulary names) {
    settings.known(
        node,
        "model",
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges",
        "vocab",
        "merges");
    if (node.path("dropout").asDouble(0) != 0) {
      throw settings.unsupported("model.dropout", node.path("dropout").toString());
    }
    for (String key : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (!node.path(key).asText("").isEmpty()) {
        throw settings.unsupported("model." + key, node.path(key).asText());
      }
    }
    BpeBuilder builder = new BpeBuilder(settings.file(), vocabulary, node.path("merges").size());
    int rank = 0;
    for (JsonNode merge : node.path("merges")) {
      if (merge.isTextual() && merge.textValue().startsWith("#version")) {
        continue;
      }
      String[] pair = pair(merge);
      builder.merge(pair[0], pair[1], rank++);
    }
    builder.unknown(
        node.path("unk_token").isTextual() ? known("unk_token") : Bpe.NONE,
        settings.flag(node, "fuse_unk", false));
    if (settings.flag(node, "byte_fallback", false)) {
      builder.fallback(fallback(vocabulary));
    }
    if (settings.flag(node, "ignore_merges", false)) {
      builder.whole(
          new WordTable(
              names.names(), id -> vocabulary.getOrDefault(names.names().get(id), Bpe.NONE) == id));
    }
    return builder.build();
  }

  private String[] pair(JsonNode merge) {
    String[] pair =
        merge.isArray() && merge.size() == 2
            ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
            : merge.asText().split(" ", -1);
    if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
      throw settings.wrong("model.merges has %s, which is no pair".formatted(merge));
    }
    return pair;
  }

  /** The tokens of the 256 bytes, if all are there. */
  static int @Nullable [] fallback(Map<String, Integer> vocabulary) {
    int[] ids = new int[256];
    for (int b = 0; b < 256; b++) {
      Integer id = vocabulary.get("<0x%02X>".formatted(b));
      if (id == null) {
        return null;
      }
      ids[b] = id;
    }
    return ids;
  }

  private TokenModel unigram() {
    settings.known(node, "model", "type", "unk_id", "vocab", "byte_fallback");
    Trie trie = new Trie();
    double[] scores = new double[node.path("vocab").size()];
    double least = Double.POSITIVE_INFINITY;
    int id = 0;
    for (JsonNode entry : node.path("vocab")) {
      String token = settings.text(entry, 0);
      if (!entry.path(1).isNumber()) {
        throw settings.wrong("token \"%s\" has the score %s".formatted(token, entry.path(1)));
      }
      scores[id] = entry.path(1).doubleValue();
      least = Math.min(least, scores[id]);
      if (!token.isEmpty()) {
        trie.put(token, id);
      }
      id++;
    }
    JsonNode unknown = node.path("unk_id");
    if (!unknown.isInt() || unknown.intValue() < 0 || unknown.intValue() >= scores.length) {
      throw settings.wrong("model.unk_id is %s, which is no token".formatted(unknown));
    }
    return new Unigram(
        trie,
        scores,
        unknown.intValue(),
        least - Unigram.UNKNOWN_PENALTY,
        settings.flag(node, "byte_fallback", false) ? fallback(vocabulary) : null,
        false,
        new WordCache());
  }
}
