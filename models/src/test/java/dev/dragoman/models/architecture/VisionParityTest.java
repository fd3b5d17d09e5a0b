package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import dev.dragoman.models.vision.PixelValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what transformers computes, layer by layer (made by tests/parity/vision.py). */
class VisionParityTest {
  private static final List<String> NAMES =
      List.of(
          "vit-gpt2",
          "vit-gpt2-oblong",
          "vit-gpt2-untied",
          "deit-gpt2",
          "vit-trocr",
          "vit-trocr-narrow",
          "deit-trocr-bridged",
          "blip-caption",
          "blip-caption-small",
          "blip-question",
          "clip",
          "clip-old-end",
          "siglip",
          "siglip-wide",
          "idefics3",
          "idefics3-tied",
          "smolvlm");

  private static final Encoder.Layers UNSEEN = Encoder.Layers.UNSEEN;
  private static final int ALL = -1;

  @TempDir Path folder;

  static Stream<Arguments> everywhere() {
    return NAMES.stream()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void everyLayerAndWhatComesOutEqualTheReference(String name, Kernels kernels) throws IOException {
    unpack(name);
    try (Weights weights = Weights.open(folder);
        Weights golden = Weights.open(folder.resolve("golden"))) {
      switch (PictureModel.open(ModelConfig.read(folder), weights, kernels)) {
        case PictureWriter writer -> check(writer, golden);
        case PictureReader reader -> check(reader, golden);
        case TwoTowers towers -> check(towers, golden);
      }
    }
  }

  private void unpack(String name) throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/architecture/vision/" + name + ".zip", folder);
  }

  private static void check(PictureWriter model, Weights golden) {
    PictureWriter.Session session = model.session();
    List<PixelValues> pixels = pixels(golden);
    for (int n = 0; n < 2; n++) {
      int[] ids = SmallCheckpoint.ints(golden, "ids." + n);
      List<Memory> memories = new ArrayList<>();
      if (model.isAsked()) {
        int[] question = SmallCheckpoint.ints(golden, "question." + n);
        for (PixelValues picture : pixels) {
          memories.add(session.ask(picture, question));
        }
      } else {
        boolean[] seen = new boolean[model.visionLayers()];
        memories.addAll(session.look(pixels, vision(golden, ALL, seen)));
        assertThat(seen).doesNotContain(false);
      }
      float[] logits = golden.any("logits." + n).floats();
      int each = ids.length * model.decoder().vocabulary();
      for (int picture = 0; picture < pixels.size(); picture++) {
        Sequence sequence =
            model
                .decoder()
                .sequence(ids.length, CacheType.F32, Adapter.NONE, memories.get(picture));
        Step step = new Step();
        step.add(sequence, ids, 0, ids.length, Step.Wanted.ALL);
        session
            .decoding()
            .run(step, picture == 0 ? text(golden, n, model.decoder().layers()) : UNSEEN);
        DecoderCases.assertClose(
            session.decoding().logits(),
            Arrays.copyOfRange(logits, picture * each, (picture + 1) * each),
            "logits %d of picture %d".formatted(n, picture));
      }
    }
  }

  private static void check(PictureReader model, Weights golden) {
    PictureReader.Session session = model.session();
    List<PixelValues> pixels = pixels(golden);
    for (int n = 0; n < 2; n++) {
      int[] ids = SmallCheckpoint.ints(golden, "ids." + n);
      int[] tile = {0};
      boolean[] seen = new boolean[model.visionLayers()];
      int last = n;
      float[] rows =
          session.embed(
              ids,
              pixels.subList(0, 1 + n),
              (layer, hidden) -> {
                // The golden states are those of the last run, with two tiles.
                if (last == 1) {
                  vision(golden, tile[0], seen).layer(layer, hidden);
                }
                tile[0] += layer == model.visionLayers() ? 1 : 0;
              });
      Decoder decoder = model.decoder();
      Step step = new Step();
      step.add(decoder.sequence(ids.length), rows, 0, ids.length, Step.Wanted.ALL);
      session.decoding().run(step, text(golden, n, decoder.layers()));
      DecoderCases.assertClose(
          session.decoding().logits(), golden.any("logits." + n).floats(), "logits " + n);
    }
  }

  private static void check(TwoTowers model, Weights golden) {
    TwoTowers.Session session = model.session();
    boolean[] seen = new boolean[model.visionLayers()];
    float[][] pictures = session.pictures(pixels(golden), vision(golden, ALL, seen));
    assertThat(seen).doesNotContain(false);
    float[] expected = golden.any("embeds.picture").floats();
    int width = model.width();
    for (int i = 0; i < pictures.length; i++) {
      new ScalarKernels().unitLength(pictures[i]);
      DecoderCases.assertClose(
          pictures[i], Arrays.copyOfRange(expected, i * width, (i + 1) * width), "picture " + i);
    }
    for (int n = 0; n < 2; n++) {
      float[] text = session.text(SmallCheckpoint.ints(golden, "ids." + n), text(golden, n, 2));
      new ScalarKernels().unitLength(text);
      DecoderCases.assertClose(text, golden.any("embeds.text." + n).floats(), "text " + n);
      float[] scores = golden.any("scores." + n).floats();
      for (int i = 0; i < pictures.length; i++) {
        double likeness = 0;
        for (int k = 0; k < width; k++) {
          likeness += pictures[i][k] * text[k];
        }
        assertThat(model.score(likeness)).isCloseTo(scores[i], within(1e-4));
      }
    }
  }

  private static List<PixelValues> pixels(Weights golden) {
    Tensor tensor = golden.any("pixels");
    int height = (int) tensor.dimension(2);
    int width = (int) tensor.dimension(3);
    float[] all = tensor.floats();
    List<PixelValues> pixels = new ArrayList<>();
    int each = 3 * height * width;
    for (int from = 0; from < all.length; from += each) {
      pixels.add(new PixelValues(height, width, Arrays.copyOfRange(all, from, from + each)));
    }
    return pixels;
  }

