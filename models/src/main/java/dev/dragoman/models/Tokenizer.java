package dev.dragoman.models;

import dev.dragoman.models.tokenizer.TokenizerJson;
import java.nio.file.Path;

/** Cuts text into the tokens of a model. Safe for use by many threads. */
public interface Tokenizer {
  /**
   * Tokens of a text, without the special tokens a model wants around it.
   *
   * @param ids vocabulary ids
   * @param starts UTF-16 offset in the source text where each token starts
   * @param ends UTF-16 offset where it ends, excluded
   */
  record Tokens(int[] ids, int[] starts, int[] ends) {
    /** How many. */
    public int size() {
      return ids.length;
    }
  }

  /**
   * Opens {@code tokenizer.json}, or that file in a model folder.
   *
   * @throws ModelException if it asks for something that is not known here
   */
  static Tokenizer open(Path path) {
    return TokenizerJson.open(path);
  }

  /** The tokens of the text, never cut off. */
  Tokens encode(String text);

  /**
   * The tokens of the text, cut off so that with the special tokens the model wants around them
   * there are at most so many. Special tokens have the offsets 0 and 0.
   */
  Tokens encodeForModel(String text, int limit);

  /** How many ids there are, from 0. */
  int vocabularySize();

  /** The token with this id, as the vocabulary writes it. */
  String token(int id);

  /** How many tokens the text has. */
  default int count(String text) {
    return encode(text).size();
  }
}
