package dev.dragoman.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.Tokenizer.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Hugging Face tokenizers (made by tests/parity/tokenizer.py). */
class TokenizerJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"uncased", "cased", "accents", "stripped", "raw"})
  void idsAndOffsetsEqualTheReference(String name) throws Exception {
    Tokenizer tokenizer = Tokenizer.open(folder(name));
    int lines = 0;
    try (BufferedReader golden =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder(name).resolve("golden.jsonl.gz"))),
                StandardCharsets.US_ASCII))) {
      for (String line = golden.readLine(); line != null; line = golden.readLine()) {
        JsonNode expected = JSON.readTree(line);
        String text = expected.path("text").textValue();
        Tokens tokens = tokenizer.encode(text);
        assertThat(tokens.ids()).as(text).containsExactly(ints(expected.path("ids")));
        assertThat(offsets(tokens)).as(text).containsExactly(ints(expected.path("offsets")));
        lines++;
      }
    }
    assertThat(lines).isGreaterThan(190);
  }

  @Test
  void specialTokensGoAroundWhatIsLeftWithinTheLimit() throws Exception {
    Tokenizer tokenizer = Tokenizer.open(folder("uncased"));
    Tokens whole = tokenizer.encodeForModel("the cafe in", 100);
    assertThat(Arrays.stream(whole.ids()).mapToObj(tokenizer::token))
        .containsExactly("[CLS]", "the", "cafe", "in", "[SEP]");
    assertThat(offsets(whole)).containsExactly(0, 0, 0, 3, 4, 8, 9, 11, 0, 0);
    assertThat(
            Arrays.stream(tokenizer.encodeForModel("the cafe in", 4).ids())
                .mapToObj(tokenizer::token))
        .containsExactly("[CLS]", "the", "cafe", "[SEP]");
    assertThat(tokenizer.encodeForModel("the", 2).ids()).hasSize(2);
    assertThatThrownBy(() -> tokenizer.encodeForModel("the", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTextDoneInPartsGivesTheTokensOfTheWhole() throws Exception {
    // Without the tokens that are looked for in normalised text, long texts are done in parts.
    Path file = Files.createTempFile("tokenizer", ".json");
    try {
      String json = Files.readString(folder("uncased").resolve("tokenizer.json"));
      Files.writeString(file, json.replace("\"normalized\":true", "\"normalized\":false"));
      Tokenizer tokenizer = Tokenizer.open(file);
      String piece = "the unable café, mask. " + "a".repeat(29) + "\n语 ";
      String text = piece.repeat(10_000);
      Tokens one = tokenizer.encode(piece);
      Tokens all = tokenizer.encode(text);
      assertThat(all.size()).isEqualTo(10_000 * one.size());
      for (int i = 0; i < all.size(); i++) {
        int copy = i / one.size();
        int within = i % one.size();
        assertThat(all.ids()[i]).isEqualTo(one.ids()[within]);
        assertThat(all.starts()[i]).isEqualTo(copy * piece.length() + one.starts()[within]);
        assertThat(all.ends()[i]).isEqualTo(copy * piece.length() + one.ends()[within]);
      }
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BertNormalizer       | ErtNormalizer        | normalizer \"ErtNormalizer\"",
        "BertPreTokenizer     | UnicodeScripts       | pre_tokenizer \"UnicodeScripts\"",
        "WordPiece            | WordLevel            | model \"WordLevel\"",
        "BertProcessing       | ErtProcessing        | post_processor \"ErtProcessing\"",
        "clean_text           | clean_texts          | clean_texts",
        "'\"unk_token\":\"[UNK]\"' | '\"unk_token\":\"[NOPE]\"' | unk_token",
        "'\"[PAD]\":0'        | '\"[PAD]\":-5'       | [PAD]",
        "'\"[PAD]\":0'        | '\"[PAD]\":999999999' | [PAD]",
        "'\"lowercase\":true' | '\"lowercase\":1'    | lowercase",
        "'{\"version\"'       | '{\"versions\"'      | versions",
        "'{\"version\"'       | '{{\"version\"'      | not valid JSON",
      })
  void whatIsNotKnownIsRefusedByName(String old, String now, String named, @TempDir Path temp)
      throws Exception {
    String json = Files.readString(folder("uncased").resolve("tokenizer.json"));
    assertThat(json).contains(old);
    Files.writeString(temp.resolve("tokenizer.json"), json.replace(old, now));
    assertThatThrownBy(() -> Tokenizer.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(named);
  }

  @Test
  void aFolderWithoutATokenizerIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> Tokenizer.open(empty))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json is missing");
  }

  private static int[] offsets(Tokens tokens) {
    int[] offsets = new int[2 * tokens.size()];
    for (int i = 0; i < tokens.size(); i++) {
      offsets[2 * i] = tokens.starts()[i];
      offsets[2 * i + 1] = tokens.ends()[i];
    }
    return offsets;
  }

  private static int[] ints(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private static Path folder(String name) throws URISyntaxException, IOException {
    return Path.of(Objects.requireNonNull(TokenizerJsonTest.class.getResource(name)).toURI());
  }
}
