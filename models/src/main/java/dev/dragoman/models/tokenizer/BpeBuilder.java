package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Bpe} together. */
final class BpeBuilder {
  /** What SentencePiece writes for a space. */
  static final int MARK = '▁';

  private final String file;
  private final Map<String, Integer> vocabulary;
  private final PairTable pairs;
  private final Bpe.Start start = new Bpe.Start();
  private final BitSet joined = new BitSet();
  private int @Nullable [] fallback;
  private int unknown = Bpe.NONE;
  private boolean fuseUnknown;
  private @Nullable WordTable whole;

  BpeBuilder(String file, Map<String, Integer> vocabulary, int merges) {
    this.file = file;
    this.vocabulary = vocabulary;
    this.pairs = new PairTable(merges);
    vocabulary.forEach((token, id) -> {
      if (!token.isEmpty() && token.length() == Character.charCount(token.codePointAt(0))) {
        start.put(token.codePointAt(0), id);
      }
    });
  }

  /** Two tokens become the one that they are together. */
  void merge(String left, String right, int rank) {
    pairs.put(id(left), id(right), rank, id(left + right));
    note(left, right);
  }

  private void note(String left, String right) {
    if (right.codePointAt(0) == MARK) {
      joined.set(left.codePointBefore(left.length()));
    }
  }

  private int id(String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new ModelException(
          "%s: model.merges needs the token \"%s\", which is not in the vocabulary"
              .formatted(file, token));
    }
    return id;
  }

  void unknown(int id, boolean fused) {
    unknown = id;
    fuseUnknown = fused;
  }

  void fallback(int @Nullable [] ids) {
    fallback = ids;
  }

  void whole(WordTable words) {
    whole = words;
  }

  Bpe build() {
    boolean divisible = whole == null && start.get(MARK) != Bpe.NONE;
    return new Bpe(
        start,
        pairs,
        fallback,
        unknown,
        fuseUnknown,
        whole,
        divisible ? new Bpe.Cuts(MARK, joined) : null,
        new WordCache());
  }
}
