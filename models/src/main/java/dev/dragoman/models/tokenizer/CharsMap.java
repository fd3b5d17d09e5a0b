package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The normalisation rules of a SentencePiece model: a double-array trie of UTF-8 strings, and what
 * they become (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/normalizer.cc">reference</a>).
 */
final class CharsMap {
  static final int NONE = -1;
  static final CharsMap EMPTY = new CharsMap(new int[] {0}, new byte[0]);

  private final int[] units;
  private final byte[] texts;
  private final Map<Integer, int[]> decoded = new ConcurrentHashMap<>();

  private CharsMap(int[] units, byte[] texts) {
    this.units = units;
    this.texts = texts;
  }

  /**
   * Reads one: the length of the trie, the trie, and strings that end with a zero byte.
   *
   * @throws ModelException if it is shorter than it says
   */
  static CharsMap of(byte[] bytes) {
    if (bytes.length == 0) {
      return EMPTY;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.length < 4 ? -1 : buffer.getInt();
    if (length < 4 || length % 4 != 0 || length > bytes.length - 4) {
      throw new ModelException("the normalisation rules are cut off");
    }
    int[] units = new int[length / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = buffer.getInt();
    }
    byte[] texts = new byte[buffer.remaining()];
    buffer.get(texts);
    return new CharsMap(units, texts);
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  /** Where a search begins. */
  int root() {
    return offset(units[0]);
  }

  /** The place below this one, or NONE. */
  int next(int place, int b) {
    int at = place ^ b;
    if (b == 0 || at < 0 || at >= units.length || (units[at] & 0x800000FF) != b) {
      return NONE;
    }
    int below = at ^ offset(units[at]);
    return (units[at] >>> 8 & 1) == 1 ? below | 1 << 31 : below;
  }

  /** What a place given by {@link #next} stands for, for going on. */
  static int place(int found) {
    return found & Integer.MAX_VALUE;
  }

  /**
   * The place after the bytes of a code point, or NONE; its top bit says that a rule ends there.
   */
  int nextCodePoint(int place, int c) {
    if (c < 0x80) {
      return next(place, c);
    }
    int at;
    if (c < 0x800) {
      at = next(place, 0xC0 | c >> 6);
    } else {
      if (c < 0x10000) {
        at = next(place, 0xE0 | c >> 12);
      } else {
        at = next(place, 0xF0 | c >> 18);
        at = at == NONE ? NONE : next(place(at), 0x80 | c >> 12 & 0x3F);
      }
      at = at == NONE ? NONE : next(place(at), 0x80 | c >> 6 & 0x3F);
    }
    return at == NONE ? NONE : next(place(at), 0x80 | c & 0x3F);
  }

  static boolean isRule(int found) {
    return found != NONE && found < 0;
  }

  /** What the rule that ends here puts instead. */
  int[] content(int found) {
    int place = place(found);
    int index = place < units.length ? units[place] & Integer.MAX_VALUE : texts.length;
    return decoded.computeIfAbsent(index, this::decode);
  }

  private int[] decode(int from) {
    int to = from;
    while (to < texts.length && texts[to] != 0) {
      to++;
    }
    return from >= texts.length
        ? new int[0]
        : new String(texts, from, to - from, StandardCharsets.UTF_8).codePoints().toArray();
  }
}
