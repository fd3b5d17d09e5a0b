package dev.dragoman.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that mean harm, and texts that do. */
class HostileTokenizersTest {
  private static final String FILE =
      """
      {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]},
       "decoder": {"type": "Fuse"}, "normalizer": null}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[\"a\", \"b\"] | [\"a\", \"c\"]   | the token \"c\"",
        "[\"a\", \"b\"] | [\"b\", \"a\"]   | the token \"ba\"",
        "[\"a\", \"b\"] | [\"a\", \"\"]    | no pair",
        "[\"a\", \"b\"] | \"a b c\"        | no pair",
        "[\"a\", \"b\"] | 7                | no pair",
        "\"ab\": 2      | \"ab\": 16000000 | too high",
        "\"ab\": 2      | \"ab\": 2.5      | [ab]*2.5",
        "\"type\": \"BPE\" | \"type\": \"BPE\", \"dropout\": 0.1 | dropout",
        "\"type\": \"BPE\" | \"type\": \"BPE\", \"unk_token\": \"x\" | unk_token",
        "\"type\": \"BPE\" | \"type\": \"BPE\", \"end_of_word_suffix\": \"@\" | end_of_word_suffix",
        "{\"type\": \"Fuse\"} | {\"type\": \"CTC\"} | decoder \"CTC\"",
        "{\"type\": \"Fuse\"} | {\"type\": \"Fuse\", \"x\": 1} | \"x\"",
        "null | {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"} | precompiled",
        "null | {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"/wAAAA==\"} | precompiled",
        "null | {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(\"}, \"content\": \"\"} | (",
        "null | {\"type\": \"Replace\", \"pattern\": {\"String\": \"\"}, \"content\": \"\"} | empty",
      })
  void aBrokenFileIsRefused(String old, String now, String named, @TempDir Path temp)
      throws IOException {
    assertThat(FILE).contains(old);
    Files.writeString(temp.resolve("tokenizer.json"), FILE.replace(old, now));
    assertThatThrownBy(() -> Tokenizer.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageMatching(
            "(?s).*" + (named.startsWith("[") ? named : Pattern.quote(named)) + ".*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"normalizer", "decoder"})
  void stepsNestedTooDeepAreRefused(String step, @TempDir Path temp) throws IOException {
    String list = step.equals("decoder") ? "decoders" : "normalizers";
    String open = "{\"type\": \"Sequence\", \"%s\": [".formatted(list);
    String deep = open.repeat(200) + "]}".repeat(200);
    String file =
        step.equals("decoder")
            ? FILE.replace("{\"type\": \"Fuse\"}", deep)
            : FILE.replace("null", deep);
    Files.writeString(temp.resolve("tokenizer.json"), file);
    assertThatThrownBy(() -> Tokenizer.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nested too deep");
  }

  @Test
  void whatIsMergedComesOutWhole(@TempDir Path temp) throws IOException {
    Files.writeString(temp.resolve("tokenizer.json"), FILE);
    Tokenizer tokenizer = Tokenizer.open(temp);
    assertThat(tokenizer.encode("abba").ids()).containsExactly(2, 1, 0);
    assertThat(tokenizer.decode(new int[] {2, 1, 0, 99, -1}, false)).isEqualTo("abba");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama2", "gemma", "llama3", "xlmr", "mdeberta"})
  void oneVeryLongWordIsCutInTime(String name, @TempDir Path temp) throws IOException {
    Tokenizer tokenizer = SmallTokenizersTest.open(name, temp);
    String text = "a".repeat(300_000);
    Tokenizer.Tokens tokens = tokenizer.encode(text);
    assertThat(tokens.ends()[tokens.size() - 1]).isEqualTo(text.length());
    assertThat(tokenizer.decode(tokens.ids(), true)).isEqualTo(text);
  }
}
