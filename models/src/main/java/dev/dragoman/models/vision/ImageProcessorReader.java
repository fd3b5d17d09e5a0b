package dev.dragoman.models.vision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads how a model wants its pictures, as strictly as a {@code config.json}. */
final class ImageProcessorReader {
  private static final String OWN = "preprocessor_config.json";
  private static final String SHARED = "processor_config.json";
  private static final String SECTION = "image_processor";
  private static final int MOST = 16_384;
  private static final float[] HALF = {0.5f, 0.5f, 0.5f};
  private static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
  private static final float[] CLIP_STD = {0.26862954f, 0.26130258f, 0.27577711f};

  /**
   * What holds where the file says nothing.
   *
   * @param square whether one number for a size means both edges
   */
  private record Defaults(
      TargetSize size, boolean square, Filter filter, int crop, float[] mean, float[] std) {}

  private final ModelConfig file;

  private ImageProcessorReader(ModelConfig file) {
    this.file = file;
  }

  static ImageProcessor read(Path folder) {
    return new ImageProcessorReader(config(folder)).read();
  }

  private static ModelConfig config(Path folder) {
    Path own = folder.resolve(OWN);
    if (Files.isRegularFile(own)) {
      return ModelConfig.readFile(own);
    }
    Path shared = folder.resolve(SHARED);
    if (Files.isRegularFile(shared)) {
      JsonNode section = JsonFile.read(shared).path(SECTION);
      if (section.isObject()) {
        return ModelConfig.of(shared, section);
      }
    }
    throw new ModelException(own + " is missing: it says how large pictures must be for the model");
  }

  private ImageProcessor read() {
    String key =
        file.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
    String type = file.text(key);
    file.ignore("image_processor_type", "feature_extractor_type");
    String family = type.replaceFirst("(ImageProcessor|FeatureExtractor)(Fast|Pil)?$", "");
    boolean tiled = family.equals("Idefics3") || family.equals("SmolVLM");
    Defaults defaults =
        switch (family) {
          case "ViT" ->
              new Defaults(new TargetSize.Exact(224, 224), true, Filter.BILINEAR, 0, HALF, HALF);
          case "DeiT" ->
              new Defaults(new TargetSize.Exact(256, 256), true, Filter.BICUBIC, 224, HALF, HALF);
          case "CLIP" ->
              new Defaults(
                  new TargetSize.ShortestEdge(224),
                  false,
                  Filter.BICUBIC,
                  224,
                  CLIP_MEAN,
                  CLIP_STD);
          case "Blip" ->
              new Defaults(
                  new TargetSize.Exact(384, 384), true, Filter.BICUBIC, 0, CLIP_MEAN, CLIP_STD);
          case "Siglip" ->
              new Defaults(new TargetSize.Exact(224, 224), false, Filter.BICUBIC, 0, HALF, HALF);
          case "Idefics3", "SmolVLM" ->
              new Defaults(
                  new TargetSize.LongestEdge(4 * 364), true, Filter.LANCZOS, 0, HALF, HALF);
          default ->
              throw file.wrong(
                  key, "an image processor of ViT, DeiT, CLIP, Blip, Siglip, Idefics3 or SmolVLM");
        };
    ImageProcessor made = processor(defaults, tiled);
    file.refuseOthers();
    return made;
  }

  private ImageProcessor processor(Defaults defaults, boolean tiled) {
    file.ignore(
        "processor_class",
        // A picture has red, green and blue before it comes here.
        "do_convert_rgb",
        "data_format",
        "input_data_format",
        "return_tensors",
        "device",
        "disable_grouping",
        "default_to_square",
        "_valid_processor_keys",
        "video_sampling",
        "size_divisor");
    boolean square = file.flag("default_to_square", defaults.square);
    TargetSize size = size("size", square, tiled).orElse(defaults.size);
    Filter filter = filter(defaults.filter);
    Optional<ImageProcessor.Tiling> tiling = Optional.empty();
    Optional<TargetSize.Exact> crop = Optional.empty();
    if (tiled) {
      file.ignore("do_pad", "return_row_col_info", "pad_size");
      int edge =
          file.has("max_image_size")
              ? most("max_image_size.longest_edge", file.section("max_image_size"), "longest_edge")
              : 364;
      tiling = Optional.of(new ImageProcessor.Tiling(edge, file.flag("do_image_splitting", true)));
      file.off("do_center_crop");
    } else {
      crop = crop(defaults.crop);
      file.off("do_pad");
      file.ignore("pad_size");
    }
    file.ignore("crop_size");
    return new ImageProcessor(
        file.flag("do_resize", true) ? Optional.of(size) : Optional.empty(),
        filter,
        crop,
        tiling,
        levels(defaults));
  }

