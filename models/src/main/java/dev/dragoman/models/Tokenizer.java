package dev.dragoman.models;

import dev.dragoman.models.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

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
   * Tokens of two texts, with the special tokens a model wants around them.
   *
   * @param tokens all of them; offsets are those in the text a token is from
   * @param types for each, which of two texts the model takes it to belong to, from 0
   * @param texts for each, which text it is from: 1, 2, or 0 for a special token
   */
  record Pair(Tokens tokens, int[] types, int[] texts) {}

  /**
   * Opens {@code tokenizer.json}, a SentencePiece {@code .model} or {@code .spm}, the tokenizer in
   * a {@code .gguf} file, or what of these lies in a model folder.
   *
   * @throws ModelException if it asks for something that is not known here
   */
  static Tokenizer open(Path path) {
    return TokenizerFiles.open(path);
  }

  /** The tokens of the text, never cut off. */
  Tokens encode(String text);

  /**
   * The tokens of the text, cut off so that with the special tokens the model wants around them
   * there are at most so many. Special tokens have the offsets 0 and 0.
   */
  Tokens encodeForModel(String text, int limit);

  /**
   * The tokens of two texts, cut off at the end, the longer text first, so that with the special
   * tokens there are at most so many.
   */
  default Pair encodeForModel(String first, String second, int limit) {
    throw new UnsupportedOperationException("this tokenizer takes one text at a time");
  }

  /** The text that these tokens are; special ones are left out if that is asked for. */
  default String decode(int[] ids, boolean skipSpecial) {
    TokenStream stream = stream(skipSpecial);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(stream.next(id));
    }
    return text.append(stream.finish()).toString();
  }

  /** Makes text of tokens as they come. */
  default TokenStream stream(boolean skipSpecial) {
    throw new UnsupportedOperationException("this tokenizer makes no text of tokens");
  }

  /**
   * The bytes of UTF-8 that a token stands for in the middle of a text, which may be half a
   * character; none for a special token.
   */
  default byte[] bytes(int id) {
    throw new UnsupportedOperationException("this tokenizer makes no text of tokens");
  }

  /** The id of a token, written as the vocabulary writes it. */
  default OptionalInt id(String token) {
    return IntStream.range(0, vocabularySize()).filter(id -> token(id).equals(token)).findFirst();
  }

  /** The id of a special token, if the model has one for this. */
  default OptionalInt special(SpecialToken role) {
    return OptionalInt.empty();
  }

  /** The Jinja template that makes one text of a conversation, if the file has one. */
  default Optional<String> chatTemplate() {
    return Optional.empty();
  }

  /** How many ids there are, from 0. */
  int vocabularySize();

  /** The token with this id, as the vocabulary writes it. */
  String token(int id);

  /** How many tokens the text has. */
  default int count(String text) {
    return encode(text).size();
  }
}
