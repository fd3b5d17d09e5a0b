package dev.dragoman.models;

import dev.dragoman.models.architecture.Head;
import dev.dragoman.models.architecture.Labels;

/** The parts of a classifier. */
record HeadedEncoder(
    Tokenizer tokenizer, int maxTokens, Head head, Labels labels, RaggedRunner runner)
    implements AutoCloseable {
  @Override
  public void close() {
    runner.close();
  }
}
