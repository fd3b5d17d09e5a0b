package dev.dragoman.models.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CTranslate2Test {
  private static final String INT8 = "marian-int8_float32";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "marian-int8",
        INT8,
        "marian-int8_float16",
        "marian-int8_bfloat16",
        "marian-int16",
        "marian-float16",
        "marian-bfloat16",
        "marian-float32",
        "whisper-int8",
        "whisper-int8_float32",
        "whisper-int8_float16",
        "whisper-int8_bfloat16",
        "whisper-int16",
        "whisper-float16",
        "whisper-bfloat16",
        "whisper-float32",
      })
  void weightsAreWhatTheyStandFor(String name, @TempDir Path folder) throws IOException {
    Files.write(folder.resolve("model.bin"), resource(name + ".bin"));
    Map<String, Tensor> wanted =
        SafeTensors.parse(name, MemorySegment.ofArray(resource(name + ".safetensors")));
    try (Weights weights = Weights.open(folder)) {
      Set<String> texts = new HashSet<>(weights.names());
      texts.removeAll(wanted.keySet());
      assertThat(texts).isEmpty();
      for (String each : wanted.keySet()) {
        Tensor tensor = weights.tensor(each, requireNonNull(wanted.get(each)).shape());
        if (tensor.factors().length > 0 || tensor.type().name().contains("F")) {
          assertThat(tensor.floats()).as(each).isEqualTo(requireNonNull(wanted.get(each)).floats());
        }
      }
    }
  }

  @Test
  void settingsAreNoWeights() throws IOException {
    CTranslate2 file = parse(resource("whisper-int8.bin"));
    assertThat(file.specification()).isEqualTo("WhisperSpec");
    assertThat(file.version()).isEqualTo(6);
    assertThat(file.revision()).isEqualTo(3);
    assertThat(file.whole("encoder/num_heads")).isEqualTo(2);
    assertThat(file.flag("decoder/pre_norm", false)).isTrue();
    assertThat(file.flag("decoder/scale_embeddings", true)).isFalse();
    assertThat(file.flag("not there", true)).isTrue();
    assertThat(file.settings()).containsKey("decoder/alignment_layer");
    assertThatThrownBy(() -> file.whole("not there"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("lacks the setting not there");
  }

  @Test
  void aliasesShareTheirWeightsAndScales() throws IOException {
    Map<String, Tensor> tensors = parse(resource(INT8 + ".bin")).tensors();
    Tensor first = requireNonNull(tensors.get("decoder/embeddings/weight"));
    Tensor second = requireNonNull(tensors.get("encoder/embeddings_0/weight"));
    assertThat(second.factors()).isEqualTo(first.factors()).hasSize(8);
    assertThat(second.bytes()).isEqualTo(first.bytes());
    assertThat(second.name()).isEqualTo("encoder/embeddings_0/weight");
  }

  @Test
  void aScaleForAllIsOneFactor() throws IOException {
    Map<String, Tensor> tensors = parse(resource("marian-int16.bin")).tensors();
    Tensor words = requireNonNull(tensors.get("decoder/embeddings/weight"));
    assertThat(words.type()).isEqualTo(DType.I16);
    assertThat(words.factors()).hasSize(1);
    float[] part = new float[5];
    words.read(11, part, 0, 5);
    assertThat(part).isEqualTo(Arrays.copyOfRange(words.floats(), 11, 16));
  }

  @Test
  void oldFilesSayOnlyHowWideNumbersAre() {
    ByteBuffer old = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    old.putInt(2);
    text(old, "TransformerBase");
    old.putInt(1).putInt(3);
    variable(old, "a/weight", 2, 2).putInt(4);
    old.putShort((short) 500).putShort((short) -1000).putShort((short) 0).putShort((short) 3);
    variable(old, "a/bias", 2, 4).putInt(2).putFloat(1.5f).putFloat(-2);
    old.putShort((short) 8).put("a/heads\0".getBytes(StandardCharsets.US_ASCII));
    old.put((byte) 0).put((byte) 1).putInt(1).put((byte) 7);
    byte[] bytes = Arrays.copyOf(old.array(), old.position());
    CTranslate2 file = parse(bytes);
    assertThat(requireNonNull(file.tensors().get("a/weight")).floats())
        .containsExactly(0.5f, -1, 0, 0.003f);
    assertThat(requireNonNull(file.tensors().get("a/bias")).floats()).containsExactly(1.5f, -2);
    assertThat(file.whole("a/heads")).isEqualTo(7);
  }

  private static void text(ByteBuffer into, String text) {
    into.putShort((short) (text.length() + 1));
    into.put((text + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  /** A matrix of two columns, or a vector. */
  private static ByteBuffer variable(ByteBuffer into, String name, int rows, int width) {
    text(into, name);
    into.put((byte) (width == 2 ? 2 : 1)).putInt(rows);
    if (width == 2) {
      into.putInt(2);
    }
    return into.put((byte) width);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 7, version 7",
    "0, 1, version 1",
    "0, -1, version 4294967295",
    "26, -1, 4294967295 is claimed",
    "26, 100, variable",
  })
  void aHeaderThatLiesIsRefused(int at, int value, String message) throws IOException {
    byte[] file = resource(INT8 + ".bin");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE + ": offset ")
        .hasMessageContaining(message);
  }

  @Test
  void shapesThatDoNotMatchTheirBytesAreRefused() throws IOException {
    byte[] file = resource(INT8 + ".bin");
    int at = find(file, "decoder/embeddings/weight\0") + 1;
    for (int size : new int[] {-1, 0, 7, 9, 1 << 30}) {
      byte[] wrong = file.clone();
      ByteBuffer.wrap(wrong).order(ByteOrder.LITTLE_ENDIAN).putInt(at, size);
      assertThatThrownBy(() -> parse(wrong))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("decoder/embeddings/weight has 64 bytes");
    }
  }

  @Test
  void eightBitsWithoutAScaleAreRefused() throws IOException {
    byte[] file = resource(INT8 + ".bin");
    file[find(file, "decoder/embeddings/weight_scale\0") - 2] = 'x';
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no decoder/embeddings/weight_scale");
  }

  @Test
  void aScaleOfZeroIsRefused() throws IOException {
    byte[] file = resource(INT8 + ".bin");
    int at = find(file, "decoder/embeddings/weight_scale\0") + 1 + 4 + 1 + 4;
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, 0);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no number above 0");
  }

  @Test
  void anotherFileOfThatNameIsNotTakenForOne(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("model.bin"), new byte[] {6, 0, 0, 0, 3, 0, 'a', 'b', 0, 1});
    assertThatThrownBy(() -> Weights.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("holds no weights");
  }

  @Test
  void damagedFilesAreReadOrRefused() throws IOException {
    byte[] good = resource(INT8 + ".bin");
    Mutants.check(good, good.length, 400, CTranslate2Test::readAll);
  }

  @Test
  void aFileThatWasCutOffIsRefused() throws IOException {
    byte[] good = resource(INT8 + ".bin");
    Mutants.checkPrefixes(good, good.length, 400, CTranslate2Test::readAll);
  }

  private static void readAll(MemorySegment bytes) {
    CTranslate2 file = CTranslate2.parse(Mutants.FILE, bytes);
    file.settings();
    Mutants.readAll(file.tensors());
    file.tensors().values().stream()
        .filter(tensor -> tensor.factors().length > 0)
        .forEach(Tensor::floats);
  }

  private static CTranslate2 parse(byte[] file) {
    return CTranslate2.parse(Mutants.FILE, MemorySegment.ofArray(file));
  }

  /** Where what follows this text starts. */
  private static int find(byte[] file, String text) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    return at + text.length();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream =
        requireNonNull(CTranslate2Test.class.getResourceAsStream("ctranslate2/" + name))) {
      return stream.readAllBytes();
    }
  }
}
