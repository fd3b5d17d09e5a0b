package dev.dragoman.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanners by hand, and the regular expressions they stand for. */
class WordScannerTest {
  private static final int[] ALPHABET =
      "aAzéſ'sStTrRvVeElLmMdD 159٣½Ⅻ中\u0301\u00a0\u3000\t\n\r\u0085\u2028😀𝟙_-.,!/?\u200b\u0000"
          .codePoints()
          .toArray();

  static List<String> expressions() {
    return List.of(WordScanner.GPT2, WordScanner.LLAMA3, WordScanner.QWEN2);
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void aScannerCutsWhereItsExpressionDoes(String expression) {
    Delimiter scanner = Objects.requireNonNull(WordScanner.of(expression));
    Delimiter regex = Regex.of(expression);
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      int length = 1 + random.nextInt(12);
      Pieces pieces = new Pieces();
      for (int j = 0; j < length; j++) {
        int c = ALPHABET[random.nextInt(ALPHABET.length)];
        for (int k = random.nextInt(4) == 0 ? random.nextInt(4) : 1; k > 0; k--) {
          pieces.add(c, 0, 0);
        }
      }
      assertThat(cuts(scanner, pieces)).as(pieces.toString()).isEqualTo(cuts(regex, pieces));
    }
  }

  private static List<Integer> cuts(Delimiter delimiter, Pieces pieces) {
    List<Integer> cuts = new ArrayList<>();
    Delimiter.Finder finder = delimiter.in(pieces, 0, pieces.size());
    while (finder.next()) {
      cuts.add(finder.start());
      cuts.add(finder.end());
    }
    return cuts;
  }

  @ParameterizedTest
  @CsvSource({
    "a+?b?, xaab, 1 2 2 4",
    "a{2}, aaaaa, 0 2 2 4",
    "(?<=x)a|b(?!c), axabcb, 2 3 5 6",
    "(?>a*)b, aab, 0 3",
    "a*+a, aaa, ''",
    "[^a-c&&[^d]]+, abdxyc, 2 5",
    "[a-f&&[^d]]+, abdxyc, 0 2 5 6",
    "(?i:k), Kk, 0 1 1 2",
    "(?:ab|a)(?:bc)?, abc, 0 2",
    "^a|c$, aac, 0 1 2 3",
    "\\x{61}\\u0062, ab, 0 2",
    "\\P{L}, a1, 1 2",
  })
  void expressionsMatchAsTheReferencesEngineDoes(String expression, String text, String expected) {
    Pieces pieces = new Pieces();
    pieces.append(text, 0, text.length());
    String found =
        String.join(" ", cuts(Regex.of(expression), pieces).stream().map(String::valueOf).toList());
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "a)",
        "[a",
        "(a*)*",
        "a{3,1}",
        "a{5000}",
        "\\b",
        "\\p{Nope}",
        "(?<n>a)",
        "(?<=ab)c",
        "[[:alpha:]]",
        "+a",
        "a{2}+",
        "\\"
      })
  void whatIsNotUnderstoodIsRefused(String expression) {
    assertThatThrownBy(() -> Regex.of(expression))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(expression);
  }

  @Test
  void anExpressionThatWouldNeverEndIsGivenUp() {
    Pieces pieces = new Pieces();
    String text = "a".repeat(5000);
    pieces.append(text, 0, text.length());
    assertThatThrownBy(() -> cuts(Regex.of("(a+)+b"), pieces))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("takes too long");
    assertThatThrownBy(() -> Regex.of("(((a{1000}){1000}){1000})"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> Regex.of("(".repeat(10_000))).isInstanceOf(ModelException.class);
  }
}
