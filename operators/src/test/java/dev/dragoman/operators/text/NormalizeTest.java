package dev.dragoman.operators.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Chunk;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Region;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import java.net.URI;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizeTest {
  private static final Origin READER = new Origin(PartId.TEXT, "ExtractText", "1", "");
  private static final Normalize.Config ALL = Normalize.Config.defaults();

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'e\\u0301te\\u0301', été
          '\\u1112\\u1161\\u11ab', 한
          'o\\uFB03ce \\uFB01ne \\uFB02at', office fine flat
          '\\u0133s', ijs
          'reke\\u00ADning', rekening
          'reke\\u00AD\\nning', rekening
          'reke-\\nning', rekening
          'reke-  \\n  ning', rekening
          'Noord-\\nHolland', 'Noord-\\nHolland'
          'zee-\\nen luchtvaart', 'zee-\\nen luchtvaart'
          'PDF-\\nbestand', 'PDF-\\nbestand'
          'e-\\nmail', 'e-\\nmail'
          '  a \\t b\\u00A0 c  ', a b c
          'a  \\n\\n\\n\\n  b', 'a\\n\\n b'
          'a\\r\\nb\\rc', 'a\\nb\\nc'
          'a\\u0000b\\u0007c\\u200Bd\\uFEFF', abcd
          'a\\u200Db', 'a\\u200Db'
          'caf\\u00C3\\u00A9', café
          '10 \\u00E2\\u201A\\u00AC', 10 €
          'it\\u00E2\\u20AC\\u2122s', it’s
          'caf\\u00C3\\u00A9 \\u00E0', 'caf\\u00C3\\u00A9 \\u00E0'
          'caf\\u00C3\\u00A9\\n\\u00E0', 'café\\n\\u00E0'
          'N\\u00C3O \\u00C9 S\\u00C3O', 'N\\u00C3O \\u00C9 S\\u00C3O'
          '\\uD83D\\uDE00 \\uD83D', '\\uD83D\\uDE00 \\uFFFD'
          """)
  void textIsCleaned(String dirty, String clean) {
    assertThat(text(apply(ALL, document(plain(dirty))))).isEqualTo(plain(clean));
  }

  @Test
  void everySwitchCanBeOff() {
    String dirty = "e\u0301 \u00AD a  b re-\nde \uFB01 \u0007 \u00C3\u00A9";
    var off = new Normalize.Config(false, false, false, false, false, false, false);
    assertThat(text(apply(off, document(dirty)))).isEqualTo(dirty);
    assertThat(apply(off, document(dirty)).provenance().steps())
        .containsExactly(Step.done("Normalize", "1", ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void annotationsStayOnTheirWords(int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    List<Annotation> before = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      text.append(noise(random));
      String core = "w" + i + "x";
      int start = text.length();
      text.append(dirtyWord(core, random));
      int end = text.length();
      words.add(core);
      before.add(annotation(i, text.substring(start, end), start, end));
      text.append(i % 2 == 0 ? " " : "\n");
    }
    Document cleaned = apply(ALL, document(text.toString()).withAnnotations(before));
    String after = text(cleaned);
    assertThat(cleaned.annotations()).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      Moved moved = moved(cleaned.annotations().get(i));
      String quoted = after.substring(moved.start, moved.end);
      assertThat(quoted.replaceAll("[^a-z0-9]", "")).isEqualTo(words.get(i) + "fi");
      assertThat(moved.value).isEqualTo(quoted);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyTextIsCleanedOnceAndForAll(int seed) {
    Random random = new Random(seed);
    int[] alphabet = {
      'a', 'B', 'é', ' ', ' ', '\n', '\t', '\r', '-', 0xAD, 0x301, 0x327, 0xFB01, 0, 0x85, 0xC3,
      0xA9, 0x200B, 0x1F600, 0x1112, 0x1161, 0x11AB, 0xD83D, 0xA0, 0x20AC, 0x5D0
    };
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
      int start = random.nextInt(text.length() + 1);
      int end = start + random.nextInt(text.length() - start + 1);
      Document dirty =
          document(text.toString())
              .withAnnotations(List.of(new TextSpan(READER, "word", "v", 1, start, end)));
      Document clean = apply(ALL, dirty);
      String cleaned = text(clean);
      assertThat(Normalizer.isNormalized(cleaned, Normalizer.Form.NFC)).isTrue();
      assertThat(cleaned).doesNotContain("  ", "\r", "\u0000", "\u00AD", "\n\n\n");
      Moved moved = moved(clean.annotations().getFirst());
      assertThat(moved.start).isBetween(0, moved.end);
      assertThat(moved.end).isLessThanOrEqualTo(cleaned.length());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void composingByClustersEqualsComposingTheWhole(int seed) {
    Random random = new Random(seed);
    var onlyUnicode = new Normalize.Config(true, false, false, false, false, false, false);
    int[] alphabet = {
      'a', 'e', 'o', ' ', 0x300, 0x301, 0x308, 0x327, 0x323, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x9C7,
      0x9BE, 0x915, 0x93C, 0x212B, 0x1D15E
    };
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(30); length > 0; length--) {
        text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
      assertThat(text(apply(onlyUnicode, document(text.toString()))))
          .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }
  }

  @Test
  void documentsWithoutTextGoThrough() {
    Document empty = document("").withParts(List.of());
    assertThat(apply(ALL, empty).parts()).isEmpty();
  }

  private static Annotation annotation(int i, String value, int start, int end) {
    return switch (i % 4) {
      case 0 -> new TextSpan(READER, "word", value, 1, start, end);
      case 1 -> new Region(READER, "word", value, 1, start, end, 1, 2, 3, 4, 5);
      case 2 -> new Interval(READER, "word", value, 1, start, end, 0.5, 0.75);
      default -> new Chunk(READER, i, value, start, end, 1, Double.NaN, Double.NaN, null);
    };
  }

  private record Moved(String value, int start, int end) {}

  private static Moved moved(Annotation annotation) {
    return switch (annotation) {
      case TextSpan a -> new Moved(a.value(), a.start(), a.end());
      case Region a -> new Moved(a.value(), a.start(), a.end());
      case Interval a -> new Moved(a.value(), a.start(), a.end());
      case Chunk a -> new Moved(a.text(), a.start(), a.end());
      default -> throw new AssertionError(annotation);
    };
  }

  private static String dirtyWord(String core, Random random) {
    int cut = 1 + random.nextInt(core.length() - 1);
    String middle =
        switch (random.nextInt(4)) {
          case 0 -> "\u00AD";
          case 1 -> "\u200B";
          case 2 -> "\u0007";
          default -> "";
        };
    return core.substring(0, cut) + middle + core.substring(cut) + "\uFB01";
  }

  private static String noise(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "   ";
      case 1 -> "\r\n\r\n\r\n";
      case 2 -> "\u0301e\u0301 ";
      case 3 -> "\u00A0\t";
      case 4 -> "\uFEFF";
      default -> "";
    };
  }

  private static String plain(String escaped) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char next = escaped.charAt(++i);
      if (next == 'u') {
        plain.append((char) Integer.parseInt(escaped, i + 1, i + 5, 16));
        i += 4;
      } else {
        plain.append(next == 'n' ? '\n' : next == 'r' ? '\r' : '\t');
      }
    }
    return plain.toString();
  }

  private static Document document(String text) {
    return Document.ofText(URI.create("file:///t.txt"), "text/plain", text);
  }

  private static String text(Document document) {
    return document.text();
  }

  private static Document apply(Normalize.Config config, Document document) {
    try (Operator normalize = config.open(OperatorContext.local())) {
      return ((Outcome.Enriched) normalize.apply(List.of(document)).getFirst()).document();
    }
  }
}
