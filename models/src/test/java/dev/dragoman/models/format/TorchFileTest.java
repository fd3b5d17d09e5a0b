package dev.dragoman.models.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.ModelFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  private static final String GPT2 = "/dev/dragoman/models/architecture/decoders/gpt2/";

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types",
        "views",
        "module",
        "parameters",
        "protocol3",
        "protocol4",
        "protocol5",
        "wide",
      })
  void tensorsAreThoseThatWereSaved(String name) throws IOException {
    Map<String, Tensor> wanted =
        SafeTensors.parse(name, MemorySegment.ofArray(resource(name + ".safetensors")));
    Map<String, Tensor> found = parse(resource(name + ".bin"));
    assertThat(found).containsOnlyKeys(wanted.keySet());
    wanted.forEach((key, tensor) -> {
      Tensor same = requireNonNull(found.get(key)).expect(tensor.shape());
      assertThat(same.name()).isEqualTo(key);
      assertThat(same.type()).isEqualTo(tensor.type());
      assertThat(same.bytes().mismatch(tensor.bytes())).as(key).isEqualTo(-1);
    });
  }

  @Test
  void whatLiesInOrderIsNotCopiedAndTiedWeightsAreTheSame() throws IOException {
    Path file = write("pytorch_model.bin", resource("module.bin"));
    try (Weights weights = Weights.open(file)) {
      MemorySegment words = weights.any("words.weight").bytes();
      assertThat(words.isMapped()).isTrue();
      assertThat(weights.any("head.weight").bytes()).isEqualTo(words);
      assertThat(weights.any("position_ids").type()).isEqualTo(DType.I64);
    }
    Map<String, Tensor> views = parse(resource("views.bin"));
    MemorySegment whole = requireNonNull(views.get("whole")).bytes();
    MemorySegment rows = requireNonNull(views.get("rows")).bytes();
    assertThat(whole.asOverlappingSlice(rows)).isPresent();
    assertThat(rows.address() - whole.address()).isEqualTo(2 * 4 * Float.BYTES);
  }

  @Test
  void aModelSaysTheSameFromEitherFile() throws IOException {
    Path safe = Files.createDirectory(folder.resolve("safe"));
    Path torch = Files.createDirectory(folder.resolve("torch"));
    for (Path each : new Path[] {safe, torch}) {
      Files.write(each.resolve("config.json"), bytes(GPT2 + "config.json"));
    }
    Files.write(safe.resolve("model.safetensors"), bytes(GPT2 + "model.safetensors"));
    Files.write(torch.resolve("pytorch_model.bin"), resource("gpt2/pytorch_model.bin"));
    int[] ids = {3, 1, 4, 1, 5, 9};
    try (LanguageModel one = LanguageModel.open(safe);
        LanguageModel other = LanguageModel.open(torch)) {
      assertThat(other.logits(ids)).isDeepEqualTo(one.logits(ids));
    }
    ModelFacts facts = ModelFacts.of(torch);
    assertThat(facts.format()).isEqualTo("PyTorch");
    assertThat(facts.architecture()).isEqualTo("GPT2LMHeadModel");
    assertThat(facts.types()).containsKey("BF16");
  }

  @Test
  void aSafetensorsFileNextToItWins() throws IOException {
    write("pytorch_model.bin", resource("refused/command.bin"));
    write("model.safetensors", resource("types.safetensors"));
    try (Weights weights = Weights.open(folder)) {
      assertThat(weights.has("bfloat")).isTrue();
      assertThat(weights.plain()).contains("safetensors");
    }
  }

  @Test
  void shardsAreOneModel() throws IOException {
    String index = "pytorch_model.bin.index.json";
    String json = new String(resource("shards/" + index), UTF_8);
    write(index, json.getBytes(UTF_8));
    int shards = Integer.parseInt(json.replaceAll("(?s).*-of-(\\d+)\\.bin.*", "$1"));
    assertThat(shards).isGreaterThan(1);
    for (int i = 1; i <= shards; i++) {
      String shard = "pytorch_model-%05d-of-%05d.bin".formatted(i, shards);
      write(shard, resource("shards/" + shard));
    }
    Map<String, Tensor> whole = parse(resource("module.bin"));
    try (Weights weights = Weights.open(folder)) {
      assertThat(weights.plain()).contains("PyTorch");
      for (String name : weights.names()) {
        assertThat(weights.any(name).bytes().mismatch(requireNonNull(whole.get(name)).bytes()))
            .as(name)
            .isEqualTo(-1);
      }
      assertThat(weights.names()).contains("words.weight", "norm.running_var", "head.bias");
    }
    write(index, json.replace("pytorch_model-", "../p-").getBytes(UTF_8));
    assertThatThrownBy(() -> Weights.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no file of this folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "command    | .system is not in the pickle of a state dict; to open the file would run code",
        "builtin    | __builtin__.eval is not in the pickle",
        "module     | torch.nn.modules.linear.Linear is not in the pickle",
        "expanded   | tensor a of shape [1000, 2] does not lie in order, and is too large",
        "complex    | torch.ComplexFloatStorage is not in the pickle",
        "sparse     | torch._utils._rebuild_sparse_tensor is not in the pickle",
        "nested     | state_dict is a dictionary, no tensor; save the state dict of the model alone",
        "list       | the instruction 0x5d is not in the pickle",
        "tensor     | this is no state dict",
        "number     | a key that is no text",
        "old        | was saved by PyTorch before 1.6",
        "pickle     | was saved by PyTorch before 1.6",
      })
  void whatIsNoPlainStateDictIsRefusedByName(String name, String message) throws IOException {
    byte[] file = resource("refused/" + name + ".bin");
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "byteorder | big     | byte order big",
        "data.pkl  | }X\\1\\0\\0\\0ah\\7s.          | value 7 was never put aside",
        "data.pkl  | }X\\1\\0\\0\\0aj\\377\\377\\377\\377s. | value 4294967295 was never put aside",
        "data.pkl  | }X\\377\\377\\377\\377a        | text needs 4294967295 bytes",
        "data.pkl  | \\215\\377\\377\\377\\377\\377\\377\\377\\177a | text needs 9223372036854775807 bytes",
        "data.pkl  | \\225\\377\\377\\377\\377\\377\\377\\377\\377a | frame: 18446744073709551615",
        "data.pkl  | }(X\\1\\0\\0\\0au.             | keys and values that belong to no",
        "data.pkl  | (s.                            | keys and values that belong to no",
        "data.pkl  | (\\206.                        | a tuple of more values than there are",
        "data.pkl  | t.                             | the end of a list that has no start",
        "data.pkl  | .                              | a value is missing",
        "data.pkl  | }(.                            | a value is missing",
        "data.pkl  | }}.                            | the pickle ends too early",
        "data.pkl  | }.}                            | 1 bytes follow the end",
        "data.pkl  | \\200\\6}.                     | pickle protocol 6",
        "data.pkl  | )Q.                            | what should be a storage is none",
        "data.pkl  | ))R.                           | something is called that is no function",
        "data.pkl  | }}b.                           | attributes of something that has none",
        "data.pkl  | \\212\\t000000000.              | a number of 9 bytes",
        "data.pkl  | (i                             | the instruction INST",
        "data.pkl  | \\201                          | the instruction NEWOBJ",
        "data.pkl  | )ccollections\\nOrderedDict\\nR. | something is called that is no function",
        "data.pkl  | cposix\\nsystem\\n             | posix.system is not in the pickle",
        "data.pkl  | \\214\\5posix\\214\\6system\\223 | posix.system is not in the pickle",
        "data.pkl  | )\\214\\6system\\223           | a module that is no text",
      })
  void entriesThatLieAreRefused(String entry, String content, String message) throws IOException {
    byte[] file =
        repacked(resource("module.bin"), "module/" + entry, unescaped(content), ZipEntry.STORED);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE)
        .hasMessageContaining(message);
  }

  @Test
  void aTensorOutsideItsNumbersIsRefused() throws IOException {
    byte[] good = resource("module.bin");
    byte[] none = {};
    assertThatThrownBy(() -> parse(repacked(good, "module/data/0", none, ZipEntry.STORED)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor position_ids is in 4 numbers of type I64")
        .hasMessageContaining("has 0 bytes");
    byte[] sizes = good.clone();
    int at = find(sizes, "QK\0K\5K\3\206");
    sizes[at + 4] = 6;
    assertThatThrownBy(() -> parse(sizes))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor words.weight of shape [6, 3] from number 0 on is not inside");
    byte[] from = good.clone();
    from[at + 2] = 1;
    assertThatThrownBy(() -> parse(from))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[5, 3] from number 1 on is not inside data/1, which has 15");
  }

  @Test
  void packedAndMissingEntriesAreRefused() throws IOException {
    byte[] good = resource("module.bin");
    assertThatThrownBy(
            () -> parse(repacked(good, "module/data/0", new byte[60], ZipEntry.DEFLATED)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("module/data/0 is packed");
    byte[] empty = repacked(good, "module/data.pkl", unescaped("}."), ZipEntry.STORED);
    assertThat(parse(empty)).isEmpty();
    byte[] other = new String(good, ISO_8859_1).replace("data/0", "data/9").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> parse(other))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no module/data/0 inside");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 65535, the directory of the archive is damaged",
    "16, -1, the directory is outside the file",
    "16, 7, the directory of the archive is damaged",
  })
  void aDirectoryThatLiesIsRefused(int at, int value, String message) throws IOException {
    byte[] file = repacked(resource("module.bin"), "", new byte[0], ZipEntry.STORED);
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = file.length - 22;
    if (at == 10) {
      buffer.putShort(end + at, (short) value);
    } else {
      buffer.putInt(end + at, value);
    }
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE + ": offset ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "32, -1, entries",
    "32, 9223372036854775807, the directory of the archive is damaged",
    "48, -1, the directory is outside the file",
    "48, 9223372036854775807, the directory is outside the file",
  })
  void anEndRecordOf64BitsThatLiesIsRefused(int at, long value, String message) throws IOException {
    byte[] file = resource("module.bin");
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(file.length - 22 - 20 - 56 + at, value);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(Mutants.FILE)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"types", "protocol4", "wide"})
  void damagedFilesAreReadOrRefused(String name) throws IOException {
    byte[] good = resource(name + ".bin");
    Mutants.check(good, good.length, 400, TorchFileTest::readAll);
  }

  @Test
  void damagedPicklesAreReadOrRefused() throws IOException {
    byte[] good = resource("views.bin");
    Mutants.check(good, find(good, "data.pkl") + 600, 400, TorchFileTest::readAll);
  }

  @Test
  void aFileThatWasCutOffIsRefused() throws IOException {
    byte[] good = resource("module.bin");
    Mutants.checkPrefixes(good, good.length, 400, TorchFileTest::readAll);
  }

  private static void readAll(MemorySegment bytes) {
    Mutants.readAll(TorchFile.parse(Mutants.FILE, bytes));
  }

  private static Map<String, Tensor> parse(byte[] file) {
    return TorchFile.parse(Mutants.FILE, MemorySegment.ofArray(file));
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** The same archive in the form of 32 bits with one entry's content replaced. */
  private static byte[] repacked(byte[] archive, String name, byte[] content, int method)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipDirectory.Entry entry :
          ZipDirectory.read(Mutants.FILE, MemorySegment.ofArray(archive))) {
        boolean replaced = entry.name().equals(name);
        byte[] now = replaced ? content : entry.content().toArray(ValueLayout.JAVA_BYTE);
        ZipEntry next = new ZipEntry(entry.name());
        next.setMethod(replaced ? method : ZipEntry.STORED);
        next.setSize(now.length);
        CRC32 sum = new CRC32();
        sum.update(now);
        next.setCrc(sum.getValue());
        zip.putNextEntry(next);
        zip.write(now);
      }
    }
    return out.toByteArray();
  }

  /** With octal numbers and line feeds as in Python. */
  private static byte[] unescaped(String text) {
    return text.translateEscapes().getBytes(ISO_8859_1);
  }

  /** Where this text starts. */
  private static int find(byte[] file, String text) {
    int at = new String(file, ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    return at;
  }

  private static byte[] resource(String name) throws IOException {
    return bytes("/dev/dragoman/models/format/torch/" + name);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream stream = requireNonNull(TorchFileTest.class.getResourceAsStream(name))) {
      return stream.readAllBytes();
    }
  }
}
