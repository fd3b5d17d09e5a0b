package dev.dragoman.models.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts together the {@link Bpe} of a SentencePiece model, whose tokens have scores and no merges.
 */
final class ScoredBpe {
  private ScoredBpe() {}

  /**
   * The model.
   *
   * @param wanted the tokens that text may become
   * @param fallback the tokens of the 256 bytes, or null
   * @param unknown the token for what has none, or -1
   * @param whole tokens that are never taken apart, or null
   */
  static Bpe of(
      List<String> names,
      Map<String, Integer> ids,
      float[] scores,
      IntPredicate wanted,
      int @Nullable [] fallback,
      int unknown,
      @Nullable WordTable whole) {
    Bpe.Start start = new Bpe.Start();
    BitSet joined = new BitSet();
    for (int id = 0; id < names.size(); id++) {
      String name = names.get(id);
      if (name.isEmpty() || !wanted.test(id) || ids.getOrDefault(name, -1) != id) {
        continue;
      }
      if (name.length() == Character.charCount(name.codePointAt(0))) {
        start.put(name.codePointAt(0), id);
      }
      for (int i = name.indexOf(BpeBuilder.MARK, 1);
          i > 0;
          i = name.indexOf(BpeBuilder.MARK, i + 1)) {
        joined.set(name.codePointBefore(i));
      }
    }
    BitSet bytes = new BitSet();
    if (fallback != null) {
      for (int id : fallback) {
        bytes.set(id);
      }
    }
    return new Bpe(
        start,
        new ScoredPairs(new WordTable(names, wanted), scores, bytes),
        fallback,
        unknown,
        true,
        whole,
        whole != null || start.get(BpeBuilder.MARK) == Bpe.NONE
            ? null
            : new Bpe.Cuts(BpeBuilder.MARK, joined),
        new WordCache());
  }

  /** Marks are spaces, byte tokens are bytes; so many spaces before the text are dropped. */
  static List<DecodeStep> decoding(int dropped) {
    DecodeStep spaces = DecodeSteps.replace(new OneCodePoint(BpeBuilder.MARK), new int[] {' '});
    DecodeStep bytes = DecodeSteps.byteFallback();
    DecodeStep fuse = DecodeSteps.fuse();
    return dropped > 0
        ? List.of(spaces, bytes, fuse, DecodeSteps.strip(' ', dropped, 0))
        : List.of(spaces, bytes, fuse);
  }
}
