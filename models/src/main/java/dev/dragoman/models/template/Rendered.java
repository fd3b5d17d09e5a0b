package dev.dragoman.models.template;

import java.util.List;

/**
 * A conversation as the model reads it.
 *
 * @param text the prompt
 * @param assistant what the template marks as said by the assistant with {@code {% generation %}},
 *     in the order it was printed
 */
public record Rendered(String text, List<Span> assistant) {
  /**
   * A part of the text, as transformers counts it but in UTF-16 units.
   *
   * @param start where it starts
   * @param end where it ends, the first position that is no longer part of it
   */
  public record Span(int start, int end) {}

  public Rendered {
    assistant = List.copyOf(assistant);
  }
}
