package dev.dragoman.models;

import dev.dragoman.models.catalog.Digests;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.Gguf;
import dev.dragoman.models.format.Marian;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a model's files say of it.
 *
 * @param format of the weights
 * @param architecture as the files name it; empty if they do not
 * @param licence as a model card or the weights name it; empty if they do not
 * @param numbers how many numbers the weights have
 * @param types how many of them are stored in which way: {@code I8 scaled} stands for whole numbers
 *     of 8 bits with a factor, others are names of {@link dev.dragoman.models.format.DType}
 * @param settings what the weights' own file says besides, such as sizes and numbers of heads
 */
public record ModelFacts(
    String format,
    String architecture,
    String licence,
    long numbers,
    Map<String, Long> types,
    Map<String, String> settings,
    List<Shape> tensors,
    List<File> files) {
  private static final Pattern LICENCE =
      Pattern.compile("(?m)^license(?:_name)?:\\s*[\"']?([^\\s\"']+)");
  private static final int MOST_CARD = 1 << 20;

  /** A tensor's name, type and dimensions, outermost first. */
  public record Shape(String name, String type, List<Long> dimensions) {}

  /** A file and the SHA-256 of its bytes. */
  public record File(String path, long bytes, String sha256) {}

  /**
   * Reads a folder, or a file with weights.
   *
   * @throws ModelException if there are no weights that are known here, or they are damaged
   */
  public static ModelFacts of(Path model) {
    try (Weights weights = Weights.open(file(model))) {
      Map<String, Long> types = new TreeMap<>();
      List<Shape> tensors =
          new TreeSet<>(weights.names()).stream().map(weights::any).map(ModelFacts::shape).toList();
      long numbers = 0;
      for (String name : weights.names()) {
        Tensor tensor = weights.any(name);
        numbers += tensor.size();
        types.merge(type(tensor), tensor.size(), Long::sum);
      }
      Says says = says(model, weights);
      String licence = card(model).or(() -> says.licence).orElse("");
      return new ModelFacts(
          says.format,
          says.architecture,
          licence,
          numbers,
          types,
          says.settings,
          tensors,
          files(model));
    } catch (IOException e) {
      throw new ModelException("cannot read " + model + ": " + e.getMessage(), e);
    }
  }

  private static Path file(Path model) {
    return Files.isDirectory(model) && MarianFolder.isOne(model)
        ? MarianFolder.of(model).model()
        : Models.languageModelFile(model);
  }

  private static Shape shape(Tensor tensor) {
    return new Shape(tensor.name(), type(tensor), Arrays.stream(tensor.shape()).boxed().toList());
  }

  private static String type(Tensor tensor) {
    return tensor.factors().length == 0 ? tensor.type().name() : tensor.type().name() + " scaled";
  }

  private record Says(
      String format, String architecture, Optional<String> licence, Map<String, String> settings) {}

  private static Says says(Path model, Weights weights) {
    if (weights.gguf().isPresent()) {
      Gguf gguf = weights.gguf().get();
      String licence = gguf.metadata().text("general.license", "");
      return new Says(
          "GGUF " + gguf.version(),
          gguf.metadata().text("general.architecture", ""),
          Optional.of(licence).filter(text -> !text.isEmpty()),
          Map.of());
    }
    if (weights.ctranslate2().isPresent()) {
      CTranslate2 file = weights.ctranslate2().get();
      Map<String, String> settings = new LinkedHashMap<>();
      file.settings().forEach((name, value) -> settings.put(name, plain(value)));
      return new Says(
          "CTranslate2 " + file.version(),
          "%s, revision %d".formatted(file.specification(), file.revision()),
          Optional.empty(),
          settings);
    }
    if (weights.marian().isPresent()) {
      return says(weights.marian().get());
    }
    if (weights.packedE5().isPresent()) {
      return new Says("packed E5", "bert", Optional.empty(), Map.of());
    }
    return new Says(weights.plain().orElseThrow(), architecture(model), Optional.empty(), Map.of());
  }

  private static Says says(Marian file) {
    MarianSettings settings = file.settings();
    Map<String, String> all = new LinkedHashMap<>();
    settings.keys().forEach(key -> all.put(key, String.join(", ", settings.texts(key))));
    String kind = settings.text("type", "");
    return new Says(
        "Marian",
        settings.text("transformer-decoder-autoreg", "").equals("rnn")
            ? "%s, decoder of %s cells".formatted(kind, settings.text("dec-cell", "?"))
            : kind,
        Optional.empty(),
        all);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static String architecture(Path model) {
    if (!Files.isRegularFile(model.resolve("config.json"))) {
      return "";
    }
    ModelConfig config = ModelConfig.read(model);
    List<String> named = config.texts("architectures");
    return named.isEmpty() ? config.text("model_type", "") : String.join(", ", named);
  }

  /** The licence that the model card at the head of README.md names. */
  private static Optional<String> card(Path model) throws IOException {
    Path card = model.resolve("README.md");
    if (!Files.isRegularFile(card) || Files.size(card) > MOST_CARD) {
      return Optional.empty();
    }
    Matcher found = LICENCE.matcher(new String(Files.readAllBytes(card), StandardCharsets.UTF_8));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static List<File> files(Path given) throws IOException {
    Path model = given.toAbsolutePath();
    Path root = Files.isDirectory(model) ? model : model.getParent();
    try (Stream<Path> found = Files.isDirectory(model) ? Files.walk(model, 3) : Stream.of(model)) {
      List<File> files = new ArrayList<>();
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        files.add(
            new File(
                String.valueOf(root == null ? file : root.relativize(file)),
                Files.size(file),
                Digests.of(file)));
      }
      return files;
    }
  }
}
