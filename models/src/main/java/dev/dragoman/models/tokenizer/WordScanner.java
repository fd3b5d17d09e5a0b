package dev.dragoman.models.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * The two families of expressions that byte-level tokenizers cut text with, by hand: GPT-2's, and
 * that of cl100k (Llama 3, Qwen). A test compares them with {@link Regex}.
 *
 * @param gpt2 GPT-2's
 * @param digits so many digits stay together at most
 */
record WordScanner(boolean gpt2, int digits) implements Delimiter {
  static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  static final String LLAMA3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");

  /** The scanner that does what this expression does, if there is one. */
  static @Nullable Delimiter of(String pattern) {
    if (pattern.equals(GPT2)) {
      return new WordScanner(true, Integer.MAX_VALUE);
    }
    if (pattern.equals(LLAMA3)) {
      return new WordScanner(false, 3);
    }
    return pattern.equals(QWEN2) ? new WordScanner(false, 1) : null;
  }

  @Override
  public Finder finder() {
    return new Scan(gpt2, digits);
  }

  private static final class Scan implements Finder {
    private static final int SPACE = Categories.SPACE;
    private static final int LETTER = Categories.LETTER;
    private static final int NUMBER = Categories.NUMBER;

    private final boolean gpt2;
    private final int digits;
    private Pieces pieces = new Pieces(0);
    private int start;
    private int end;
    private int to;

    Scan(boolean gpt2, int digits) {
      this.gpt2 = gpt2;
      this.digits = digits;
    }

    @Override
    public void reset(Pieces pieces, int from, int to) {
      this.pieces = pieces;
      this.end = from;
      this.to = to;
    }

    @Override
    public int start() {
      return start;
    }

    @Override
    public int end() {
      return end;
    }

    @Override
    public boolean next() {
      start = end;
      if (start >= to) {
        return false;
      }
      int c = pieces.codePoint(start);
      int contraction = c == '\'' ? contraction() : 0;
      if (contraction > 0) {
        end = start + contraction;
      } else {
        end = gpt2 ? gpt2(c) : llama(c);
      }
      return true;
    }

    private int gpt2(int c) {
      int kind = Categories.kind(c);
      if (c == ' ' && start + 1 < to) {
        int next = Categories.kind(pieces.codePoint(start + 1));
        return next == SPACE ? spaces() : run(start + 1, next, to);
      }
      return kind == SPACE ? spaces() : run(start, kind, to);
    }

    private int llama(int c) {
      int kind = Categories.kind(c);
      if (kind == LETTER) {
        return run(start, LETTER, to);
      }
      if (kind == NUMBER) {
        return run(start, NUMBER, digits < to - start ? start + digits : to);
      }
      int next = start + 1 < to ? Categories.kind(pieces.codePoint(start + 1)) : SPACE;
      if (next == LETTER && c != '\r' && c != '\n') {
        return run(start + 1, LETTER, to);
      }
      if (kind == 0 || (c == ' ' && next == 0)) {
        int i = run(start + 1, 0, to);
        while (i < to && newline(pieces.codePoint(i))) {
          i++;
        }
        return i;
      }
      int stop = run(start, SPACE, to);
      for (int i = stop; i > start; i--) {
        if (newline(pieces.codePoint(i - 1))) {
          return i;
        }
      }
      return beforeWord(stop);
    }

    private static boolean newline(int c) {
      return c == '\r' || c == '\n';
    }

    private int spaces() {
      return beforeWord(run(start, SPACE, to));
    }

    /** The last of many spaces belongs to the word after it. */
    private int beforeWord(int stop) {
      return stop < to && stop - start > 1 ? stop - 1 : stop;
    }

    private int run(int from, int kind, int limit) {
      int i = from;
      while (i < limit && Categories.kind(pieces.codePoint(i)) == kind) {
        i++;
      }
      return i;
    }

    /** How long the contraction is that starts here; 0: there is none. */
    private int contraction() {
      int first = letter(start + 1);
      return switch (first) {
        case 's', 't', 'm', 'd' -> 2;
        case 'r', 'v' -> letter(start + 2) == 'e' ? 3 : 0;
        case 'l' -> letter(start + 2) == 'l' ? 3 : 0;
        default -> 0;
      };
    }

    private int letter(int at) {
      if (at >= to) {
        return 0;
      }
      int c = pieces.codePoint(at);
      if (gpt2) {
        return c;
      }
      return c == 'ſ' ? 's' : c | 0x20;
    }
  }
}
