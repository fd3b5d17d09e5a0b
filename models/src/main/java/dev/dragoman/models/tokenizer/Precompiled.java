package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * SentencePiece's rules as Hugging Face tokenizers applies them: to each user-perceived character
 * that is short, else to each code point; the shortest rule that fits the beginning replaces all of
 * it (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/normalizers/precompiled.rs">reference</a>).
 */
record Precompiled(CharsMap map) implements Normalizer {
  private static final int SHORT = 6;

  @Override
  public void normalize(Pieces in, Pieces out) {
    Changes changes = new Changes();
    boolean modified = false;
    for (int i = 0; i < in.size(); ) {
      int end = i + 1;
      int bytes = utf8(in.codePoint(i));
      while (end < in.size() && CodePoints.together(in.codePoint(end - 1), in.codePoint(end))) {
        bytes += utf8(in.codePoint(end++));
      }
      if (bytes < SHORT && end - i > 1 && changes.replace(map, in, i, end)) {
        modified = true;
      } else {
        for (int j = i; j < end; j++) {
          if (changes.replace(map, in, j, j + 1)) {
            modified = true;
          } else {
            changes.add(in.codePoint(j), 0);
          }
        }
      }
      i = end;
    }
    if (!modified) {
      out.append(in, 0, in.size());
      return;
    }
    Aligner aligner = new Aligner(in, out, 0);
    for (int i = 0; i < changes.size; i++) {
      aligner.change(changes.codePoints[i], changes.numbers[i]);
    }
  }

  private static int utf8(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  private static final class Changes {
    private int[] codePoints = new int[256];
    private int[] numbers = new int[256];
    private int size;

    void add(int codePoint, int number) {
      if (size == numbers.length) {
        codePoints = Arrays.copyOf(codePoints, 2 * size);
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      codePoints[size] = codePoint;
      numbers[size++] = number;
    }

    boolean replace(CharsMap map, Pieces in, int from, int to) {
      int place = map.root();
      int found = CharsMap.NONE;
      for (int i = from; i < to && !CharsMap.isRule(found); i++) {
        found = map.nextCodePoint(place, in.codePoint(i));
        if (found == CharsMap.NONE) {
          return false;
        }
        place = CharsMap.place(found);
      }
      if (!CharsMap.isRule(found)) {
        return false;
      }
      int[] content = map.content(found);
      for (int c : content) {
        add(c, 0);
      }
      int more = content.length - (to - from);
      for (int i = 1; i <= more; i++) {
        numbers[size - i] = 1;
      }
      if (more < 0 && size > 0) {
        numbers[size - 1] += more;
      }
      return true;
    }
  }
}
