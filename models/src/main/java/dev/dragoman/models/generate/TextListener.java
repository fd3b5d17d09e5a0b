package dev.dragoman.models.generate;

/** Is told a text as it comes. Runs in the thread that all requests wait for: be quick. */
@FunctionalInterface
public interface TextListener {
  /** Listens to nothing. */
  TextListener NONE = text -> {};

  /** Some more text, never half a character and never a part of a stop string. */
  void text(String text);
}
