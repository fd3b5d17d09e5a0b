package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GgufTest {
  private static final int F32 = 0;
  private static final int Q4_0 = 2;
  private static final int U32 = 4;
  private static final int TEXT = 8;
  private static final int ARRAY = 9;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"F64", "I64", "I32", "I16", "I8", "U8", "BOOL"})
  void everyTypeIsUnpackedAsTheReferenceDoesIt(DType type) {
    try (Weights gguf = Weights.open(golden("blocks.gguf"));
        Weights expected = Weights.open(golden("expected.safetensors"))) {
      Tensor tensor = gguf.any(type.name());
      float[] numbers = tensor.floats();
      assertThat(tensor.type()).isEqualTo(type);
      assertThat(numbers).containsExactly(expected.any(type.name()).floats());
      assertThat(tensor.shape()).isEqualTo(expected.any(type.name()).shape());
      assertThat(tensor.bytes().byteSize()).isEqualTo(type.bytesFor(numbers.length));
      Random random = new Random(7);
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(numbers.length);
        int count = random.nextInt(numbers.length - from + 1);
        float[] some = new float[count + 2];
        tensor.read(from, some, 1, count);
        assertThat(some[0]).isZero();
        assertThat(some[count + 1]).isZero();
        for (int j = 0; j < count; j++) {
          assertThat(some[j + 1]).isEqualTo(numbers[from + j]);
        }
      }
    }
  }

  @Test
  void metadataOfEveryTypeIsRead() {
    try (Arena arena = Arena.ofConfined()) {
      Metadata metadata = Gguf.open(golden("blocks.gguf"), arena).metadata();
      assertThat(metadata.text("general.architecture")).isEqualTo("llama");
      assertThat(metadata.text("text")).isEqualTo("Grüße, κόσμε, 世界 🌍");
      assertThat(metadata.integer("uint8")).isEqualTo(200);
      assertThat(metadata.integer("int8")).isEqualTo(-100);
      assertThat(metadata.integer("uint16")).isEqualTo(60_000);
      assertThat(metadata.integer("int16")).isEqualTo(-30_000);
      assertThat(metadata.integer("uint32")).isEqualTo(4_000_000_000L);
      assertThat(metadata.integer("int32")).isEqualTo(-2_000_000_000);
      assertThat(metadata.integer("uint64")).isEqualTo(Long.MAX_VALUE);
      assertThat(metadata.integer("int64")).isEqualTo(Long.MIN_VALUE);
      assertThat(metadata.real("float32")).isEqualTo((double) 0.1f);
      assertThat(metadata.real("float64")).isEqualTo(0.1);
      assertThat(metadata.real("uint8")).isEqualTo(200);
      assertThat(metadata.flag("yes")).isTrue();
      assertThat(metadata.flag("no")).isFalse();
      assertThat(metadata.array("texts").text(2)).isEqualTo("drei");
      assertThat(metadata.array("texts").bytes(3)).hasSize(3);
      assertThat(metadata.array("ints").ints()).containsExactly(1, -2, 3);
      assertThat(metadata.array("floats").floats()).containsExactly(0.5f, -1.5f);
      assertThat(metadata.array("flags").flag(2)).isTrue();
      assertThat(metadata.array("nested").size()).isEqualTo(3);
      assertThat(metadata.array("nested").array(0).ints()).containsExactly(1, 2, 3);
      assertThat(metadata.array("nested").array(2).ints()).containsExactly(5, 6);
      assertThat(metadata.keys()).contains("nested", "no").hasSize(20);
    }
  }

  @Test
  void whatIsAbsentOrOfAnotherTypeIsSaidByName() {
    try (Arena arena = Arena.ofConfined()) {
      Metadata metadata = Gguf.open(golden("blocks.gguf"), arena).metadata();
      assertThat(metadata.integer("absent", 7)).isEqualTo(7);
      assertThat(metadata.text("absent", "x")).isEqualTo("x");
      assertThatThrownBy(() -> metadata.real("absent"))
          .isInstanceOf(ModelException.class)
          .hasMessage("blocks.gguf: key absent is missing");
      assertThatThrownBy(() -> metadata.integer("text"))
          .hasMessageContaining("key text is of type");
      assertThatThrownBy(() -> metadata.text("ints")).hasMessageContaining("key ints is of type");
      assertThatThrownBy(() -> metadata.array("yes")).hasMessageContaining("key yes is of type");
      assertThatThrownBy(() -> metadata.flag("int8")).hasMessageContaining("key int8 is of type");
      assertThatThrownBy(() -> metadata.integer("huge"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("9223372036854775808");
      assertThatThrownBy(() -> metadata.positive("int8")).hasMessageContaining("key int8 is -100");
      assertThatThrownBy(() -> metadata.array("texts").integer(1))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("key texts[1] is of type TEXT");
    }
  }

  @Test
  void dimensionsAreOutermostFirst() {
    try (Weights weights = Weights.open(golden("blocks.gguf"))) {
      assertThat(weights.tensor("F32", 2, 3, 4).size()).isEqualTo(24);
      assertThat(weights.tensor("Q4_K", 3, 512).type()).isEqualTo(DType.Q4_K);
      assertThat(weights.gguf().orElseThrow().version()).isEqualTo(3);
      assertThat(weights.gguf().orElseThrow().tensors().keySet()).startsWith("Q8_0", "Q4_0");
    }
  }

  @Test
  void versionTwoIsReadToo() {
    byte[] file = new GgufBytes().start(2, 1, 1).key("a", "b").tensor("t", F32, four(), 1).file();
    assertThat(parse(file).version()).isEqualTo(2);
    assertThat(parse(file).tensors()).containsOnlyKeys("t");
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie("no GGUF file", new GgufBytes().i32(0x46554748).i32(3).i64(0).i64(0)),
        lie("big-endian", new GgufBytes().start(3 << 24, 0, 0)),
        lie("version 1", new GgufBytes().start(1, 0, 0)),
        lie("version 4294967295", new GgufBytes().start(-1, 0, 0)),
        lie("offset 8: number of tensors: 9223372036854775808", start(1L << 63, 0)),
        lie("offset 8: number of tensors: 1000", start(1000, 0)),
        lie("offset 16: number of keys: 18446744073709551615", start(0, -1)),
        lie("name of key 0: 9223372036854775808", start(0, 1).i64(1L << 63).i64(0)),
        lie("key a needs 9223372036854775807 bytes", start(0, 1).key("a", TEXT).i64(-1L >>> 1)),
        lie("key a has the unknown type 13", start(0, 1).key("a", 13).i64(0)),
        lie("key a is there twice", start(0, 2).key("a", U32, 1).key("a", U32, 2)),
        lie("not UTF-8", start(0, 1).i64(1).bytes((byte) 0xFF).i32(U32).i32(1)),
        lie("key a: 4294967296", start(0, 1).key("a", ARRAY).i32(U32).i64(1L << 32).i64(0)),
        lie("key a: 1000", start(0, 1).key("a", ARRAY).i32(TEXT).i64(1000).i64(0)),
        lie("nested deeper than 4", nested(5)),
        lie("general.alignment is 24", start(0, 1).key("general.alignment", U32, 24)),
        lie("general.alignment is 0", start(0, 1).key("general.alignment", U32, 0)),
        lie("general.alignment is of type", start(0, 1).key("general.alignment", "32")),
        lie("one of 3 parts", start(0, 1).key("split.count", U32, 3)),
        lie("tensor t has 5 dimensions", start(1, 0).claim("t", F32, 0, 1, 1, 1, 1, 1)),
        lie("tensor t claims the impossible", start(1, 0).claim("t", F32, 0, 1L << 40, 1L << 40)),
        lie("tensor t claims the impossible", start(1, 0).claim("t", F32, 0, 1L << 63)),
        lie("tensor t claims the impossible", start(1, 0).claim("t", F32, 0, 1L << 62)),
        lie("tensor t has rows of shape [33]", start(1, 0).claim("t", Q4_0, 0, 33)),
        lie("tensor t is stored as IQ2_XXS", start(1, 0).claim("t", 16, 0, 256)),
        lie("tensor t is stored as type number 77", start(1, 0).claim("t", 77, 0, 256)),
        lie("tensor t starts at 4, which", start(1, 0).claim("t", F32, 4, 1)),
        lie("tensor t starts at 9223372036854775808", start(1, 0).claim("t", F32, 1L << 63, 1)),
        lie("tensor t of 4 bytes starts 32", start(1, 0).claim("t", F32, 32, 1)),
        lie(
            "tensor t is there twice",
            start(2, 0).tensor("t", F32, four(), 1).tensor("t", F32, four(), 1)),
        lie(
            "tensor u starts at offset 96",
            start(2, 0).tensor("t", F32, four(), 1).claim("u", F32, 0, 1)));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aHeaderThatLiesIsRefused(String message, byte[] file) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void mutantsAreReadOrRefusedAndNothingElse() {
    GgufBytes small = small();
    Mutants.check(small.file(), small.headerSize(), 64, GgufTest::readAll);
  }

  @Test
  void aFileThatIsCutOffAnywhereIsRefused() {
    byte[] file = small().file();
    int withoutPadding = file.length - 28;
    Mutants.checkPrefixes(file, withoutPadding, 64, GgufTest::readAll);
  }

  private static GgufBytes small() {
    return start(3, 8)
        .key("general.architecture", "llama")
        .key("general.alignment", U32, 32)
        .key("n", 10)
        .i64(77)
        .key("x", 6)
        .i32(Float.floatToIntBits(0.5f))
        .key("f", 7)
        .bytes((byte) 1)
        .key("tokens", ARRAY)
        .i32(TEXT)
        .i64(3)
        .text("a")
        .text("")
        .text("ccc")
        .key("types", ARRAY)
        .i32(U32)
        .i64(2)
        .i32(1)
        .i32(-1)
        .key("nested", ARRAY)
        .i32(ARRAY)
        .i64(2)
        .i32(U32)
        .i64(1)
        .i32(5)
        .i32(TEXT)
        .i64(1)
        .text("deep")
        .tensor("blocks", Q4_0, new byte[36], 32, 2)
        .tensor("wide", 12, new byte[144], 256)
        .tensor("numbers", F32, four(), 1);
  }

  /** Everything that a file says, as far as its types allow it. */
  private static void readAll(MemorySegment bytes) {
    Gguf gguf = Gguf.parse(Mutants.FILE, bytes);
    Metadata metadata = gguf.metadata();
    for (String key : metadata.keys()) {
      if (metadata.isArray(key)) {
        readAll(metadata.array(key));
      } else if (key.equals("general.architecture")) {
        metadata.text(key);
      } else if (key.equals("f")) {
        metadata.flag(key);
      } else {
        metadata.real(key);
      }
    }
    Mutants.readAll(gguf.tensors());
  }

  private static void readAll(MetadataArray array) {
    for (int i = 0; i < Math.min(array.size(), 100); i++) {
      switch (array.type()) {
        case TEXT -> assertThat(array.text(i).length()).isLessThanOrEqualTo(array.bytes(i).length);
        case ARRAY -> readAll(array.array(i));
        case FLAG -> array.flag(i);
        case U8, I8, U16, I16, U32, I32, F32, U64, I64, F64 -> array.real(i);
      }
    }
  }

  private static GgufBytes start(long tensors, long keys) {
    return new GgufBytes().start(3, tensors, keys);
  }

  private static GgufBytes nested(int depth) {
    GgufBytes bytes = start(0, 1).key("a", ARRAY);
    for (int i = 1; i < depth; i++) {
      bytes.i32(ARRAY).i64(1);
    }
    return bytes.i32(U32).i64(1).i32(7);
  }

  private static byte[] four() {
    return new byte[] {1, 2, 3, 4};
  }

  private static Arguments lie(String message, GgufBytes bytes) {
    return Arguments.of(message, bytes.file());
  }

  private static Gguf parse(byte[] file) {
    return Gguf.parse(Mutants.FILE, MemorySegment.ofArray(file).asReadOnly());
  }

  static Path golden(String name) {
    try {
      return Path.of(Objects.requireNonNull(GgufTest.class.getResource("gguf/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
