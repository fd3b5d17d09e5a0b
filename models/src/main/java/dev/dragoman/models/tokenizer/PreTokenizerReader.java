package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.tokenizer.Split.Behaviour;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads the pre-tokenizers of {@code tokenizer.json}. */
record PreTokenizerReader(Settings settings) {
  List<PreTokenizer> read(JsonNode node) {
    List<PreTokenizer> steps = new ArrayList<>();
    read(node, 0, steps);
    return List.copyOf(steps);
  }

  private void read(JsonNode node, int depth, List<PreTokenizer> steps) {
    settings.depth(depth, "pre_tokenizer");
    switch (Settings.type(node)) {
      case "none" -> {}
      case "Sequence" -> {
        known(node, "pretokenizers");
        node.path("pretokenizers").forEach(step -> read(step, depth + 1, steps));
      }
      case "BertPreTokenizer" -> {
        known(node);
        steps.add(new BertPreTokenizer());
      }
      case "ByteLevel" -> byteLevel(node, steps);
      case "Metaspace" -> metaspace(node, steps);
      case "Split" -> {
        known(node, "pattern", "behavior", "invert");
        steps.add(
            new Split(
                settings.pattern(node, "pre_tokenizer"),
                behaviour(node),
                settings.flag(node, "invert", false)));
      }
      case "Digits" -> {
        known(node, "individual_digits");
        boolean single = settings.flag(node, "individual_digits", false);
        steps.add(
            new Split(
                new ClassOfCodePoints(CodePoints::isNumeric),
                single ? Behaviour.ISOLATED : Behaviour.CONTIGUOUS,
                false));
      }
      case "Punctuation" -> {
        known(node, "behavior");
        steps.add(
            new Split(
                new ClassOfCodePoints(CodePoints::isPunctuation),
                node.has("behavior") ? behaviour(node) : Behaviour.ISOLATED,
                false));
      }
      case "Whitespace" -> {
        known(node);
        steps.add(new Split(new WordOrNot(), Behaviour.REMOVED, true));
      }
      case "WhitespaceSplit" -> {
        known(node);
        steps.add(new Split(new ClassOfCodePoints(CodePoints::isSpace), Behaviour.REMOVED, false));
      }
      case "CharDelimiterSplit" -> {
        known(node, "delimiter");
        int delimiter = settings.character(node, "delimiter");
        steps.add(new Split(new OneCodePoint(delimiter), Behaviour.REMOVED, false));
      }
      case String type -> throw settings.unsupported("pre_tokenizer", type);
    }
  }

  private void byteLevel(JsonNode node, List<PreTokenizer> steps) {
    known(node, "add_prefix_space", "trim_offsets", "use_regex");
    if (settings.flag(node, "add_prefix_space", true)) {
      steps.add(new PrefixSpace());
    }
    if (settings.flag(node, "use_regex", true)) {
      Delimiter words = Objects.requireNonNull(WordScanner.of(WordScanner.GPT2));
      steps.add(new Split(words, Behaviour.ISOLATED, false));
    }
    steps.add(new ByteLevel());
  }

  private void metaspace(JsonNode node, List<PreTokenizer> steps) {
    known(node, "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep");
    int mark = settings.character(node, "replacement");
    steps.add(new Metaspace(mark, scheme(settings, node)));
    if (settings.flag(node, "split", true)) {
      steps.add(new Split(new OneCodePoint(mark), Behaviour.MERGED_WITH_NEXT, false));
    }
  }

  /** Where a mark is put before words. */
  static Metaspace.Scheme scheme(Settings settings, JsonNode node) {
    boolean prefix = settings.flag(node, "add_prefix_space", true);
    String scheme = node.path("prepend_scheme").asText(prefix ? "always" : "never");
    return switch (scheme) {
      case "always" -> Metaspace.Scheme.ALWAYS;
      case "first" -> Metaspace.Scheme.FIRST;
      case "never" -> Metaspace.Scheme.NEVER;
      case String other -> throw settings.unsupported("prepend_scheme", other);
    };
  }

  private Behaviour behaviour(JsonNode node) {
    return switch (settings.text(node, "behavior")) {
      case "Removed" -> Behaviour.REMOVED;
      case "Isolated" -> Behaviour.ISOLATED;
      case "MergedWithPrevious" -> Behaviour.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> Behaviour.MERGED_WITH_NEXT;
      case "Contiguous" -> Behaviour.CONTIGUOUS;
      case String other -> throw settings.unsupported("behavior", other);
    };
  }

  private void known(JsonNode node, String... keys) {
    List<String> all = new ArrayList<>(List.of(keys));
    all.add("type");
    settings.known(node, "pre_tokenizer", all.toArray(String[]::new));
  }
}
