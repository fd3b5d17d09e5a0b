package dev.dragoman.models.generate.constrain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/** Random generations: each token is drawn from those that the mask allows. */
final class Walks {
  static final int END = 0;
  private static final String[] PIECES = {
    "{\"",
    "\":",
    "\": ",
    "\",",
    "\", ",
    "\",\"",
    "\"}",
    "\"}]",
    "},",
    "}}",
    "],",
    "[[",
    "[{",
    "]}",
    "[]",
    "{}",
    "\"\"",
    "[\"",
    "null",
    "true",
    "false",
    "tru",
    "nul",
    ",\"a\":",
    "\"a\":",
    "\"b\":1",
    "12",
    "100",
    "00",
    "0.",
    ".5",
    "-1",
    "1.",
    "7}",
    "3,",
    "5]",
    "e1",
    "ab",
    "aa",
    "abc",
    "bb",
    "ba",
    "name",
    "kind",
    "value",
    "\"value\":",
    "a\"",
    "b\":",
    "child",
    "ren",
    "the",
    " a",
    "é",
    "日",
    "日本",
    "😀",
    "\\n",
    "\\\"",
    "\\u00",
    "2024",
    "-0",
    "T1",
    ":0",
    "http",
    "://",
    "s_",
    "_n",
    "company",
    "circle",
    "red",
    "green",
    "\"red\",",
    "x\",\"",
    "\n",
    "  "
  };

  static final Vocabulary VOCABULARY = vocabulary();

  private Walks() {}

  /** The special token 0, all single bytes, some 80 pieces, one of them twice. */
  private static Vocabulary vocabulary() {
    Set<String> pieces = new LinkedHashSet<>(Arrays.asList(PIECES));
    byte[][] tokens = new byte[258 + pieces.size()][];
    tokens[END] = "</s>".getBytes(StandardCharsets.UTF_8);
    for (int b = 0; b < 256; b++) {
      tokens[1 + b] = new byte[] {(byte) b};
    }
    int id = 257;
    for (String piece : pieces) {
      tokens[id++] = piece.getBytes(StandardCharsets.UTF_8);
    }
    tokens[id] = "name".getBytes(StandardCharsets.UTF_8);
    return Vocabulary.of(tokens, END);
  }

  /** A generated text; the more tokens there are, the more those that close something. */
  static byte[] generate(Constraint constraint, Random random) {
    ConstraintCursor cursor = constraint.start(VOCABULARY);
    long[] mask = new long[VOCABULARY.maskLength()];
    byte[] text = {};
    for (int step = 0; step < 20_000; step++) {
      cursor.mask(mask);
      int token = choose(shortened(mask, text), random, step);
      cursor.accept(token);
      if (token == END) {
        return text;
      }
      byte[] bytes = VOCABULARY.bytes(token);
      text = Arrays.copyOf(text, text.length + bytes.length);
      System.arraycopy(bytes, 0, text, text.length - bytes.length, bytes.length);
    }
    throw new AssertionError("No end: " + new String(text, StandardCharsets.UTF_8));
  }

  /** Without digits after ten of them where possible: the validator rounds long integers. */
  private static long[] shortened(long[] mask, byte[] text) {
    int digits = 0;
    while (digits < text.length && Character.isDigit(text[text.length - 1 - digits])) {
      digits++;
    }
    if (digits < 10) {
      return mask;
    }
    long[] shorter = mask.clone();
    for (int id = 1; id < VOCABULARY.size(); id++) {
      if (allows(mask, id) && Character.isDigit(VOCABULARY.bytes(id)[0])) {
        shorter[id >> 6] &= ~(1L << id);
      }
    }
    return Arrays.stream(shorter).allMatch(word -> word == 0) ? mask : shorter;
  }

  private static int choose(long[] mask, Random random, int step) {
    boolean hurry = step > 150 || random.nextInt(200) < step;
    boolean stop = random.nextInt(6) == 0;
    if (hurry || stop) {
      if (allows(mask, END)) {
        return END;
      }
      char closer = "\"]}".charAt(random.nextInt(3));
      if (allows(mask, 1 + closer)) {
        return 1 + closer;
      }
    }
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    int chosen = random.nextInt(count);
    for (int id = 0; id < VOCABULARY.size(); id++) {
      if (allows(mask, id) && chosen-- == 0) {
        return id;
      }
    }
    throw new AssertionError("no token");
  }

  static boolean allows(long[] mask, int id) {
    return (mask[id >> 6] & 1L << id) != 0;
  }
}
