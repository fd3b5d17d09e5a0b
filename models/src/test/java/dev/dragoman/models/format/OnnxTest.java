package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the files of tests/parity/onnx_bert.py. */
class OnnxTest {
  private static final float[] VALUES = {0.5f, -1.25f, 3, 1e-3f, 65_504, -2};

  @ParameterizedTest
  @ValueSource(strings = {"exported.onnx", "numeric.onnx", "external.onnx"})
  void anExportHasTheTensorsOfTheCheckpoint(String name) {
    try (Weights onnx = Weights.open(resource("onnx/" + name));
        Weights original =
            Weights.open(resource("/dev/dragoman/models/architecture/bert/sentences"))) {
      for (String tensor : original.names()) {
        if (!tensor.startsWith("pooler.")) {
          float[] numbers = original.any(tensor).floats();
          Tensor found = onnx.tensor(tensor, original.any(tensor).shape());
          assertThat(found.floats()).as(tensor).containsExactly(numbers);
          assertThat(found.bytes().toArray(ValueLayout.JAVA_BYTE))
              .isEqualTo(original.any(tensor).bytes().toArray(ValueLayout.JAVA_BYTE));
          float[] some = new float[3];
          found.read(7, some, 1, 2);
          assertThat(some).containsExactly(0, numbers[7], numbers[8]);
        }
      }
      assertThat(onnx.names()).noneMatch(tensor -> tensor.startsWith("onnx::"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "single.raw",
        "single.list",
        "half.raw",
        "half.list",
        "upper.raw",
        "upper.list",
        "double.raw",
        "double.list"
      })
  void everyWayToStoreNumbersIsRead(String name) {
    try (Weights weights = Weights.open(resource("onnx/storage.onnx"))) {
      float[] numbers = weights.tensor(name, 2, 3).floats();
      for (int i = 0; i < VALUES.length; i++) {
        assertThat(numbers[i])
            .isEqualTo(
                switch (name.charAt(0)) {
                  case 'h' -> Float.float16ToFloat(Float.floatToFloat16(VALUES[i]));
                  case 'u' -> Float.intBitsToFloat(Float.floatToIntBits(VALUES[i]) & 0xFFFF0000);
                  default -> VALUES[i];
                });
      }
    }
  }

  @Test
  void aProductWithABiasTellsTheNameAndTheOrder() {
    try (Weights weights = Weights.open(resource("onnx/storage.onnx"))) {
      assertThat(weights.tensor("head.weight", 3, 2).floats())
          .containsExactly(0.5f, 1e-3f, -1.25f, 65_504, 3, -2);
      assertThat(weights.tensor("tail.weight", 2, 3).floats()).containsExactly(VALUES);
      assertThat(weights.has("77")).isFalse();
      assertThat(weights.any("long.raw").type()).isEqualTo(DType.I64);
      assertThat(weights.has("words")).isFalse();
    }
  }

  static Stream<Arguments> lies() {
    byte[] four = new byte[4];
    return Stream.of(
        lie("there is no graph", new byte[0]),
        lie("a field with the number 0", new byte[] {0, 0}),
        lie("longer than ten bytes", new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
        lie("needs 127 bytes, but only 1", new byte[] {58, 127, 0}),
        lie("needs 18446744073709551615 bytes", bytes(58, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1)),
        lie("wire type 3", new byte[] {59}),
        lie("second graph", join(graph(), graph())),
        lie("tensor a is there twice", graph(tensor("a", 1, four, 1), tensor("a", 1, four, 1))),
        lie("tensor a has 4 bytes, but F32 of shape [2] needs 8", graph(tensor("a", 1, four, 2))),
        lie("tensor a claims the impossible shape", graph(tensor("a", 1, four, -1))),
        lie("tensor a claims the impossible", graph(tensor("a", 1, four, 1L << 40, 1L << 40))),
        lie("more than 8 dimensions", graph(tensor("a", 1, four, 1, 1, 1, 1, 1, 1, 1, 1, 1))),
        lie("tensor a is stored as ONNX type 17", graph(tensor("a", 17, four, 4))),
        lie("tensor a has no numbers", graph(join(varint(2, 1), field(8, "a"), varint(1, 1)))),
        lie("tensor w_quantized is quantised", graph(tensor("w_quantized", 3, four, 4))),
        lie("in several pieces", graph(join(tensor("a", 1, four, 1), field(9, four)))),
        lie("has 4097 bytes", graph(tensor("a".repeat(4097), 1, four, 1))));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aFileThatLiesIsRefused(String message, byte[] file) {
    assertThatThrownBy(() -> parse(MemorySegment.ofArray(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x.bin", "/etc/passwd", "", ".", "a/../../x.bin", "\0"})
  void numbersAreOnlyTakenFromBesideTheModel(String location, @TempDir Path folder)
      throws IOException {
    Files.write(folder.resolve("model.onnx"), graph(outside(location, "offset", "0")));
    assertThatThrownBy(() -> Weights.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.onnx: tensor a is said to be in");
  }

  @Test
  void aPlaceOutsideTheOtherFileIsRefused(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("x.bin"), new byte[8]);
    for (String offset : new String[] {"5", "9223372036854775807", "-1", "x"}) {
      Files.write(folder.resolve("model.onnx"), graph(outside("x.bin", "offset", offset)));
      assertThatThrownBy(() -> Weights.open(folder))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("model.onnx: tensor a ");
    }
    Files.write(folder.resolve("model.onnx"), graph(outside("x.bin", "offset", "4")));
    try (Weights weights = Weights.open(folder)) {
      assertThat(weights.tensor("a", 1).floats()).containsExactly(0);
    }
    Files.write(folder.resolve("model.onnx"), graph(outside("absent.bin", "offset", "4")));
    assertThatThrownBy(() -> Weights.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("absent.bin is missing");
  }

  @Test
  void mutantsAreReadOrRefusedAndNothingElse() throws IOException {
    byte[] storage = Files.readAllBytes(resource("onnx/storage.onnx"));
    Mutants.check(storage, storage.length, 64, OnnxTest::readAll);
  }

  @Test
  void aFileThatIsCutOffAnywhereIsRefused() throws IOException {
    byte[] storage = Files.readAllBytes(resource("onnx/storage.onnx"));
    int graphEnd = storage.length - 4;
    Mutants.checkPrefixes(storage, graphEnd, 64, OnnxTest::readAll);
  }

  private static void readAll(MemorySegment bytes) {
    Mutants.readAll(parse(bytes));
  }

  private static Map<String, Tensor> parse(MemorySegment bytes) {
    return Onnx.parse(
        Mutants.FILE,
        bytes,
        (tensor, place, size) -> {
          throw new ModelException(Mutants.FILE + ": nothing is beside it");
        });
  }

  private static Arguments lie(String message, byte[] file) {
    return Arguments.of(message, file);
  }

  private static byte[] graph(byte[]... tensors) {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    for (byte[] tensor : tensors) {
      graph.writeBytes(field(5, tensor));
    }
    return field(7, graph.toByteArray());
  }

  private static byte[] tensor(String name, int type, byte[] raw, long... dimensions) {
    byte[] tensor = join(varint(2, type), field(8, name), field(9, raw));
    for (long dimension : dimensions) {
      tensor = join(tensor, varint(1, dimension));
    }
    return tensor;
  }

  private static byte[] outside(String location, String key, String value) {
    return join(
        varint(1, 1),
        varint(2, 1),
        field(8, "a"),
        varint(14, 1),
        field(13, join(field(1, "location"), field(2, location))),
        field(13, join(field(1, key), field(2, value))));
  }

  private static byte[] field(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] field(int number, byte[] bytes) {
    return join(number(number << 3 | 2), number(bytes.length), bytes);
  }

  private static byte[] varint(int number, long value) {
    return join(number(number << 3), number(value));
  }

  private static byte[] number(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long left = value;
    while ((left & ~127) != 0) {
      bytes.write((int) left & 127 | 128);
      left >>>= 7;
    }
    bytes.write((int) left);
    return bytes.toByteArray();
  }

  private static byte[] bytes(int... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int value : values) {
      bytes.write(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(OnnxTest.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
