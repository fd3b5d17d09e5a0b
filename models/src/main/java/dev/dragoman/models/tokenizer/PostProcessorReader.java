package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.tokenizer.Template.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the post-processor of {@code tokenizer.json}. */
final class PostProcessorReader {
  private final Settings settings;
  private @Nullable Template template;
  private boolean trims;
  private boolean prefixSpace;

  PostProcessorReader(Settings settings, JsonNode node) {
    this.settings = settings;
    read(node, 0);
  }

  Template template() {
    return template == null ? Template.NONE : template;
  }

  TokenBuffer.@Nullable Trim trim(Vocabulary vocabulary) {
    return trims ? vocabulary.trim(prefixSpace) : null;
  }

  private void read(JsonNode node, int depth) {
    settings.depth(depth, "post_processor");
    switch (Settings.type(node)) {
      case "none" -> {}
      case "Sequence" -> {
        known(node, "type", "processors");
        node.path("processors").forEach(step -> read(step, depth + 1));
      }
      case "ByteLevel" -> {
        known(node, "type", "add_prefix_space", "trim_offsets", "use_regex");
        trim(node);
      }
      case "BertProcessing" -> {
        known(node, "type", "sep", "cls");
        Part cls = special(node, "cls", 0);
        Part sep = special(node, "sep", 0);
        Part last = special(node, "sep", 1);
        Part first = new Template.Text(true, 0);
        Part second = new Template.Text(false, 1);
        only(new Template(List.of(cls, first, sep), List.of(cls, first, sep, second, last)));
      }
      case "RobertaProcessing" -> {
        known(node, "type", "sep", "cls", "trim_offsets", "add_prefix_space");
        trim(node);
        Part cls = special(node, "cls", 0);
        Part sep = special(node, "sep", 0);
        Part first = new Template.Text(true, 0);
        Part second = new Template.Text(false, 0);
        only(new Template(List.of(cls, first, sep), List.of(cls, first, sep, sep, second, sep)));
      }
      case "TemplateProcessing" -> {
        known(node, "type", "single", "pair", "special_tokens");
        only(new Template(parts(node, "single", false), parts(node, "pair", true)));
      }
      case String type -> throw settings.unsupported("post_processor", type);
    }
  }

  private void known(JsonNode node, String... keys) {
    settings.known(node, "post_processor", keys);
  }

  private void trim(JsonNode node) {
    if (settings.flag(node, "trim_offsets", true)) {
      trims = true;
      prefixSpace = settings.flag(node, "add_prefix_space", true);
    }
  }

  private void only(Template found) {
    if (template != null) {
      throw settings.wrong("post_processor puts special tokens around a text twice");
    }
    template = found;
  }

  private Part special(JsonNode node, String key, int type) {
    return new Template.Special(
        new int[] {settings.id(node.path(key).path(1), "post_processor")}, type);
  }

  private List<Part> parts(JsonNode node, String key, boolean two) {
    List<Part> parts = new ArrayList<>();
    int texts = 0;
    for (JsonNode step : node.path(key)) {
      JsonNode special = step.path("SpecialToken");
      JsonNode sequence = step.path("Sequence");
      if (special.isMissingNode() == sequence.isMissingNode()) {
        throw settings.unsupported("post_processor", step.toString());
      }
      if (special.isMissingNode()) {
        String which = settings.text(sequence, "id");
        boolean first = which.equals("A");
        if (!first && !(two && which.equals("B"))) {
          throw settings.unsupported("post_processor", step.toString());
        }
        texts |= first ? 1 : 2;
        parts.add(new Template.Text(first, settings.count(sequence, "type_id")));
      } else {
        JsonNode ids = node.path("special_tokens").path(settings.text(special, "id")).path("ids");
        if (ids.isEmpty()) {
          throw settings.wrong("post_processor names a special token that has no ids");
        }
        int[] numbers = new int[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = settings.id(ids.path(i), "post_processor");
        }
        parts.add(new Template.Special(numbers, settings.count(special, "type_id")));
      }
    }
    if (two && parts.isEmpty()) {
      return Template.NONE.pair();
    }
    if (texts != (two ? 3 : 1)) {
      throw settings.wrong("post_processor has no place for the text");
    }
    return List.copyOf(parts);
  }
}
