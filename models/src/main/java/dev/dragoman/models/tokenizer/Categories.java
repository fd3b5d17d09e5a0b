package dev.dragoman.models.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes of code points that regular expressions name, as the reference implementation's
 * engine (Oniguruma) has them; in {@code categories.txt}, made by {@code
 * tests/parity/codepoints.py}.
 */
final class Categories {
  static final int LETTER = 1;
  static final int NUMBER = 2;
  static final int SPACE = 4;

  private static final Map<String, BitSet> SETS = load();
  private static final CodePointTable KINDS = kinds();

  private Categories() {}

  private static Map<String, BitSet> load() {
    Map<String, BitSet> sets = new LinkedHashMap<>();
    for (String line : CodePointTable.lines("categories.txt")) {
      BitSet set = new BitSet(CodePointTable.LIMIT);
      CodePointTable.each(line, (name, c) -> set.set(c));
      sets.put(line.substring(0, line.indexOf(' ')), set);
    }
    Map<String, BitSet> wide = new HashMap<>(sets);
    sets.forEach((name, set) -> {
      if (name.length() == 2) {
        wide.computeIfAbsent(name.substring(0, 1), n -> new BitSet()).or(set);
      }
    });
    return wide;
  }

  private static CodePointTable kinds() {
    short[] kinds = new short[CodePointTable.LIMIT];
    mark(kinds, "L", LETTER);
    mark(kinds, "N", NUMBER);
    mark(kinds, "onigSpace", SPACE);
    return new CodePointTable(kinds);
  }

  private static void mark(short[] kinds, String name, int kind) {
    set(name).stream().forEach(c -> kinds[c] |= (short) kind);
  }

  /** LETTER, NUMBER, SPACE or 0. */
  static int kind(int c) {
    return KINDS.get(c);
  }

  /**
   * The code points of a general category or of a group of them, such as {@code Lu} or {@code L}.
   */
  static @Nullable BitSet named(String name) {
    return SETS.get(name);
  }

  /** One that is known to be there. */
  static BitSet set(String name) {
    BitSet set = SETS.get(name);
    if (set == null) {
      throw new IllegalStateException("categories.txt has no " + name);
    }
    return set;
  }
}
