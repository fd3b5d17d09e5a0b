package dev.dragoman.models.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexConstraintTest {
  private static final int WALKS = 100;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*b",
        "(ab|cd){2,4}",
        "[a-f0-9]{8}",
        "x?y+z{0,3}",
        "\\d{3}-\\d{2,4}",
        "\\w+@\\w+\\.nl",
        "[^\\s,]{1,5}(,[^\\s,]{1,5}){0,3}",
        "(?i)yes|no|Maybe",
        "(?i:ab)c",
        "(?s).{2}",
        ".{0,4}",
        "\\p{L}{2,5}",
        "\\p{Lu}\\p{Ll}*",
        "\\p{IsGreek}{1,3}",
        "\\p{Nd}|\\P{L}",
        "é+|日本|😀{1,2}",
        "[à-ÿ]{2}",
        "[^a-z]{1,3}",
        "(a|ab)(c|bcd)(d*)",
        "(?<year>[12][0-9]{3})-(0[1-9]|1[0-2])",
        "(((a?b)?c)?d)?e",
        "\\x41\\u00e9\\t\\\\",
        "[\\]\\-\\\\^]{1,3}",
        "^abc$",
        "(^a|b)c?",
        "a(b$|c)",
        "\\A\\d+\\z",
        "(|a)(|b)(|c)",
        "[\\x{1F600}-\\x{1F64F}]{1,2}",
        "(a+)+b",
        "(a|aa)+",
        "\\S\\s\\S",
        "[\\d\\w]\\D\\W",
        "\\p{Punct}\\p{Alnum}{2}",
        "\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|",
        "a{3}",
        "(?:ab){2,}",
        "(\\+31|0)[1-9]\\d{8}",
        "([01]\\d|2[0-3]):[0-5]\\d",
        "#[0-9A-Fa-f]{6}"
      })
  void matchesWhatThePatternClassMatches(String regex) {
    Constraint constraint = Constraint.regex(regex);
    Pattern pattern = Pattern.compile(regex);
    Random random = new Random(3);
    for (int i = 0; i < WALKS; i++) {
      byte[] text = Walks.generate(constraint, random);
      String string = new String(text, StandardCharsets.UTF_8);
      assertThat(pattern.matcher(string).matches()).as(string).isTrue();
      String changed = changed(string, random);
      assertThat(constraint.matches(changed))
          .as("%s, from %s", changed, string)
          .isEqualTo(pattern.matcher(changed).matches());
    }
  }

  private static String changed(String text, Random random) {
    int[] points = text.codePoints().toArray();
    int[] letters = "abcdeyz019 ,-@.é日A\t\n\u0085😀".codePoints().toArray();
    StringBuilder changed = new StringBuilder();
    int at = random.nextInt(points.length + 1);
    int kind = random.nextInt(3);
    for (int i = 0; i <= points.length; i++) {
      if (i == at && kind < 2) {
        changed.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
      if (i < points.length && (i != at || kind == 0)) {
        changed.appendCodePoint(points[i]);
      }
    }
    return changed.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "(?=a)b lookaround",
        "(?!a)b lookaround",
        "(?<=a)b lookaround",
        "(?<!a)b lookaround",
        "(a)\\1 back.reference",
        "(?<n>a)\\k<n> back.reference",
        "a\\b word.boundary",
        "a++ possessive",
        "(?>a) atomic",
        "(?m)a flag",
        "[a&&b] class.inside",
        "\\p{Nope} Nope",
        "a{2,1} quantifier",
        "(a group",
        "a) unmatched",
        "*a nothing.before",
        "[z-a] backwards",
        "\\q escape",
        "[a closing|end",
        "a{99999} repeats",
        "\\ud800 outside.Unicode",
        "\\Z escape"
      })
  void refusesByName(String regex, String name) {
    assertThatThrownBy(() -> Constraint.regex(regex))
        .isInstanceOf(ModelException.class)
        .message()
        .matches("(?s).*(" + name + "|early end).*");
  }

  @Test
  void saysSoWhereNothingMatches() {
    assertThatThrownBy(() -> Constraint.regex("a^b"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("No text matches");
  }

  @Test
  void boundsWhatAHostileExpressionCosts() {
    for (String hostile :
        new String[] {
          "(a|b)*a(a|b){40}",
          "((((a{1,4000}){1,4000}){1,4000}){1,4000})",
          "(.*a){60}.*(.*b){60}(x|y)*x(x|y){30}",
          "\\p{L}{4096}\\p{L}{4096}",
          "(".repeat(5000) + "a" + ")".repeat(5000),
          "a".repeat(30_000)
        }) {
      assertThatThrownBy(() -> Constraint.regex(hostile))
          .isInstanceOf(ModelException.class)
          .message()
          .containsAnyOf("needs more than", "takes more than", "nested more than");
    }
  }

  @Test
  void onlyWholeCharactersAreGenerated() {
    Constraint constraint = Constraint.regex("(?s).*");
    assertThat(constraint.matches(new byte[] {(byte) 0xC3})).isFalse();
    assertThat(constraint.matches(new byte[] {(byte) 0xC0, (byte) 0x80})).isFalse();
    assertThat(constraint.matches(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})).isFalse();
    assertThat(constraint.matches(new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}))
        .isFalse();
    assertThat(constraint.matches("é日😀")).isTrue();
  }
}
