package dev.dragoman.operators.text;

import java.util.Arrays;
import java.util.List;

/** A text some stretches of which were replaced, and where every offset of the original went. */
final class EditedText {
  private final String text;
  private final int[] starts;
  private final int[] ends;
  private final int[] newStarts;
  private final int[] newEnds;

  private EditedText(String text, int[] starts, int[] ends, int[] newStarts, int[] newEnds) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
    this.newStarts = newStarts;
    this.newEnds = newEnds;
  }

  /** The text after the edits. */
  String text() {
    return text;
  }

  boolean unchanged() {
    return starts.length == 0;
  }

  /**
   * Where a stretch that began at this offset begins now: inside a replaced stretch, at the start
   * of the replacement.
   */
  int start(int offset) {
    int edit = lastFrom(offset);
    if (edit < 0) {
      return offset;
    }
    return offset < ends[edit] ? newStarts[edit] : newEnds[edit] + offset - ends[edit];
  }

  /**
   * Where a stretch that ended at this offset ends now: inside a replaced stretch, at the end of
   * the replacement.
   */
  int end(int offset) {
    int edit = lastFrom(offset);
    if (edit < 0) {
      return offset;
    }
    if (offset == starts[edit]) {
      return newStarts[edit];
    }
    return offset < ends[edit] ? newEnds[edit] : newEnds[edit] + offset - ends[edit];
  }

  /** The last edit that starts at or before the offset, or -1. */
  private int lastFrom(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }

  /** The offsets of several edits, each made to the text the one before left. */
  static OffsetMap chain(List<EditedText> passes) {
    return new OffsetMap() {
      @Override
      public int start(int offset) {
        int at = offset;
        for (EditedText pass : passes) {
          at = pass.start(at);
        }
        return at;
      }

      @Override
      public int end(int offset) {
        int at = offset;
        for (EditedText pass : passes) {
          at = pass.end(at);
        }
        return at;
      }
    };
  }

  /** Edits a text from its start to its end. */
  static final class Editor {
    private final String original;
    private final StringBuilder out;
    private int copied;
    private int count;
    private int[] edits = new int[32];

    Editor(String original) {
      this.original = original;
      this.out = new StringBuilder(original.length());
    }

    /**
     * Replaces the stretch from {@code start} to {@code end}, which must be neither empty nor
     * before the end of the one replaced last.
     */
    void replace(int start, int end, CharSequence replacement) {
      if (start < copied || end <= start) {
        throw new IllegalArgumentException("edits must ascend: " + start + ".." + end);
      }
      if (count + 4 > edits.length) {
        edits = Arrays.copyOf(edits, edits.length * 2);
      }
      out.append(original, copied, start);
      edits[count++] = start;
      edits[count++] = end;
      edits[count++] = out.length();
      out.append(replacement);
      edits[count++] = out.length();
      copied = end;
    }

    EditedText done() {
      if (count == 0) {
        return new EditedText(original, new int[0], new int[0], new int[0], new int[0]);
      }
      out.append(original, copied, original.length());
      return new EditedText(out.toString(), column(0), column(1), column(2), column(3));
    }

    private int[] column(int which) {
      int[] column = new int[count / 4];
      for (int i = 0; i < column.length; i++) {
        column[i] = edits[4 * i + which];
      }
      return column;
    }
  }
}
