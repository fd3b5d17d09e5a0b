package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the {@code model} verbs say when a model or a line is wrong: one line that names it. */
class ModelErrorsTest {
  @TempDir private Path folder;

  private static String refused(int code, Cli.Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
    List<String> messages =
        result.err().lines().filter(line -> line.startsWith("dragoman: ")).toList();
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  private static Cli.Result forward(Path model, String line) {
    return Cli.dragoman().reading(line + "\n").run("model", "forward", "--model", model.toString());
  }

  private Path copy(String model) throws IOException {
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(SmallModels.at(model).resolve(file), folder.resolve(file));
    }
    return folder;
  }

  @Test
  void aNameThatIsNotInTheCatalog() {
    Cli.Result result =
        Cli.dragoman().reading("a\n").run("model", "embed", "--model", "all-minilm-l6");
    assertThat(refused(2, result)).contains("did you mean all-minilm-l6-v2?");
  }

  @Test
  void aPathWhereNothingIs() {
    Path nowhere = folder.resolve("nowhere");
    assertThat(refused(2, forward(nowhere, "[1]"))).contains(nowhere.toString());
  }

  @Test
  void aFolderWithoutConfig() {
    assertThat(refused(2, forward(folder, "[1]")))
        .contains(folder.toString())
        .contains("config.json");
  }

  @Test
  void aFileOfGgufThatBreaksOff() throws IOException {
    byte[] whole = Files.readAllBytes(SmallModels.at("architecture/decoders-gguf/qwen3.gguf"));
    Path cut = folder.resolve("cut.gguf");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1000));
    assertThat(refused(1, forward(cut, "[1]"))).contains("cut.gguf");
  }

  @Test
  void idsOutsideTheVocabulary() {
    Path model = SmallModels.at("architecture/decoders/llama");
    assertThat(refused(2, forward(model, "[1, 100000]"))).contains("line 1").contains("100000");
  }

  @Test
  void aLineThatIsNoListOfIds() {
    Path model = SmallModels.at("architecture/decoders/llama");
    assertThat(refused(2, forward(model, "[1, two]"))).contains("line 1");
  }

  @Test
  void anArchitectureThatIsNotKnown() throws IOException {
    Path model = copy("architecture/bert/even");
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"bert\"", "\"hyena\""));
    assertThat(refused(1, forward(model, "[1]"))).contains("hyena").contains("modernbert");
  }

  @Test
  void aTaskThatTheModelIsNotMadeFor() throws IOException {
    Path model = copy("architecture/bert/even");
    Cli.Result result =
        Cli.dragoman().run("model", "bench", "--model", model.toString(), "--task", "generate");
    assertThat(refused(2, result)).contains("--task embed");
    assertThat(refused(2, Cli.dragoman().run("model", "bench", "--model", "vosk-ko")))
        .contains("transcribe")
        .contains("embed");
  }

  @Test
  void aMachineWithoutVectorsIsAnErrorUnlessPlainLoopsAreAskedFor() throws IOException {
    Path model = copy("architecture/bert/even");
    String[] command = {"model", "forward", "--model", model.toString()};
    Cli.Result without = Cli.dragoman().withoutVectors().reading("[1]\n").run(command);
    assertThat(refused(1, without))
        .contains("--add-modules jdk.incubator.vector")
        .contains("-Ddragoman.kernels=scalar");
    Cli.Result plain =
        Cli.dragoman()
            .withoutVectors()
            .jvm("-Ddragoman.kernels=scalar")
            .reading("[1]\n")
            .run(command);
    assertThat(plain.code()).as(plain.err()).isZero();
    assertThat(plain.json().getFirst().path("last_hidden_state")).hasSize(1);
  }

  @Test
  void theDoctorFindsTheVectorModuleMissing() {
    Cli.Result result = Cli.dragoman().withoutVectors().run("doctor");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("--add-modules jdk.incubator.vector");
    assertThat(Cli.dragoman().run("doctor").out())
        .containsPattern("ok +kernels +vector, \\d+ bits, \\d+ lanes, \\d+ threads?");
  }
}
