package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a model as the bytes they stand for. Make one for each model and keep it: it holds
 * a trie of all tokens, and constraints keep their masks with it. Safe for use by many threads.
 */
public final class Vocabulary {
  private static final byte[] NOTHING = {};

  private final byte[][] tokens;
  private final int[] ends;
  private final TokenTrie trie;

  private Vocabulary(byte[][] tokens, int[] ends) {
    this.tokens = tokens;
    this.ends = ends;
    this.trie = new TokenTrie(tokens);
  }

  /**
   * @param tokens the bytes of the token with each id; null or empty for special tokens, which are
   *     never allowed inside constrained text
   * @param ends the ids that end a generation; their bytes do not count
   */
  public static Vocabulary of(byte[] @Nullable [] tokens, int... ends) {
    byte[][] texts = new byte[tokens.length][];
    for (int id = 0; id < tokens.length; id++) {
      byte[] token = tokens[id];
      texts[id] = token == null ? NOTHING : token.clone();
    }
    for (int end : ends) {
      if (end < 0 || end >= texts.length) {
        throw new IllegalArgumentException("There is no token " + end);
      }
      texts[end] = NOTHING;
    }
    return new Vocabulary(texts, ends.clone());
  }

  /** How many ids there are, from 0. */
  public int size() {
    return tokens.length;
  }

  /** How many longs a mask has. */
  public int maskLength() {
    return (tokens.length + 63) / 64;
  }

  byte[] bytes(int id) {
    return tokens[id];
  }

  boolean isEnd(int id) {
    for (int end : ends) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }

  void allowEnds(long[] mask) {
    for (int end : ends) {
      mask[end >> 6] |= 1L << end;
    }
  }

  TokenTrie trie() {
    return trie;
  }

  /** Whether there is a token of just this byte. */
  boolean hasByte(int unsignedByte) {
    int node = trie.child(TokenTrie.ROOT, unsignedByte);
    return node != TokenTrie.NONE && trie.hasToken(node);
  }

  @Override
  public String toString() {
    return "Vocabulary of %d tokens, ends %s".formatted(tokens.length, Arrays.toString(ends));
  }
}
