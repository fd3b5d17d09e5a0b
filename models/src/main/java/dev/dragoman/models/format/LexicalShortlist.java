package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Which words a translation may be made of, given those of its source: the binary form of Marian's
 * lexical shortlist (<a
 * href="https://github.com/browsermt/marian-dev/blob/master/src/data/shortlist.h">format</a>),
 * little-endian: a magic number, a checksum of what follows, how many of the most frequent words
 * are always there, how many at most come with a word of the source, where the words of each source
 * word start, all of these words.
 */
public final class LexicalShortlist {
  private static final long MAGIC = 0xF11A48D5013417F5L;
  private static final int HEADER = 6 * Long.BYTES;
  private static final int CHECKED_FROM = 2 * Long.BYTES;
  private static final int ROUND = 8;
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int frequent;
  private final int[] starts; // [source words + 1]
  private final int[] words;

  private LexicalShortlist(int frequent, int[] starts, int[] words) {
    this.frequent = frequent;
    this.starts = starts;
    this.words = words;
  }

  /**
   * Reads and checks a file.
   *
   * @param sources how many words of the source there are
   * @param targets how many words of the translation there are
   * @throws ModelException naming the file and the offset
   */
  public static LexicalShortlist read(Path path, int sources, int targets) {
    try (Arena arena = Arena.ofConfined()) {
      return parse(
          String.valueOf(path.getFileName()), MappedFile.open(path, arena), sources, targets);
    }
  }

  static LexicalShortlist parse(String file, MemorySegment bytes, int sources, int targets) {
    Cursor cursor = new Cursor(file, bytes, 0);
    if (cursor.i64("magic number") != MAGIC) {
      throw cursor.wrong(0, "this is no lexical shortlist in Marian's binary form");
    }
    long checksum = cursor.i64("checksum");
    long frequent = cursor.i64("number of frequent words");
    cursor.i64("number of words that come with one");
    long offsets = cursor.i64("number of offsets");
    long count = cursor.i64("number of words");
    if (frequent < 0
        || frequent > targets
        || offsets != sources + 1L
        || count < 0
        || count > bytes.byteSize()
        || bytes.byteSize() != HEADER + offsets * Long.BYTES + count * Integer.BYTES) {
      throw cursor.wrong(
          CHECKED_FROM,
          "%s frequent words, %s offsets and %s words in %d bytes do not fit vocabularies of %d and"
                  .formatted(frequent, offsets, count, bytes.byteSize(), sources)
              + " %d pieces".formatted(targets));
    }
    if (hash(bytes) != checksum) {
      throw cursor.wrong(
          Long.BYTES, "the checksum is not that of the content; download the file again");
    }
    int[] starts = new int[sources + 1];
    long before = 0;
    for (int i = 0; i < starts.length; i++) {
      long at = cursor.at();
      long start = cursor.i64("offset");
      if (start < before || start > count || i == sources && start != count) {
        throw cursor.wrong(at, "the words of %d start at %s of %d".formatted(i, start, count));
      }
      starts[i] = (int) start;
      before = start;
    }
    int[] words = new int[(int) count];
    for (int i = 0; i < words.length; i++) {
      words[i] = bytes.get(I32, cursor.skip(Integer.BYTES, "word"));
      if (words[i] < 0 || words[i] >= targets) {
        throw cursor.wrong(
            cursor.at() - Integer.BYTES,
            "word %s of %d".formatted(Integer.toUnsignedString(words[i]), targets));
      }
    }
    return new LexicalShortlist((int) frequent, starts, words);
  }

  /** As Marian computes it: over whole groups of eight bytes, a half one at the end left out. */
  private static long hash(MemorySegment bytes) {
    long seed = 0;
    for (long at = CHECKED_FROM; at <= bytes.byteSize() - Long.BYTES; at += Long.BYTES) {
      seed ^= bytes.get(I64, at) + 0x9e3779b9L + (seed << 6) + (seed >>> 2);
    }
    return seed;
  }

  /**
   * The words that a translation may be made of.
   *
   * @param source its words
   * @param from the first one's index
   * @param to the index after the last one
   * @param shared whether source and translation have one vocabulary: words of the source may then
   *     be in the translation
   * @param targets how many words of translations there are
   * @param chosen overwritten: the words, as many as a multiple of eight if there are so many
   */
  public void choose(int[] source, int from, int to, boolean shared, int targets, BitSet chosen) {
    chosen.clear();
    chosen.set(0, frequent);
    for (int i = from; i < to; i++) {
      int word = source[i];
      if (shared) {
        chosen.set(word);
      }
      for (int j = starts[word]; j < starts[word + 1]; j++) {
        chosen.set(words[j]);
      }
    }
    int missing = Math.floorMod(-chosen.cardinality(), ROUND);
    for (int i = chosen.nextClearBit(frequent); missing > 0 && i < targets; missing--) {
      chosen.set(i);
      i = chosen.nextClearBit(i);
    }
  }
}