  private Optional<TargetSize.Exact> crop(int absent) {
    if (!file.flag("do_center_crop", absent > 0)) {
      return Optional.empty();
    }
    TargetSize size =
        size("crop_size", true, false).orElseGet(() -> new TargetSize.Exact(absent, absent));
    if (size instanceof TargetSize.Exact exact && exact.width() > 0) {
      return Optional.of(exact);
    }
    throw file.wrong("crop_size", "an object with height and width");
  }

  /** A size in any of the ways in which it was ever written. */
  private Optional<TargetSize> size(String key, boolean square, boolean tiled) {
    if (!file.has(key)) {
      return Optional.empty();
    }
    if (file.isNumber(key)) {
      int edge = most(key, file, key);
      return Optional.of(
          square ? new TargetSize.Exact(edge, edge) : new TargetSize.ShortestEdge(edge));
    }
    if (file.isList(key)) {
      float[] edges = file.floats(key);
      if (edges.length != 2) {
        throw file.wrong(key, "height and width");
      }
      return Optional.of(new TargetSize.Exact(edge(key, edges[1]), edge(key, edges[0])));
    }
    ModelConfig section = file.section(key);
    List<String> keys = section.keys().stream().filter(section::has).sorted().toList();
    return Optional.of(
        switch (keys) {
          case List<String> k when k.equals(List.of("height", "width")) ->
              new TargetSize.Exact(most(key, section, "width"), most(key, section, "height"));
          case List<String> k when k.equals(List.of("shortest_edge")) && !tiled ->
              new TargetSize.ShortestEdge(most(key, section, "shortest_edge"));
          case List<String> k when k.equals(List.of("longest_edge", "shortest_edge")) && !tiled ->
              new TargetSize.Edges(
                  most(key, section, "shortest_edge"), most(key, section, "longest_edge"));
          case List<String> k when k.equals(List.of("max_height", "max_width")) && !tiled ->
              new TargetSize.Within(
                  most(key, section, "max_width"), most(key, section, "max_height"));
          case List<String> k when k.equals(List.of("longest_edge")) && tiled ->
              new TargetSize.LongestEdge(most(key, section, "longest_edge"));
          default ->
              throw file.wrong(
                  key,
                  tiled
                      ? "an object with longest_edge, or with height and width"
                      : "an object with height and width, or shortest_edge, or shortest_edge and"
                          + " longest_edge, or max_height and max_width");
        });
  }

  private static int most(String name, ModelConfig section, String key) {
    int value = section.positive(key);
    if (value > MOST) {
      throw section.wrong(key, "at most " + MOST + " pixels for " + name);
    }
    return value;
  }

  private int edge(String key, float value) {
    if (value < 1 || value > MOST || value != Math.rint(value)) {
      throw file.wrong(key, "a whole number from 1 to " + MOST);
    }
    return (int) value;
  }

  private Filter filter(Filter absent) {
    int number = file.whole("resample", absent.ordinal());
    if (number >= Filter.values().length) {
      throw file.wrong(
          "resample", "0 nearest, 1 Lanczos, 2 bilinear, 3 bicubic, 4 box or 5 Hamming");
    }
    return Filter.values()[number];
  }

  private float[][] levels(Defaults defaults) {
    boolean rescale = file.flag("do_rescale", true);
    double factor = file.number("rescale_factor", 1 / 255.0);
    boolean normalize = file.flag("do_normalize", true);
    float[] mean = three("image_mean", defaults.mean);
    float[] std = three("image_std", defaults.std);
    float[][] levels = new float[3][256];
    for (int channel = 0; channel < 3; channel++) {
      if (normalize && !(std[channel] > 0)) {
        throw file.wrong("image_std", "numbers above 0");
      }
      for (int level = 0; level < 256; level++) {
        float value = rescale ? (float) (level * factor) : level;
        levels[channel][level] = normalize ? (value - mean[channel]) / std[channel] : value;
      }
    }
    return levels;
  }

  private float[] three(String key, float[] absent) {
    if (!file.has(key)) {
      return absent;
    }
    if (file.isNumber(key)) {
      float value = (float) file.number(key, 0);
      return new float[] {value, value, value};
    }
    float[] values = file.floats(key);
    if (values.length != 3) {
      throw file.wrong(key, "three numbers");
    }
    return values;
  }
}
