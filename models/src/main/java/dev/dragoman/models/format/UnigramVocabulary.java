package dev.dragoman.models.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The vocabulary in a {@link PackedE5}: the pieces of a Unigram model with their scores, in the
 * order of their ids, and what each code point is replaced by before the text is cut.
 *
 * <p>The pieces stay in the file.
 */
public final class UnigramVocabulary {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LEAST_RULE = 5;

  private final String file;
  private final MemorySegment all;
  private final int size;
  private final int begin;
  private final int end;
  private final int padding;
  private final int unknown;
  private final long starts;
  private final long scores;
  private final long pieces;
  private final int[] replaced;
  private final int[] replacements;
  private final int[] replacementStarts;

  private UnigramVocabulary(String file, MemorySegment all, Cursor cursor, int most) {
    this.file = file;
    this.all = all;
    size = cursor.i32("number of pieces");
    if (size < 1 || size > most) {
      throw cursor.wrong(cursor.at() - 4, "%d pieces in a vocabulary of %d".formatted(size, most));
    }
    begin = id(cursor, "the token at the beginning");
    end = id(cursor, "the token at the end");
    padding = id(cursor, "the padding token");
    unknown = id(cursor, "the unknown token");
    long bytes = cursor.count(1, "bytes of pieces");
    starts = cursor.skip(4L * (size + 1), "pieces");
    scores = cursor.skip(4L * size, "scores");
    pieces = cursor.skip(bytes, "pieces");
    checkPieces(cursor, bytes);

    long claimed = cursor.at();
    int rules = cursor.i32("number of replacements");
    long rulesBytes = cursor.u32("bytes of replacements");
    if (rules < 0 || rules > rulesBytes / LEAST_RULE || rulesBytes > cursor.left()) {
      throw cursor.wrong(
          claimed,
          "%d replacements in %d bytes, with %d bytes left"
              .formatted(rules, rulesBytes, cursor.left()));
    }
    replaced = new int[rules];
    replacementStarts = new int[rules + 1];
    replacements = new int[(int) ((rulesBytes - (long) rules * LEAST_RULE) / 4)];
    long stop = cursor.at() + rulesBytes;
    readReplacements(cursor);
    if (cursor.at() != stop) {
      throw cursor.wrong(cursor.at(), "the replacements should end at offset " + stop);
    }
  }

  static UnigramVocabulary read(String file, MemorySegment all, Cursor cursor, int most) {
    return new UnigramVocabulary(file, all, cursor, most);
  }

  private int id(Cursor cursor, String what) {
    long at = cursor.at();
    int id = cursor.i32(what);
    if (id < 0 || id >= size) {
      throw cursor.wrong(at, "%s has id %d of %d".formatted(what, id, size));
    }
    return id;
  }

  private void checkPieces(Cursor cursor, long bytes) {
    long before = 0;
    for (int i = 0; i <= size; i++) {
      long start = start(i);
      if (start < before || start > bytes || i == 0 && start != 0 || i == size && start != bytes) {
        throw cursor.wrong(
            starts + 4L * i,
            "piece %d starts at %d of %d, after one at %d".formatted(i, start, bytes, before));
      }
      before = start;
      if (i < size && !Float.isFinite(score(i))) {
        throw cursor.wrong(scores + 4L * i, "piece %d has the score %f".formatted(i, score(i)));
      }
    }
  }

  private void readReplacements(Cursor cursor) {
    int before = -1;
    int filled = 0;
    for (int i = 0; i < replaced.length; i++) {
      long at = cursor.at();
      replaced[i] = codePoint(cursor);
      int length = cursor.u8("replacement");
      if (replaced[i] <= before || length > replacements.length - filled) {
        throw cursor.wrong(
            at,
            "replacement of code point %d by %d others, after that of %d"
                .formatted(replaced[i], length, before));
      }
      before = replaced[i];
      for (int j = 0; j < length; j++) {
        replacements[filled] = codePoint(cursor);
        filled++;
      }
      replacementStarts[i + 1] = filled;
    }
  }

  private static int codePoint(Cursor cursor) {
    long at = cursor.at();
    int value = cursor.i32("replacement");
    if (!Character.isValidCodePoint(value)) {
      throw cursor.wrong(at, Integer.toUnsignedString(value) + " is no code point");
    }
    return value;
  }

  /** How many pieces there are; the model may know more ids. */
  public int size() {
    return size;
  }

  /** A piece, in UTF-8. */
  public byte[] bytes(int id) {
    return slice(id).toArray(ValueLayout.JAVA_BYTE);
  }

  /** A piece. */
  public String piece(int id) {
    return Cursor.utf8(file, slice(id), pieces + start(id), "piece " + id);
  }

  /** The score of a piece, a logarithm; 0 for special tokens. */
  public float score(int id) {
    Objects.checkIndex(id, size);
    return all.get(F32, scores + 4L * id);
  }

  /** The id of the token before each text. */
  public int begin() {
    return begin;
  }

  /** The id of the token after each text. */
  public int end() {
    return end;
  }

  /** The id of the token that fills up. */
  public int padding() {
    return padding;
  }

  /** The id of the token for what no piece covers. */
  public int unknown() {
    return unknown;
  }

  /** The code points that are replaced, ascending. */
  public int[] replaced() {
    return replaced.clone();
  }

  /** What stands for the code point at this index of {@link #replaced()}; maybe nothing. */
  public String replacement(int index) {
    int start = replacementStarts[index];
    return new String(replacements, start, replacementStarts[index + 1] - start);
  }

  private long start(int id) {
    return Integer.toUnsignedLong(all.get(I32, starts + 4L * id));
  }

  private MemorySegment slice(int id) {
    Objects.checkIndex(id, size);
    return all.asSlice(pieces + start(id), start(id + 1) - start(id));
  }
}
