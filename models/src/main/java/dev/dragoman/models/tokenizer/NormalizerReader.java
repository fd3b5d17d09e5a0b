package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads the normalisers of {@code tokenizer.json}. */
record NormalizerReader(Settings settings) {
  List<Normalizer> read(JsonNode node) {
    List<Normalizer> steps = new ArrayList<>();
    read(node, 0, steps);
    return List.copyOf(steps);
  }

  private void read(JsonNode node, int depth, List<Normalizer> steps) {
    settings.depth(depth, "normalizer");
    switch (Settings.type(node)) {
      case "none" -> {}
      case "Sequence" -> {
        known(node, "normalizers");
        node.path("normalizers").forEach(step -> read(step, depth + 1, steps));
      }
      case "BertNormalizer" -> steps.add(bert(node));
      case "NFC" -> steps.add(form(node, false, true));
      case "NFD" -> steps.add(form(node, false, false));
      case "NFKC" -> steps.add(form(node, true, true));
      case "NFKD" -> steps.add(form(node, true, false));
      case "Lowercase" -> {
        known(node);
        steps.add(new Lowercase());
      }
      case "StripAccents" -> {
        known(node);
        steps.add(new StripAccents());
      }
      case "Nmt" -> {
        known(node);
        steps.add(new Nmt());
      }
      case "Strip" -> {
        known(node, "strip_left", "strip_right");
        steps.add(
            new Strip(
                settings.flag(node, "strip_left", true), settings.flag(node, "strip_right", true)));
      }
      case "Prepend" -> {
        known(node, "prepend");
        steps.add(new Prepend(settings.text(node, "prepend").codePoints().toArray()));
      }
      case "Replace" -> {
        known(node, "pattern", "content");
        steps.add(
            new Replace(
                settings.pattern(node, "normalizer"),
                settings.text(node, "content").codePoints().toArray()));
      }
      case "Precompiled" -> steps.add(precompiled(node));
      case String type -> throw settings.unsupported("normalizer", type);
    }
  }

  private Normalizer precompiled(JsonNode node) {
    known(node, "precompiled_charsmap");
    if (node.path("precompiled_charsmap").isNull()) {
      return new Precompiled(CharsMap.EMPTY);
    }
    try {
      byte[] map = Base64.getDecoder().decode(settings.text(node, "precompiled_charsmap"));
      return new Precompiled(CharsMap.of(map));
    } catch (IllegalArgumentException | ModelException e) {
      throw new ModelException(
          "%s: precompiled_charsmap is broken: %s".formatted(settings.file(), e.getMessage()), e);
    }
  }

  private Normalizer form(JsonNode node, boolean compatible, boolean composed) {
    known(node);
    return new UnicodeForm(compatible, composed);
  }

  private Normalizer bert(JsonNode node) {
    known(node, "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
    boolean lowercase = settings.flag(node, "lowercase", true);
    return new BertNormalizer(
        settings.flag(node, "clean_text", true),
        settings.flag(node, "handle_chinese_chars", true),
        settings.flag(node, "strip_accents", lowercase),
        lowercase);
  }

  private void known(JsonNode node, String... keys) {
    List<String> all = new ArrayList<>(List.of(keys));
    all.add("type");
    settings.known(node, "normalizer", all.toArray(String[]::new));
  }
}
