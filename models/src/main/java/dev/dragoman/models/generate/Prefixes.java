package dev.dragoman.models.generate;

import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Sequence;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of texts that are done, for prompts that begin like them: the ones used last are kept.
 * For one thread.
 */
final class Prefixes {
  /** What is shorter than this is not worth a copy. */
  static final int WORTH_IT = 8;

  /**
   * A sequence and the tokens in it.
   *
   * @param tokens as many as the sequence is long
   */
  record Kept(int[] tokens, Sequence sequence) {}

  private final int most;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int total;

  /** At most so many tokens in all. */
  Prefixes(int most) {
    this.most = most;
  }

  /** The one with this adapter that begins most like the prompt, if that is worth it. */
  @Nullable Kept find(int[] prompt, int promptLength, Adapter adapter) {
    Kept best = null;
    int longest = WORTH_IT - 1;
    for (Kept one : kept) {
      if (one.sequence.adapter() != adapter) {
        continue;
      }
      int common = common(one.tokens, one.tokens.length, prompt, promptLength);
      if (common > longest) {
        longest = common;
        best = one;
      }
    }
    if (best != null) {
      kept.remove(best);
      kept.addFirst(best);
    }
    return best;
  }

  /** Keeps one more, and drops others for it. */
  void keep(int[] tokens, Sequence sequence) {
    int length = sequence.length();
    if (length < WORTH_IT || length > most) {
      return;
    }
    for (Iterator<Kept> others = kept.iterator(); others.hasNext(); ) {
      Kept other = others.next();
      if (other.sequence.adapter() != sequence.adapter()) {
        continue;
      }
      int common = common(other.tokens, other.tokens.length, tokens, length);
      if (common == length) {
        return;
      }
      if (common == other.tokens.length) {
        others.remove();
        total -= common;
      }
    }
    kept.addFirst(new Kept(Arrays.copyOf(tokens, length), sequence));
    total += length;
    while (total > most) {
      total -= kept.removeLast().tokens.length;
    }
  }

  /** How many tokens two texts have in common from the start. */
  static int common(int[] a, int aLength, int[] b, int bLength) {
    int length = Math.min(aLength, bLength);
    int different = Arrays.mismatch(a, 0, length, b, 0, length);
    return different < 0 ? length : different;
  }
}
