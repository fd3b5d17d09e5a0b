package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the decoder of {@code tokenizer.json}. */
record DecoderReader(Settings settings) {
  List<DecodeStep> read(JsonNode node) {
    List<DecodeStep> steps = new ArrayList<>();
    if (Settings.type(node).equals("none")) {
      steps.add(DecodeSteps.spaces());
    } else {
      read(node, 0, steps);
    }
    return List.copyOf(steps);
  }

  private void read(JsonNode node, int depth, List<DecodeStep> steps) {
    settings.depth(depth, "decoder");
    switch (Settings.type(node)) {
      case "Sequence" -> {
        known(node, "decoders");
        node.path("decoders").forEach(step -> read(step, depth + 1, steps));
      }
      case "ByteLevel" -> {
        known(node, "add_prefix_space", "trim_offsets", "use_regex");
        steps.add(DecodeSteps.BYTE_LEVEL);
      }
      case "WordPiece" -> {
        known(node, "prefix", "cleanup");
        steps.add(
            DecodeSteps.wordPiece(
                settings.text(node, "prefix"), settings.flag(node, "cleanup", true)));
      }
      case "Metaspace" -> {
        known(node, "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep");
        boolean prefixed = PreTokenizerReader.scheme(settings, node) != Metaspace.Scheme.NEVER;
        steps.add(DecodeSteps.metaspace(settings.character(node, "replacement"), prefixed));
      }
      case "ByteFallback" -> {
        known(node);
        steps.add(DecodeSteps.byteFallback());
      }
      case "Fuse" -> {
        known(node);
        steps.add(DecodeSteps.fuse());
      }
      case "Strip" -> {
        known(node, "content", "start", "stop");
        steps.add(
            DecodeSteps.strip(
                settings.character(node, "content"),
                settings.count(node, "start"),
                settings.count(node, "stop")));
      }
      case "Replace" -> {
        known(node, "pattern", "content");
        steps.add(
            DecodeSteps.replace(
                settings.pattern(node, "decoder"),
                settings.text(node, "content").codePoints().toArray()));
      }
      case "BPEDecoder" -> {
        known(node, "suffix");
        steps.add(DecodeSteps.suffix(settings.text(node, "suffix")));
      }
      case String type -> throw settings.unsupported("decoder", type);
    }
  }

  private void known(JsonNode node, String... keys) {
    List<String> all = new ArrayList<>(List.of(keys));
    all.add("type");
    settings.known(node, "decoder", all.toArray(String[]::new));
  }
}
