package dev.dragoman.models.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjIntConsumer;

/** A number for each code point; equal stretches of them are kept once. */
final class CodePointTable {
  static final int LIMIT = Character.MAX_CODE_POINT + 1;
  private static final int BITS = 8;
  private static final int BLOCK = 1 << BITS;

  private final short[][] blocks = new short[LIMIT >> BITS][];

  CodePointTable(short[] values) {
    Map<List<Short>, short[]> known = new HashMap<>();
    for (int i = 0; i < blocks.length; i++) {
      short[] block = Arrays.copyOfRange(values, i * BLOCK, (i + 1) * BLOCK);
      List<Short> key = new ArrayList<>(BLOCK);
      for (short value : block) {
        key.add(value);
      }
      blocks[i] = known.computeIfAbsent(key, k -> block);
    }
  }

  int get(int codePoint) {
    return blocks[codePoint >> BITS][codePoint & BLOCK - 1];
  }

  /** The lines of a resource beside this class, without its comments. */
  static List<String> lines(String resource) {
    try (InputStream in =
            Objects.requireNonNull(CodePointTable.class.getResourceAsStream(resource));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Offers each code point of {@code name range range...} to a taker, with the name. */
  static void each(String line, ObjIntConsumer<String> taker) {
    String[] fields = line.split(" ", -1);
    for (int i = 1; i < fields.length; i++) {
      int dash = fields[i].indexOf('-');
      int first = Integer.parseInt(dash < 0 ? fields[i] : fields[i].substring(0, dash), 16);
      int last = dash < 0 ? first : Integer.parseInt(fields[i].substring(dash + 1), 16);
      for (int c = first; c <= last; c++) {
        taker.accept(fields[0], c);
      }
    }
  }
}
