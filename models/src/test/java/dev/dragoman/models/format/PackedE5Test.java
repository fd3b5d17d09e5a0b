package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.kernel.ScalarKernels;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedE5Test {
  private static final int DIRECTORY_ENTRY_OF_WORDS = 2 + "emb.word".length();

  @Test
  void tensorsHaveTheNamesOfTheirLayers(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("e5.bin"), new PackedE5Bytes().file());
    try (Weights weights = Weights.open(folder)) {
      float[] words = weights.tensor("embeddings.word_embeddings.weight", 5, 32).floats();
      for (int i = 0; i < words.length; i++) {
        assertThat(words[i]).isEqualTo(i % 16 - 8);
      }
      assertThat(weights.tensor("embeddings.LayerNorm.weight", 32).floats())
          .startsWith(3, 3 + 1 / 128f);
      assertThat(weights.tensor("encoder.layer.0.attention.self.key.weight", 32, 32).floats())
          .startsWith(-64, -56);
      assertThat(weights.tensor("encoder.layer.0.output.dense.weight", 32, 64).type())
          .isEqualTo(DType.Q4_0);
      assertThat(weights.tensor("encoder.layer.0.output.LayerNorm.bias", 32).floats())
          .startsWith(20, 20 + 1 / 128f);
      assertThat(weights.names()).hasSize(21);
      ModelConfig config = weights.packedE5().orElseThrow().config();
      assertThat(config.text("model_type")).isEqualTo("bert");
      assertThat(config.positive("intermediate_size")).isEqualTo(64);
      assertThat((float) config.above0("layer_norm_eps")).isEqualTo(1e-12f);
    }
  }

  @Test
  void itsOwnSizesAreEnoughForTheEncoder(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("e5.bin"), new PackedE5Bytes().file());
    try (Weights weights = Weights.open(folder.resolve("e5.bin"))) {
      ModelConfig config = weights.packedE5().orElseThrow().config();
      Encoder encoder = Architectures.encoder(config, weights, new ScalarKernels());
      assertThat(encoder.width()).isEqualTo(PackedE5Bytes.WIDTH);
      assertThat(encoder.vocabulary()).isEqualTo(PackedE5Bytes.VOCABULARY);
      assertThat(weights.unused()).isEmpty();
    }
  }

  @Test
  void piecesAndReplacementsAreRead() {
    UnigramVocabulary vocabulary = parse(new PackedE5Bytes().file()).vocabulary();
    assertThat(vocabulary.size()).isEqualTo(4);
    assertThat(vocabulary.piece(0)).isEqualTo("<s>");
    assertThat(vocabulary.piece(1)).isEmpty();
    assertThat(vocabulary.piece(3)).isEqualTo("é");
    assertThat(vocabulary.bytes(3)).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
    assertThat(vocabulary.score(2)).isEqualTo(-2.5f);
    assertThat(vocabulary.begin()).isEqualTo(0);
    assertThat(vocabulary.end()).isEqualTo(2);
    assertThat(vocabulary.padding()).isEqualTo(1);
    assertThat(vocabulary.unknown()).isEqualTo(3);
    assertThat(vocabulary.replaced()).containsExactly(1, 9, 0x1F600);
    assertThat(vocabulary.replacement(0)).isEmpty();
    assertThat(vocabulary.replacement(1)).isEqualTo(" ");
    assertThat(vocabulary.replacement(2)).isEqualTo("😁!");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, no packed E5 file",
    "4, 2, version 2",
    "8, 31, blocks of 32 do not fit widths of 31",
    "8, 0, the width is 0",
    "12, 2, 21 tensors are claimed",
    "12, 16000000, 21 tensors are claimed",
    "24, -1, the vocabulary is -1",
    "24, 3, 4 pieces in a vocabulary of 3",
    "36, 0, an epsilon of 0.0",
    "40, 64, blocks of 64",
    "44, 0, 0 pieces",
    "44, 5, piece 5 starts at",
    "48, 4, the token at the beginning has id 4 of 4",
    "64, 2147483647, bytes of pieces",
    "72, 1, piece 0 starts at 1",
    "76, 100, piece 1 starts at 100",
    "92, 2143289344, piece 0 has the score NaN",
  })
  void aHeaderThatLiesIsRefused(int offset, int value, String message) {
    byte[] file = new PackedE5Bytes().file();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 2, tensor emb.word has the unknown type 2",
    "1, 4, 161, tensor emb.word has 161 elements",
    "5, 8, -9223372036854775808, 'starts at 9223372036854775808, outside a file'",
    "5, 8, 9223372036854775807, 'starts at 9223372036854775807, outside a file'",
    "5, 8, 0, 'emb.word starts at offset 0'",
    "13, 8, 91, in 91 bytes of Q4_0",
    "-8, 1, 102, tensor fmb.word is not part of this model",
  })
  void aDirectoryThatLiesIsRefused(int at, int width, long value, String message) {
    byte[] file = new PackedE5Bytes().file();
    int words = indexOf(file, "emb.word") - 2 + DIRECTORY_ENTRY_OF_WORDS;
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    switch (width) {
      case 1 -> buffer.put(words + at, (byte) value);
      case 4 -> buffer.putInt(words + at, (int) value);
      default -> buffer.putLong(words + at, value);
    }
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void mutantsAreReadOrRefusedAndNothingElse() {
    PackedE5Bytes bytes = new PackedE5Bytes();
    byte[] file = bytes.file();
    Mutants.check(file, bytes.headerSize(), 64, PackedE5Test::readAll);
  }

  @Test
  void aFileThatIsCutOffAnywhereIsRefused() {
    byte[] file = new PackedE5Bytes().file();
    Mutants.checkPrefixes(file, file.length, 64, PackedE5Test::readAll);
  }

  private static void readAll(MemorySegment bytes) {
    PackedE5 packed = PackedE5.parse(Mutants.FILE, bytes);
    UnigramVocabulary vocabulary = packed.vocabulary();
    for (int i = 0; i < vocabulary.size(); i++) {
      assertThat(vocabulary.bytes(i).length).isGreaterThanOrEqualTo(vocabulary.piece(i).length());
    }
    for (int i = 0; i < vocabulary.replaced().length; i++) {
      assertThat(vocabulary.replacement(i)).isNotNull();
    }
    assertThat(packed.config().positive("hidden_size")).isPositive();
    Mutants.readAll(packed.tensors());
  }

  private static int indexOf(byte[] file, String text) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static PackedE5 parse(byte[] file) {
    return PackedE5.parse(Mutants.FILE, MemorySegment.ofArray(file).asReadOnly());
  }
}
