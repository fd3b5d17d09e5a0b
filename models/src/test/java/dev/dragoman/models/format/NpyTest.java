package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final float[] NUMBERS = {1, -2.5f, 0.125f, 3, 4, -5};

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"<f2, 1", "<f4, 1", "<f4, 2", "<f4, 3", "<f8, 1"})
  void numbersAreReadInAnyVersionAndPrecision(String type, int version) throws IOException {
    Npy npy = Npy.read(file(version, header(type, "False", "(1, 2, 3)"), type));
    assertThat(npy.shape()).containsExactly(1, 2, 3);
    assertThat(npy.values()).containsExactly(NUMBERS);
  }

  @Test
  void oneDimensionHasACommaBehindIt() throws IOException {
    assertThat(Npy.read(file(1, header("<f4", "False", "(6,)"), "<f4")).shape()).containsExactly(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '>f4', 'fortran_order': False, 'shape': (6,), }",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (6,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (6,), }",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), }",
        "{'descr': '<f4', 'shape': (6,), }",
        "nothing of the kind"
      })
  void whatIsNoPlainArrayIsRefused(String header) throws IOException {
    Path file = file(1, header, "<f4");
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file(1, header("<f4", "False", "(6,)"), "<f4"));
    for (int length = 0; length < whole.length; length++) {
      Path cut = folder.resolve("cut.npy");
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Npy.read(cut)).isInstanceOf(ModelException.class);
    }
  }

  private static String header(String type, String fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n".formatted(type, fortran, shape);
  }

  private Path file(int version, String header, String type) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    bytes.put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) header.length());
    } else {
      bytes.putInt(header.length());
    }
    bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (float number : NUMBERS) {
      switch (type) {
        case "<f2" -> bytes.putShort(Float.floatToFloat16(number));
        case "<f8" -> bytes.putDouble(number);
        default -> bytes.putFloat(number);
      }
    }
    byte[] all = new byte[bytes.position()];
    bytes.flip().get(all);
    return Files.write(folder.resolve("numbers.npy"), all);
  }
}
