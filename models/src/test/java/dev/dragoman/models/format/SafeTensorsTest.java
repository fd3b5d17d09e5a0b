package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  private static final String GOOD =
      """
      {"__metadata__":{"format":"pt"},\
      "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
      "b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},\
      "c":{"dtype":"BF16","shape":[],"data_offsets":[32,34]},\
      "d":{"dtype":"I64","shape":[1,1],"data_offsets":[34,42]},\
      "e":{"dtype":"F64","shape":[1],"data_offsets":[42,50]},\
      "f":{"dtype":"F32","shape":[0,7],"data_offsets":[50,50]}}\
      """;

  @TempDir private Path folder = Path.of("");
  private byte[] data = new byte[50];

  @BeforeEach
  void numbers() {
    ByteBuffer buffer = ByteBuffer.allocate(50).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      buffer.putFloat(i + 0.5f);
    }
    for (int i = 0; i < 4; i++) {
      buffer.putShort(Float.floatToFloat16(-i));
    }
    buffer.putShort((short) (Float.floatToIntBits(1.5f) >>> 16));
    buffer.putLong(7);
    buffer.putDouble(Math.PI);
    data = buffer.array();
  }

  @Test
  void numbersAreReadInEveryPrecision() {
    try (Weights weights = open(GOOD, data)) {
      assertThat(weights.tensor("a", 2, 3).floats())
          .containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f);
      assertThat(weights.tensor("b", 4).floats()).containsExactly(0f, -1f, -2f, -3f);
      assertThat(weights.tensor("c").floats()).containsExactly(1.5f);
      assertThat(weights.tensor("e", 1).floats()).containsExactly((float) Math.PI);
      assertThat(weights.tensor("f", 0, 7).floats()).isEmpty();
      float[] some = new float[4];
      weights.tensor("a", 2, 3).read(2, some, 1, 2);
      assertThat(some).containsExactly(0, 2.5f, 3.5f, 0);
      assertThat(weights.unused()).containsExactly("d");
      assertThatThrownBy(() -> weights.tensor("d", 1, 1).floats())
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("I64");
      assertThatThrownBy(() -> weights.tensor("a", 3, 2))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("tensor a has shape [2, 3]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"F32\",\"shape\":[2,3]' | '\"F33\",\"shape\":[2,3]' | tensor a has the unknown dtype",
        "[2,3]                     | [2,4]                     | tensor a at offset 0 has 24 bytes",
        "[2,3]                     | [-2,-3]                   | tensor a has -2 in its shape",
        "[2,3]                     | [2.5,3]                   | tensor a has 2.5 in its shape",
        "[2,3]          | [9223372036854775807,9]   | tensor a claims the impossible shape",
        "[2,3]          | [99999999999999999999,0]  | tensor a has 99999999999999999999",
        "[0,24]                    | [0,9999]                  | tensor a has data_offsets",
        "[0,24]                    | [24,0]                    | tensor a has data_offsets",
        "[0,24]                    | [0]                       | tensor a has data_offsets",
        "[24,32]                   | [16,24]                   | starts at offset 16",
        "[42,50]                   | [34,42]                   | starts at offset 34",
        "'\"b\"'                   | '\"a\"'                   | not valid JSON",
        "'}}'                      | '}'                       | not valid JSON",
        "'{\"__m'                  | '[{\"__m'                 | not valid JSON",
      })
  void aHeaderThatLiesIsRefusedByName(String old, String now, String message) {
    assertThat(GOOD).contains(old);
    assertThatThrownBy(() -> open(GOOD.replace(old, now), data).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsCutOffOrTooLongIsRefused() throws IOException {
    for (int size : new int[] {0, 7, 8, 9, 100}) {
      byte[] file = file(GOOD, data);
      Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(file, size));
      assertThatThrownBy(() -> Weights.open(folder)).isInstanceOf(ModelException.class);
    }
    assertThatThrownBy(() -> open(GOOD, java.util.Arrays.copyOf(data, 51)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("end at offset 50 of 51");
    assertThatThrownBy(() -> open(GOOD, java.util.Arrays.copyOf(data, 49)))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void aFolderWithoutWeightsIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> Weights.open(empty))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void anIndexMayNotPointOutOfItsFolder(@TempDir Path empty) throws IOException {
    Files.writeString(
        empty.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"x\":\"../other.safetensors\"}}");
    assertThatThrownBy(() -> Weights.open(empty))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no file of this folder");
  }

  @Test
  void mutantsAreReadOrRefusedAndNothingElse() {
    byte[] good = file(GOOD, data);
    Mutants.check(good, good.length - 50, 64, SafeTensorsTest::readAll);
  }

  @Test
  void aFileThatIsCutOffAnywhereIsRefused() {
    byte[] good = file(GOOD, data);
    Mutants.checkPrefixes(good, good.length, 64, SafeTensorsTest::readAll);
  }

  private static void readAll(MemorySegment bytes) {
    Mutants.readAll(SafeTensors.parse(Mutants.FILE, bytes));
  }

  private Weights open(String header, byte[] numbers) {
    return openBytes(file(header, numbers));
  }

  private Weights openBytes(byte[] bytes) {
    try {
      Files.write(folder.resolve("model.safetensors"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Weights.open(folder);
  }

  private static byte[] file(String header, byte[] numbers) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + numbers.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(numbers)
        .array();
  }
}
