package dev.dragoman.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * The tokens after which a language model has nothing more to say: {@code eos_token_id} of {@code
 * generation_config.json} and {@code config.json}, the tokenizer's own, and those that end a turn
 * in the chat formats that are in use, since checkpoints often name only one of several.
 */
final class EndTokens {
  private static final List<String> TURN_ENDS =
      List.of(
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<end_of_turn>",
          "<|end|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<|return|>");

  private EndTokens() {}

  static int[] of(Path file, Tokenizer tokenizer) {
    TreeSet<Integer> ends = new TreeSet<>();
    for (String name : List.of("generation_config.json", "config.json")) {
      Path config = file.resolve(name);
      if (Files.isRegularFile(config)) {
        add(JsonFile.read(config).path("eos_token_id"), ends);
      }
    }
    tokenizer.special(SpecialToken.EOS).ifPresent(ends::add);
    for (String token : TURN_ENDS) {
      tokenizer.id(token).ifPresent(ends::add);
    }
    ends.removeIf(id -> id < 0 || id >= tokenizer.vocabularySize());
    return ends.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void add(JsonNode ids, TreeSet<Integer> ends) {
    if (ids.isInt()) {
      ends.add(ids.intValue());
    }
    ids.valueStream().filter(JsonNode::isInt).forEach(id -> ends.add(id.intValue()));
  }
}
