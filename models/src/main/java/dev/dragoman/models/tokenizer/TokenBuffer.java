package dev.dragoman.models.tokenizer;

import dev.dragoman.models.Tokenizer.Tokens;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tokens found so far. Those of the word that reaches the limit are all kept. */
final class TokenBuffer {
  /**
   * Offsets without the white space that tokens begin and end with (<a
   * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/pre_tokenizers/byte_level.rs">reference:
   * process_offsets</a>).
   *
   * @param prefixSpace the first word may have got a space that the text has not
   * @param leading by id, how much white space the token begins with
   * @param trailing and ends with
   */
  record Trim(boolean prefixSpace, short[] leading, short[] trailing) {}

  private final String text;
  private final int limit;
  private final @Nullable Trim trim;
  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int size;

  TokenBuffer(String text, int limit, @Nullable Trim trim) {
    this.text = text;
    this.limit = limit;
    this.trim = trim;
  }

  boolean full() {
    return size >= limit;
  }

  void add(int id, int start, int end) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ids[size] = id;
    starts[size] = start;
    ends[size++] = end;
    if (trim != null && (trim.leading[id] | trim.trailing[id]) != 0) {
      trim(trim.leading[id], trim.trailing[id], trim.prefixSpace);
    }
  }

  /** Adds a token that stands in the text as it is, with so much white space around it. */
  void addMatched(int id, int start, int end, int leading, int trailing) {
    int before = size;
    add(id, start, end);
    starts[before] = start;
    ends[before] = end;
    if (trim != null) {
      trim(leading, trailing, trim.prefixSpace);
    }
  }

  private void trim(int leading, int trailing, boolean prefixSpace) {
    int last = size - 1;
    boolean first = last == 0 || starts[last] == 0;
    int from = first && prefixSpace && leading == 1 ? 0 : leading;
    starts[last] = moved(starts[last], from, ends[last]);
    ends[last] = moved(ends[last], -trailing, starts[last]);
  }

  /** So many code points further, but not beyond a place. */
  private int moved(int from, int count, int end) {
    int at = from;
    for (int i = 0; i < Math.abs(count) && at != end; i++) {
      at = text.offsetByCodePoints(at, Integer.signum(count));
    }
    return at;
  }

  Tokens toTokens() {
    return new Tokens(
        Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }
}