  /**
   * Compares what comes out of all layers but the last, after which there may be a norm.
   *
   * @param from the picture that is run, or ALL
   */
  private static Encoder.Layers vision(Weights golden, int from, boolean[] seen) {
    return (layer, hidden) -> {
      if (layer < seen.length) {
        seen[layer] = true;
        Tensor tensor = golden.any("vision." + layer);
        int each = (int) (tensor.dimension(1) * tensor.dimension(2));
        float[] all = tensor.floats();
        int to = from < 0 ? all.length : (from + 1) * each;
        DecoderCases.assertClose(
            hidden,
            Arrays.copyOfRange(all, Math.max(0, from) * each, to),
            "vision after layer " + layer);
      }
    };
  }

  private static Encoder.Layers text(Weights golden, int n, int layers) {
    return (layer, hidden) -> {
      if (layer < layers) {
        DecoderCases.assertClose(
            hidden,
            golden.any("text." + n + "." + layer).floats(),
            "text %d after layer %d".formatted(n, layer));
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "vit-gpt2, encoder, wobble",
    "vit-gpt2, decoder, wobble",
    "vit-gpt2, '', wobble",
    "clip, text_config, wobble",
    "siglip, vision_config, wobble",
    "blip-caption, text_config, wobble",
    "idefics3, text_config, wobble",
    "idefics3, vision_config, wobble",
  })
  void anUnknownKeyIsRefusedByName(String name, String section, String key) throws IOException {
    unpack(name);
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    String changed =
        section.isEmpty()
            ? text.replaceFirst("\\{", "{\"" + key + "\": 1, ")
            : text.replaceFirst(
                "\"" + section + "\": \\{", "\"" + section + "\": {\"" + key + "\": 1, ");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(config, changed);
    try (Weights weights = Weights.open(folder)) {
      assertThatThrownBy(
              () -> PictureModel.open(ModelConfig.read(folder), weights, new ScalarKernels()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(key);
    }
  }

  @Test
  void aPictureOfAnotherSizeIsRefusedWithBothSizes() throws IOException {
    unpack("vit-gpt2");
    try (Weights weights = Weights.open(folder)) {
      PictureWriter model =
          (PictureWriter) PictureModel.open(ModelConfig.read(folder), weights, new ScalarKernels());
      assertThatThrownBy(
              () -> model.session().look(List.of(new PixelValues(8, 12, new float[3 * 8 * 12]))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("8 x 12")
          .hasMessageContaining("12 x 12");
    }
  }

  @Test
  void asManyImageTokensAreWantedAsThePictureBecomes() throws IOException {
    unpack("idefics3");
    try (Weights weights = Weights.open(folder)) {
      PictureReader model =
          (PictureReader) PictureModel.open(ModelConfig.read(folder), weights, new ScalarKernels());
      PixelValues tile = new PixelValues(16, 16, new float[3 * 16 * 16]);
      assertThat(model.tokens(tile)).isEqualTo(4);
      assertThatThrownBy(() -> model.session().embed(new int[] {5, 36, 6}, List.of(tile)))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("1 image tokens")
          .hasMessageContaining("becomes 4");
    }
  }

  /** What transformers 4 wrote into every configuration, and into each of its sections. */
  private static final String OLD =
      """
      {"_name_or_path": "", "bad_words_ids": null, "chunk_size_feed_forward": 0,
      "cross_attention_hidden_size": null, "diversity_penalty": 0.0, "do_sample": false,
      "early_stopping": false, "encoder_no_repeat_ngram_size": 0, "finetuning_task": null,
      "id2label": {"0": "LABEL_0"}, "length_penalty": 1.0, "max_length": 20, "min_length": 0,
      "no_repeat_ngram_size": 0, "num_beam_groups": 1, "num_beams": 1, "num_return_sequences": 1,
      "output_scores": false, "prefix": null, "pruned_heads": {}, "remove_invalid_values": false,
      "repetition_penalty": 1.0, "return_dict": true, "sep_token_id": null,
      "task_specific_params": {"text-generation": {"do_sample": true}}, "temperature": 1.0,
      "tie_encoder_decoder": false, "tokenizer_class": null, "top_k": 50, "top_p": 1.0,
      "torch_dtype": null, "torchscript": false, "transformers_version": "4.11.3",
      "typical_p": 1.0, "use_bfloat16": false}
      """;

  @ParameterizedTest
  @CsvSource({
    "vit-gpt2, encoder, decoder",
    "vit-trocr, encoder, decoder",
    "blip-caption, vision_config, text_config",
    "clip, vision_config, text_config",
    "siglip, vision_config, text_config",
    "idefics3, vision_config, text_config",
  })
  void theManyKeysThatOlderFilesHaveInEverySectionAreNoObstacle(
      String name, String first, String second) throws IOException {
    unpack(name);
    ObjectMapper json = new ObjectMapper();
    Path config = folder.resolve("config.json");
    ObjectNode root = (ObjectNode) json.readTree(config.toFile());
    for (ObjectNode node :
        List.of(root, (ObjectNode) root.get(first), (ObjectNode) root.get(second))) {
      ObjectNode more = (ObjectNode) json.readTree(OLD);
      more.remove(node.propertyStream().map(Map.Entry::getKey).toList());
      node.setAll(more);
    }
    json.writeValue(config.toFile(), root);
    try (Weights weights = Weights.open(folder)) {
      assertThat(PictureModel.open(ModelConfig.read(folder), weights, new ScalarKernels()))
          .isNotNull();
    }
  }
}
