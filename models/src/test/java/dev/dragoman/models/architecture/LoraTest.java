package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters against what peft computes with them (made by tests/parity/lora.py). */
class LoraTest {
  @TempDir private Path scratch;

  static Stream<Arguments> everywhere() {
    return Stream.of(
            Arguments.of("llama", "decoders/llama"),
            Arguments.of("llama-patterns", "decoders/llama"),
            Arguments.of("llama-gguf", "decoders/llama-llama3"),
            Arguments.of("llama-gguf", "decoders-gguf/llama-llama3.gguf"),
            Arguments.of("gemma3-rslora", "decoders/gemma3"),
            Arguments.of("qwen2-layers", "decoders/qwen2"),
            Arguments.of("phi3", "decoders/phi3"),
            Arguments.of("gpt2", "decoders/gpt2"))
        .flatMap(example ->
            Stream.of(new VectorKernels(), new ScalarKernels())
                .map(kernels -> Arguments.of(example.get()[0], example.get()[1], kernels)));
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(LoraTest.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void logitsAreThoseOfPeft(String name, String base, Kernels kernels) {
    try (Weights weights = Weights.open(resource(base));
        Weights golden = Weights.open(resource("lora/" + name + "/golden"))) {
      Decoder decoder = Architectures.decoder(resource(base), weights, kernels);
      Adapter adapter = decoder.adapter(resource("lora/" + name));
      int[] ids = SmallCheckpoint.ints(golden, "ids");
      float[] expected = golden.tensor("logits", ids.length, decoder.vocabulary()).floats();
      DecoderCases.assertClose(logits(decoder, adapter, ids), expected, name);
      // Not the model's own.
      assertThat(largest(logits(decoder, Adapter.NONE, ids), expected)).isGreaterThan(0.01f);
    }
  }

  private static float largest(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static float[] logits(Decoder decoder, Adapter adapter, int[] ids) {
    Decoder.Session session = decoder.session();
    Step step = new Step();
    Sequence sequence = decoder.sequence(ids.length, CacheType.F32, adapter);
    step.add(sequence, ids, 0, ids.length, Step.Wanted.ALL);
    session.run(step, Encoder.Layers.UNSEEN);
    return Arrays.copyOf(session.logits(), ids.length * decoder.vocabulary());
  }

  @ParameterizedTest
  @CsvSource({"llama, llama-patterns, llama", "gpt2, gpt2, gpt2"})
  void inOneStepEachGetsTheBitsItGetsAlone(String one, String other, String base) {
    try (DecoderCases.Case example = DecoderCases.open(base, new VectorKernels())) {
      Decoder decoder = example.decoder();
      Adapter first = decoder.adapter(resource("lora/" + one));
      Adapter second = decoder.adapter(resource("lora/" + other));
      Adapter[] adapters = {Adapter.NONE, first, first, second, Adapter.NONE, second};
      int[] ids = example.ids(2);
      Decoder.Session session = decoder.session();
      Step step = new Step();
      int count = 41;
      for (Adapter adapter : adapters) {
        Sequence sequence = decoder.sequence(count, CacheType.F32, adapter);
        step.add(sequence, ids, 0, count, Step.Wanted.ALL);
      }
      session.run(step, Encoder.Layers.UNSEEN);
      int size = count * decoder.vocabulary();
      for (int i = 0; i < adapters.length; i++) {
        assertThat(Arrays.copyOfRange(session.logits(), i * size, (i + 1) * size))
            .as("sequence %d", i)
            .containsExactly(logits(decoder, adapters[i], Arrays.copyOf(ids, count)));
      }
      Sequence adapted = decoder.sequence(count, CacheType.F32, first);
      assertThat(adapted.canCopy(decoder.sequence(count))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "r": 4                    | "r": NaN                       | adapter_config.json
          "r": 4                    | "r": -1                        | "r"
          "r": 4                    | "r": 5                         | lora_A.weight has shape
          "use_dora": false         | "use_dora": true               | "use_dora"
          "use_dora": false         | "use_magic": true              | "use_magic"
          "peft_type": "LORA"       | "peft_type": "IA3"             | "peft_type"
          "modules_to_save": null   | "modules_to_save": ["lm_head"] | "modules_to_save"
          "bias": "none"            | "bias": "all"                  | "bias"
          "init_lora_weights": true | "init_lora_weights": "pissa"   | "init_lora_weights"
          "rank_pattern": {}        | "rank_pattern": {"q_proj": 0}  | "q_proj"
          "rank_pattern": {}        | "rank_pattern": {"(": 1}       | "rank_pattern"
          "q_proj"                  | "other_proj"                   | q_proj.lora_A.weight
          "q_proj"                  | "lm_head"                      | q_proj.lora_A.weight
          """)
  void aConfigurationThatIsNotUnderstoodIsRefusedByName(String from, String to, String named)
      throws IOException {
    Path folder = copy("llama");
    Path file = folder.resolve("adapter_config.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
    refused("llama", folder, named);
  }

  @Test
  void anAdapterOfAnotherModelIsRefusedByItsTensor() {
    refused("gpt2", resource("lora/llama"), "base_model.model.model.layers.0.");
    refused("llama-wide-heads", resource("lora/llama"), "self_attn.");
  }

  @ParameterizedTest
  @CsvSource({
    "layers.1.mlp, layers.7.mlp, no such layer",
    "layers.1.mlp.up_proj.lora_B, layers.1.mlp.up_proj.lora_C, is not known here",
    "layers.1.mlp.up_proj.lora_B, layers.1.mlp.up_proX.lora_B, no such layer"
  })
  void aTensorThatBelongsNowhereIsRefusedByName(String from, String to, String named)
      throws IOException {
    Path folder = copy("llama");
    Path file = folder.resolve("adapter_model.safetensors");
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to), StandardCharsets.ISO_8859_1);
    refused("llama", folder, named);
  }

  @Test
  void aNumberThatIsNoneIsRefusedWithItsPlace() throws IOException {
    Path folder = copy("llama");
    Path file = folder.resolve("adapter_model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xff);
    Files.write(file, bytes);
    refused("llama", folder, "has NaN at");
    Files.delete(file);
    refused("llama", folder, "adapter_model.safetensors");
  }

  private Path copy(String name) throws IOException {
    for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
      Files.copy(resource("lora/" + name).resolve(file), scratch.resolve(file));
    }
    return scratch;
  }

  private static void refused(String base, Path folder, String named) {
    try (Weights weights = Weights.open(DecoderCases.folder(base))) {
      Decoder decoder =
          Architectures.decoder(
              ModelConfig.read(DecoderCases.folder(base)), weights, new VectorKernels());
      assertThatThrownBy(() -> decoder.adapter(folder))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(named);
    }
  }
}
