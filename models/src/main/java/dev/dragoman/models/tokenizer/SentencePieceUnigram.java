package dev.dragoman.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together the {@link Unigram} of a SentencePiece model. */
final class SentencePieceUnigram {
  private SentencePieceUnigram() {}

  /**
   * The model.
   *
   * @param wanted the tokens that text may become
   * @param user those of them that are always taken
   * @param unknown the token for what has none
   * @param fallback the tokens of the 256 bytes instead, or null
   */
  static Unigram of(
      List<String> names,
      float[] scores,
      BitSet wanted,
      BitSet user,
      int unknown,
      int @Nullable [] fallback) {
    Trie trie = new Trie();
    double[] all = new double[scores.length];
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    for (int id = 0; id < scores.length; id++) {
      all[id] = scores[id];
      if (wanted.get(id) && !user.get(id)) {
        least = Math.min(least, scores[id]);
        most = Math.max(most, scores[id]);
      }
    }
    for (int id = wanted.nextSetBit(0); id >= 0; id = wanted.nextSetBit(id + 1)) {
      String name = names.get(id);
      if (name.isEmpty()) {
        continue;
      }
      trie.put(name, id);
      if (user.get(id)) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        all[id] = length * most - 0.1;
      }
    }
    return new Unigram(
        trie,
        all,
        unknown,
        least - (float) Unigram.UNKNOWN_PENALTY,
        fallback,
        true,
        new WordCache());
  }
}
