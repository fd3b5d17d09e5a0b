package dev.dragoman.models.generate.constrain;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Measures masks over a made-up vocabulary of 151,000 tokens: single bytes, words with and without
 * a space, numbers, punctuation. Prints times; asserts nothing.
 */
final class MaskTiming {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SIZE = 151_000;
  private static final List<String> SCHEMAS =
      List.of(
          "true",
          "{\"type\":\"string\",\"maxLength\":2000}",
          "{\"type\":\"string\",\"format\":\"date-time\"}",
          "{\"type\":\"array\",\"items\":{\"type\":\"number\"}}",
          "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\",\"maxLength\":80},"
              + "\"date\":{\"type\":\"string\",\"format\":\"date\"},\"amount\":{\"type\":\"number\","
              + "\"minimum\":0},\"kind\":{\"enum\":[\"invoice\",\"letter\",\"contract\"]},"
              + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}},"
              + "\"required\":[\"title\",\"kind\"],\"additionalProperties\":false}");

  private MaskTiming() {}

  public static void main(String[] args) throws IOException {
    long start = now();
    Vocabulary vocabulary = vocabulary();
    System.out.printf("vocabulary of %,d: %.0f ms%n", vocabulary.size(), since(start) / 1e6);
    for (int round = 0; round < 3; round++) {
      for (String schema : SCHEMAS) {
        measure(schema, vocabulary);
      }
    }
  }

  /** Processor time, so that a busy machine does not count. */
  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static long since(long start) {
    return now() - start;
  }

  private static void measure(String schema, Vocabulary vocabulary) throws IOException {
    long start = now();
    Constraint constraint = Constraint.jsonSchema(Oracle.MAPPER.readTree(schema));
    double compile = since(start) / 1e6;
    start = now();
    constraint.start(vocabulary);
    double bind = since(start) / 1e6;
    long[] mask = new long[vocabulary.maskLength()];
    long[] first = new long[4000];
    long[] cached = new long[4000];
    int firsts = 0;
    int hits = 0;
    for (int walk = 0; walk < 60; walk++) {
      ConstraintCursor cursor = constraint.start(vocabulary);
      Random random = new Random(walk % 20);
      for (int step = 0; step < 60 && !cursor.ended(); step++) {
        long known = constraint.table(vocabulary).computed();
        start = now();
        cursor.mask(mask);
        long took = since(start);
        if (constraint.table(vocabulary).computed() > known) {
          first[firsts++] = took;
        } else {
          cached[hits++] = took;
        }
        cursor.accept(choose(mask, random));
      }
    }
    long[] slow = Arrays.copyOf(first, firsts);
    long[] fast = Arrays.copyOf(cached, hits);
    Arrays.sort(slow);
    Arrays.sort(fast);
    System.out.printf(
        "compile %7.1f ms, %6d states, bind %6.1f ms; %4d new masks: median %6.2f ms, most %6.2f"
            + " ms; %4d known: median %6.1f us, 99%% %6.1f us  %.40s%n",
        compile,
        constraint.states(),
        bind,
        slow.length,
        slow[slow.length / 2] / 1e6,
        slow[slow.length - 1] / 1e6,
        fast.length,
        fast[fast.length / 2] / 1e3,
        fast[fast.length * 99 / 100] / 1e3,
        schema);
  }

  private static int choose(long[] mask, Random random) {
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    int chosen = random.nextInt(count);
    for (int w = 0; ; w++) {
      int here = Long.bitCount(mask[w]);
      if (chosen < here) {
        long word = mask[w];
        while (chosen-- > 0) {
          word &= word - 1;
        }
        return w * 64 + Long.numberOfTrailingZeros(word);
      }
      chosen -= here;
    }
  }

  private static Vocabulary vocabulary() {
    Random random = new Random(1);
    Set<String> words = new LinkedHashSet<>();
    String marks = "\"{}[]:,.;!?()-_/\\'=<>*#";
    while (words.size() < SIZE - 300) {
      StringBuilder word = new StringBuilder();
      int kind = random.nextInt(20);
      int length = 1 + (int) Math.abs(random.nextGaussian() * 5);
      if (kind == 0) {
        for (int i = 0; i < 1 + length / 3; i++) {
          word.append(marks.charAt(random.nextInt(marks.length())));
        }
      } else if (kind == 1) {
        word.append(random.nextInt(1000));
      } else if (kind == 2) {
        word.appendCodePoint(0x4E00 + random.nextInt(0x5000));
        word.appendCodePoint(0x4E00 + random.nextInt(0x5000));
      } else {
        word.append(random.nextBoolean() ? " " : "");
        for (int i = 0; i < length; i++) {
          word.append(
              "etaoinshrdlucmfwypvbgkqjxz"
                  .charAt((int) Math.min(25, Math.abs(random.nextGaussian() * 9))));
        }
      }
      words.add(word.toString());
    }
    byte[][] tokens = new byte[257 + words.size()][];
    for (int b = 0; b < 256; b++) {
      tokens[b] = new byte[] {(byte) b};
    }
    int id = 256;
    for (String word : words) {
      tokens[id++] = word.getBytes(StandardCharsets.UTF_8);
    }
    return Vocabulary.of(tokens, id);
  }
}
