package dev.dragoman.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SentencePiece and GGUF files (made by tests/parity/tokenizers_files.py). */
class TokenizerFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"spm-bpe", "spm-unigram"})
  void sentencePieceFilesGiveWhatSentencePieceGives(String name, @TempDir Path temp)
      throws IOException {
    Tokenizer tokenizer = Tokenizer.open(unpacked(name + ".model", temp));
    List<String> differences = new ArrayList<>();
    List<JsonNode> lines = SmallTokenizersTest.lines(name + ".jsonl.gz");
    for (JsonNode line : lines) {
      TokenizerParity.compare(tokenizer, line.path("text").textValue(), line, differences);
    }
    assertThat(differences).isEmpty();
    assertThat(lines).hasSizeGreaterThan(150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama3", "qwen2", "smollm", "gpt4o", "deepseek"})
  void ggufFilesGiveWhatTheTokenizerGivesThatTheyWereMadeOf(String name, @TempDir Path temp)
      throws IOException {
    Tokenizer tokenizer = Tokenizer.open(unpacked(name + ".gguf", temp));
    for (JsonNode line : SmallTokenizersTest.lines("goldens.jsonl.gz")) {
      String text = line.path("text").textValue();
      assertThat(tokenizer.encode(text).ids())
          .as(text)
          .isEqualTo(TokenizerParity.ints(line.path(name).path("ids")));
    }
    assertThat(tokenizer.special(SpecialToken.BOS)).hasValue(0);
    assertThat(tokenizer.special(SpecialToken.PAD)).isEmpty();
    assertThat(tokenizer.chatTemplate()).hasValue("{{ messages }}");
    boolean begins = name.equals("llama3");
    assertThat(tokenizer.encodeForModel("", 9).ids()).hasSize(begins ? 1 : 0);
  }

  @Test
  void aSentencePieceFileCutOffAnywhereIsRefusedOrShorter(@TempDir Path temp) throws IOException {
    byte[] whole = Files.readAllBytes(unpacked("spm-bpe.model", temp));
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        assertThat(SentencePieceFile.read("cut", cut).vocabularySize()).isLessThan(1401);
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining("cut");
      }
    }
  }

  @Test
  void brokenBytesOfASentencePieceFileAreRefusedOrRead(@TempDir Path temp) throws IOException {
    byte[] whole = Files.readAllBytes(unpacked("spm-unigram.model", temp));
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      byte[] broken = whole.clone();
      for (int j = 0; j < 1 + random.nextInt(2000); j++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(SentencePieceFile.read("broken", broken).encode("ﬁne ½ e\u0301")).isNotNull();
      } catch (ModelException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void anUnknownWayToCutTextIsRefusedByName() {
    assertThatThrownBy(() -> GgufWords.named("x.gguf", "newest-bpe"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("x.gguf")
        .hasMessageContaining("newest-bpe");
  }

  static Path unpacked(String name, Path temp) throws IOException {
    Path file = temp.resolve(name);
    try (InputStream in = new GZIPInputStream(SmallTokenizersTest.resource(name + ".gz"))) {
      Files.copy(in, file);
    }
    return file;
  }
}
