package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Dict;
import java.util.LinkedHashMap;

/** The names under which templates read what a model thought before it answered. */
final class Reasoning {
  private static final String[] NAMES = {"reasoning_content", "thinking", "reasoning"};

  private Reasoning() {}

  /** The message with its reasoning under every name that templates use, as transformers does. */
  static Dict aliased(Dict message) {
    for (String name : NAMES) {
      Value reasoning = message.get(name);
      if (reasoning != null && reasoning != Value.None.NONE) {
        Dict aliased = new Dict(new LinkedHashMap<>());
        aliased.put("thinking", reasoning);
        aliased.entries().putAll(message.entries());
        aliased.put("reasoning_content", reasoning);
        return aliased;
      }
    }
    return message;
  }
}
