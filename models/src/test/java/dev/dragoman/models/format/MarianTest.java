package dev.dragoman.models.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarianTest {
  private static final String TINY = "tiny/model.enpt.bin";

  @Test
  void matricesOfEightBitsAreTurnedBack() throws IOException {
    Map<String, Tensor> tensors = parse(TINY).tensors();
    Tensor up = requireNonNull(tensors.get("encoder_l1_ffn_W1")).expect(16, 24);
    Tensor turned = up.transposed("turned").expect(24, 16);
    assertThat(up.type()).isEqualTo(DType.I8);
    float[] rows = up.floats();
    float[] columns = turned.floats();
    for (int i = 0; i < 16; i++) {
      for (int o = 0; o < 24; o++) {
        assertThat(rows[i * 24 + o]).isEqualTo(columns[o * 16 + i]);
        assertThat(rows[i * 24 + o])
            .isEqualTo(turned.bytes().get(ValueLayout.JAVA_BYTE, o * 16 + i) * up.factors()[0]);
      }
    }
    assertThat(requireNonNull(tensors.get("Wemb")).expect(41, 16).factors()).hasSize(1);
  }

  @Test
  void settingsAreInside() throws IOException {
    for (String file : new String[] {TINY, "arrays/model.npz", "packed/model.npz"}) {
      MarianSettings settings = parse(file).settings();
      assertThat(settings.text("type", "")).isEqualTo("transformer");
      assertThat(settings.texts("dim-vocabs")).hasSize(2);
      assertThat(settings.texts("transformer-tied-layers")).isEmpty();
      assertThat(settings.text("transformer-preprocess", "n")).isEmpty();
      assertThat(settings.text("absent", "n")).isEqualTo("n");
      assertThat(settings.flag("skip", true)).isFalse();
      assertThat(settings.keys()).contains("version").doesNotContain("special:model.yml");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "- a", "a: b\n c: d", "a: b\na: c", ": x"})
  void settingsOfAnotherShapeAreRefused(String text) {
    assertThatThrownBy(() -> MarianSettings.parse("some.yml", text))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("some.yml: line ");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, no binary model of Marian",
    "8, 1152921504606846976, items",
    "8, -1, items",
    "16, 0, a name of 0 bytes",
    "16, 9223372036854775807, name of an item",
    "56, 16642, has only",
    "56, 99999, unknown or packed",
    "32, 9, has 9 dimensions",
    "32, 0, has 0 dimensions",
    "40, -1, needs",
    "40, 9223372036854775807, needs",
    "40, 0, has only 0 bytes",
  })
  void headersThatLieAreRefused(int at, long value, String message) throws IOException {
    byte[] file = resource(TINY);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    assertThatThrownBy(() -> read(TINY, MemorySegment.ofArray(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE)
        .hasMessageContaining(message);
  }

  @Test
  void damagedBinariesAreReadOrRefused() throws IOException {
    Mutants.check(resource(TINY), 9000, 40, bytes -> read(TINY, bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"arrays/model.npz", "packed/model.npz"})
  void damagedArchivesAreReadOrRefused(String name) throws IOException {
    byte[] good = resource(name);
    Mutants.check(good, good.length, 200, bytes -> read(name, bytes));
  }

  @Test
  void aBinaryThatIsCutOffIsRefused() throws IOException {
    byte[] good = resource("tiny/model.enpt.bin");
    for (int size = 0; size < good.length; size += 97) {
      MemorySegment cut = MemorySegment.ofArray(good).asSlice(0, size);
      assertThatThrownBy(() -> read(TINY, cut)).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void anArchiveThatGrowsBeyondMeasureIsRefused() throws IOException {
    byte[] file = resource("packed/model.npz");
    int entry = new String(file, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, 2_000_000_000);
    assertThatThrownBy(() -> read("x.npz", MemorySegment.ofArray(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is said to grow from");
  }

  @Test
  void theWordsOfAShortlistAreThoseOfItsSourceAndTheFrequentOnes() {
    LexicalShortlist list = shortlist(3, new long[] {0, 2, 2, 5}, 10, 12, 5, 10, 19);
    BitSet chosen = new BitSet();
    list.choose(new int[] {9, 0, 1}, 1, 3, false, 20, chosen);
    assertThat(chosen.stream()).containsExactly(0, 1, 2, 3, 4, 5, 10, 12);
    list.choose(new int[] {2, 2}, 0, 2, true, 20, chosen);
    assertThat(chosen.stream()).containsExactly(0, 1, 2, 3, 4, 5, 10, 19);
    list.choose(new int[0], 0, 0, true, 7, chosen);
    assertThat(chosen.stream()).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void shortlistsThatDoNotFitAreRefused() throws IOException {
    byte[] good = resource("tiny/lex.6.4.enpt.s2t.bin");
    assertThatThrownBy(() -> LexicalShortlist.parse("l", MemorySegment.ofArray(good), 40, 41))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("do not fit vocabularies of 40");
    assertThatThrownBy(() -> LexicalShortlist.parse("l", MemorySegment.ofArray(good), 41, 20))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(" of 20");
    byte[] damaged = good.clone();
    damaged[500] ^= 1;
    assertThatThrownBy(() -> LexicalShortlist.parse("l", MemorySegment.ofArray(damaged), 41, 41))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("checksum");
    assertThatThrownBy(() -> shortlist(1, new long[] {0, 2, 1, 3}, 1, 2, 3))
        .hasMessageContaining("start at 1");
    assertThatThrownBy(() -> shortlist(1, new long[] {0, 1, 2, 2}, 1, 2, 3))
        .hasMessageContaining("start at 2");
    assertThatThrownBy(() -> shortlist(1, new long[] {0, 1, 2, 3}, 1, -2, 3))
        .hasMessageContaining("word 4294967294");
  }

  @Test
  void aShortlistThatIsCutOffIsRefused() throws IOException {
    byte[] good = resource("tiny/lex.6.4.enpt.s2t.bin");
    for (int size = 0; size < good.length; size++) {
      MemorySegment cut = MemorySegment.ofArray(good).asSlice(0, size);
      assertThatThrownBy(() -> LexicalShortlist.parse("l", cut, 41, 41))
          .isInstanceOf(ModelException.class);
    }
  }

  /** A list for three words of a source and twenty of a translation. */
  private static LexicalShortlist shortlist(long frequent, long[] offsets, int... words) {
    ByteBuffer body =
        ByteBuffer.allocate(48 + 8 * offsets.length + 4 * words.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    body.putLong(0xF11A48D5013417F5L).putLong(0).putLong(frequent).putLong(9);
    body.putLong(offsets.length).putLong(words.length);
    for (long offset : offsets) {
      body.putLong(offset);
    }
    for (int word : words) {
      body.putInt(word);
    }
    long seed = 0;
    for (int at = 16; at + 8 <= body.capacity(); at += 8) {
      seed ^= body.getLong(at) + 0x9e3779b9L + (seed << 6) + (seed >>> 2);
    }
    body.putLong(8, seed);
    return LexicalShortlist.parse("l", MemorySegment.ofArray(body.array()), 3, 20);
  }

  private static Marian parse(String name) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(resource(name));
    return name.endsWith(".npz")
        ? Marian.npz(Mutants.FILE, bytes)
        : Marian.parse(Mutants.FILE, bytes);
  }

  private static void read(String name, MemorySegment bytes) {
    Marian file =
        name.endsWith(".npz") ? Marian.npz(Mutants.FILE, bytes) : Marian.parse(Mutants.FILE, bytes);
    assertThat(file.settings().keys()).isNotNull();
    for (Tensor tensor : file.tensors().values()) {
      if (tensor.factors().length > 0 || tensor.type().name().startsWith("F")) {
        int some = (int) Math.min(tensor.size(), 40);
        tensor.read(tensor.size() - some, new float[some], 0, some);
      }
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream =
        requireNonNull(MarianTest.class.getResourceAsStream("../architecture/students/" + name))) {
      return stream.readAllBytes();
    }
  }
}
