package dev.dragoman.models.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.SmallCheckpoint;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the image processors of transformers that run on Pillow (tests/parity/pictures.py). */
class ImageProcessorTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void everyProcessorGivesTheNumbersOfTheReference() throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/vision/pictures.zip", folder);
    JsonNode cases = JSON.readTree(folder.resolve("pictures.json").toFile());
    assertThat(cases.size()).isGreaterThan(40);
    try (Weights golden = Weights.open(folder.resolve("pictures.safetensors"))) {
      for (int i = 0; i < cases.size(); i++) {
        JsonNode example = cases.get(i);
        ImageProcessor processor = processor(example.path("config").toString());
        PreparedPicture made = processor.prepare(picture(golden, example.path("picture").asText()));
        String what = "case " + i + " " + example;
        assertThat(made.rows()).as(what).isEqualTo(example.path("rows").intValue());
        assertThat(made.columns()).as(what).isEqualTo(example.path("columns").intValue());
        Tensor expected = golden.any("values." + i);
        assertThat(made.tiles()).as(what).hasSize((int) expected.dimension(0));
        float[] all = expected.floats();
        for (int tile = 0; tile < made.tiles().size(); tile++) {
          PixelValues values = made.tiles().get(tile);
          assertThat(values.height()).as(what).isEqualTo((int) expected.dimension(2));
          assertThat(values.width()).as(what).isEqualTo((int) expected.dimension(3));
          float[] numbers = values.values();
          for (int k = 0; k < numbers.length; k++) {
            if (!(Math.abs(numbers[k] - all[tile * numbers.length + k]) <= 1e-5f)) {
              throw new AssertionError(
                  "%s: tile %d, number %d is %s, not %s"
                      .formatted(what, tile, k, numbers[k], all[tile * numbers.length + k]));
            }
          }
        }
      }
    }
  }

  private ImageProcessor processor(String config) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), config);
    return ImageProcessor.read(folder);
  }

  private static Pixels picture(Weights golden, String name) {
    Tensor tensor = golden.any("picture." + name);
    return new Pixels(
        (int) tensor.dimension(1),
        (int) tensor.dimension(0),
        tensor.bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"image_processor_type\":\"ViTImageProcessor\",\"wobble\":1} | wobble",
        "{\"image_processor_type\":\"SamImageProcessor\"} | SamImageProcessor",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"size\":{\"longest_edge\":5}} | longest_edge",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"size\":{\"height\":5}} | size",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"size\":2000000000} | at most",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"resample\":9} | resample",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"image_std\":[0,1,1]} | image_std",
        "{\"image_processor_type\":\"ViTImageProcessor\",\"do_pad\":true} | do_pad",
        "{} | feature_extractor_type",
      })
  void whatIsNotKnownIsRefusedByName(String config, String named) {
    assertThatThrownBy(() -> processor(config))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("preprocessor_config.json");
  }

  @Test
  void aFolderWithoutAnyConfigurationOfPicturesSaysWhichFileIsMissing() {
    assertThatThrownBy(() -> ImageProcessor.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("preprocessor_config.json is missing");
  }

  @Test
  void oldFilesGiveASizeAsOneNumberAndNewOnesPutTheProcessorIntoASection() throws IOException {
    String old = "{\"feature_extractor_type\":\"%sFeatureExtractor\",\"size\":10,\"crop_size\":6}";
    Pixels picture = new Pixels(30, 20, new byte[3 * 30 * 20]);
    assertThat(processor(old.formatted("ViT")).prepare(picture).tiles().getFirst().width())
        .isEqualTo(10);
    assertThat(processor(old.formatted("CLIP")).prepare(picture).tiles().getFirst().width())
        .isEqualTo(6);
    Files.delete(folder.resolve("preprocessor_config.json"));
    Files.writeString(
        folder.resolve("processor_config.json"),
        "{\"image_processor\":{\"image_processor_type\":\"BlipImageProcessor\",\"size\":[7,8]}}");
    PixelValues values = ImageProcessor.read(folder).prepare(picture).tiles().getFirst();
    assertThat(values.height()).isEqualTo(7);
    assertThat(values.width()).isEqualTo(8);
    assertThat(values.values()[0]).isCloseTo(-0.48145466f / 0.26862954f, within(1e-5f));
  }

  @Test
  void aPictureOfAnAbsurdShapeIsRefusedBeforeMemoryIsTaken() throws IOException {
    ImageProcessor processor =
        processor("{\"image_processor_type\":\"CLIPImageProcessor\",\"size\":224}");
    assertThatThrownBy(() -> processor.prepare(new Pixels(1, 900_000, new byte[2_700_000])))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("900000");
  }

  @Test
  void theColoursOfADecodedPictureComeInTheirOrder() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x0A64C8);
    byte[] rgb = Pixels.of(image).rgb();
    assertThat(rgb).hasSize(18);
    assertThat(new byte[] {rgb[15], rgb[16], rgb[17]}).containsExactly(10, 100, 200);
  }

  @Test
  void resizingAPictureOfOneColourGivesThatColourWithEveryFilter() {
    Random random = new Random(5);
    byte[] rgb = new byte[3 * 13 * 29];
    Arrays.fill(rgb, (byte) 200);
    for (Filter filter : Filter.values()) {
      Pixels made =
          Resizer.resize(
              new Pixels(13, 29, rgb), 1 + random.nextInt(40), 1 + random.nextInt(40), filter);
      assertThat(made.rgb()).as(filter.name()).containsOnly((byte) 200);
    }
  }
}
