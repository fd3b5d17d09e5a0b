package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * Cuts at what a pattern finds (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/normalizer.rs">reference:
 * SplitDelimiterBehavior</a>).
 *
 * @param inverted what lies between the matches counts as match
 */
record Split(Delimiter pattern, Behaviour behaviour, boolean inverted) implements PreTokenizer {
  /** What becomes of the matches. */
  enum Behaviour {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS
  }

  @Override
  public Words before(Words words) {
    Delimiter.Finder finder = pattern.finder();
    return switch (behaviour) {
      case REMOVED ->
          inverted
              ? (pieces, from, to) -> matches(finder, pieces, from, to, words)
              : (pieces, from, to) -> between(finder, pieces, from, to, words);
      case ISOLATED -> (pieces, from, to) -> all(finder, pieces, from, to, words);
      case MERGED_WITH_PREVIOUS, MERGED_WITH_NEXT, CONTIGUOUS -> {
        Ranges ranges = new Ranges();
        yield (pieces, from, to) -> merged(ranges, finder, pieces, from, to, words);
      }
    };
  }

  private static boolean matches(
      Delimiter.Finder finder, Pieces pieces, int from, int to, Words words) {
    finder.reset(pieces, from, to);
    while (finder.next()) {
      if (finder.start() < finder.end() && !words.word(pieces, finder.start(), finder.end())) {
        return false;
      }
    }
    return true;
  }

  private static boolean between(
      Delimiter.Finder finder, Pieces pieces, int from, int to, Words words) {
    finder.reset(pieces, from, to);
    int plain = from;
    while (finder.next()) {
      if (plain < finder.start() && !words.word(pieces, plain, finder.start())) {
        return false;
      }
      plain = finder.end();
    }
    return plain >= to || words.word(pieces, plain, to);
  }

  private static boolean all(
      Delimiter.Finder finder, Pieces pieces, int from, int to, Words words) {
    finder.reset(pieces, from, to);
    int plain = from;
    while (finder.next()) {
      int start = finder.start();
      int end = finder.end();
      if (plain < start && !words.word(pieces, plain, start)) {
        return false;
      }
      if (start < end && !words.word(pieces, start, end)) {
        return false;
      }
      plain = end;
    }
    return plain >= to || words.word(pieces, plain, to);
  }

  private boolean merged(
      Ranges ranges, Delimiter.Finder finder, Pieces pieces, int from, int to, Words words) {
    ranges.size = 0;
    finder.reset(pieces, from, to);
    int plain = from;
    while (finder.next()) {
      if (plain < finder.start()) {
        ranges.add(plain, inverted);
      }
      ranges.add(finder.start(), !inverted);
      plain = finder.end();
    }
    if (plain < to) {
      ranges.add(plain, inverted);
    }
    int start = from;
    for (int i = 0; i < ranges.size; i++) {
      int end = i + 1 < ranges.size ? ranges.starts[i + 1] : to;
      if (i + 1 < ranges.size && joined(ranges, i)) {
        continue;
      }
      if (start < end && !words.word(pieces, start, end)) {
        return false;
      }
      start = end;
    }
    return true;
  }

  /** Whether this range and the next stay together. */
  private boolean joined(Ranges ranges, int i) {
    boolean match = ranges.matches[i];
    boolean next = ranges.matches[i + 1];
    return switch (behaviour) {
      case CONTIGUOUS -> match == next;
      case MERGED_WITH_PREVIOUS -> !match && next;
      case MERGED_WITH_NEXT -> match && !next;
      case REMOVED, ISOLATED -> false;
    };
  }

  @Override
  public boolean neverInside(char c) {
    return behaviour == Behaviour.REMOVED
        && !inverted
        && pattern instanceof ClassOfCodePoints(var holds)
        && !Character.isSurrogate(c)
        && holds.test(c);
  }

  private static final class Ranges {
    private int[] starts = new int[64];
    private boolean[] matches = new boolean[64];
    private int size;

    void add(int start, boolean match) {
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, 2 * size);
        matches = Arrays.copyOf(matches, 2 * size);
      }
      starts[size] = start;
      matches[size++] = match;
    }
  }
}
