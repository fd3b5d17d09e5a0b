package dev.dragoman.models;

import java.nio.file.Path;
import java.util.List;

/**
 * A model that reads a text and writes another: a summary, an answer, the text in other words. Safe
 * for use by many threads.
 */
public interface TextToText extends AutoCloseable {
  /**
   * Opens the model in a folder of Hugging Face: BART, T5, or one that translates; or in one that
   * CTranslate2 made of it, with the files of the tokenizer beside {@code model.bin}.
   *
   * @throws ModelException if the folder holds no such model that is known here
   */
  static TextToText open(Path folder) {
    return open(folder, 1);
  }

  /**
   * The same.
   *
   * @param threads how many threads a call may use, the caller's own included
   */
  static TextToText open(Path folder, int threads) {
    return TextRewriter.open(folder, threads);
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return Models.isSequence(folder);
  }

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** How many tokens of a text are looked at; the rest is cut off. */
  int maxTokens();

  /**
   * What the model's own files say about how it writes, as a start for other options.
   *
   * @param task the name of one of the model's own tasks ({@code summarization}), or empty
   */
  WriteOptions options(String task);

  /**
   * Writes a text for each text. What a text becomes does not depend on the others.
   *
   * @return the best of each, best first: {@link WriteOptions#best} of them, or fewer
   */
  List<List<Written>> write(List<String> texts, WriteOptions options);

  /** The best that is written for one text. */
  default Written write(String text, WriteOptions options) {
    return write(List.of(text), options).getFirst().getFirst();
  }

  /**
   * What was written.
   *
   * @param score the mean of the log-probabilities of its tokens, the end included: 0 at best
   * @param sourceTokens of the text that was read, those that the model adds included
   * @param ids the tokens of what was written, its end included
   * @param finished whether the model ended it; otherwise it was cut off at its longest
   */
  record Written(
      String text, double score, int sourceTokens, List<Integer> ids, boolean finished) {}

  /** Unmaps the weights. */
  @Override
  void close();
}
