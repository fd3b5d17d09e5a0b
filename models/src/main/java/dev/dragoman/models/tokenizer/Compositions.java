package dev.dragoman.models.tokenizer;

import java.util.HashMap;
import java.util.Map;

/**
 * Canonical combining classes and the pairs of code points that become one, from {@code
 * compositions.txt}; Hangul by its rule (Unicode Standard, section 3.12).
 */
final class Compositions {
  private static final int NONE = -1;
  private static final int HANGUL = 0xAC00;
  private static final int LEADS = 0x1100;
  private static final int VOWELS = 0x1161;
  private static final int TAILS = 0x11A7;
  private static final Map<Long, Integer> PAIRS = new HashMap<>();
  private static final CodePointTable CLASSES = load();

  private Compositions() {}

  private static CodePointTable load() {
    short[] classes = new short[CodePointTable.LIMIT];
    for (String line : CodePointTable.lines("compositions.txt")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        short value = Short.parseShort(line.substring(0, colon));
        CodePointTable.each(line, (name, c) -> classes[c] = value);
      } else {
        String[] fields = line.split(" ", -1);
        PAIRS.put(
            key(Integer.parseInt(fields[0], 16), Integer.parseInt(fields[1], 16)),
            Integer.parseInt(fields[2], 16));
      }
    }
    return new CodePointTable(classes);
  }

  private static long key(int first, int second) {
    return (long) first << 32 | second;
  }

  /** Marks of different classes do not touch each other, so they are sorted by it; 0: no mark. */
  static int combiningClass(int c) {
    return c < 0x300 ? 0 : CLASSES.get(c);
  }

  /** What the two become, or -1. */
  static int compose(int first, int second) {
    if (second < 0x300) {
      return NONE;
    }
    if (first >= LEADS && first < LEADS + 19 && second >= VOWELS && second < VOWELS + 21) {
      return HANGUL + ((first - LEADS) * 21 + second - VOWELS) * 28;
    }
    if (first >= HANGUL && first < HANGUL + 11172 && second > TAILS && second < TAILS + 28) {
      return (first - HANGUL) % 28 == 0 ? first + second - TAILS : NONE;
    }
    Integer both = PAIRS.get(key(first, second));
    return both == null ? NONE : both;
  }
}
