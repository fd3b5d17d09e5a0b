package dev.dragoman.models;

import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.EncoderTask;
import dev.dragoman.models.architecture.Head;
import dev.dragoman.models.architecture.Labels;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.PackedE5;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import dev.dragoman.models.tokenizer.PackedTokenizer;
import dev.dragoman.models.tokenizer.PipelineTokenizer;
import dev.dragoman.models.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Opens models: the one place where files, architectures and kernels meet. */
final class Models {
  /** At most about how much larger packed weights are than in the file. */
  private static final double PACKED_GROWTH = 1.8;

  private Models() {}

  static TextEmbedder openEmbedder(Path folder, EmbedOptions options) {
    return open(
        SentenceSettings.transformer(folder),
        options.weights(),
        options.threads(),
        parts -> {
          SentenceSettings settings =
              parts.weights.packedE5().isPresent()
                  ? SentenceSettings.packedE5()
                  : SentenceSettings.read(folder, parts.tokenizer.lowercases(), parts.kernels);
          int limit =
              options.maxTokens() > 0
                  ? options.maxTokens()
                  : settings.maxTokens().orElse(parts.encoder.positions());
          return new PooledEmbedder(
              parts.tokenizer,
              Math.min(limit, parts.encoder.positions()),
              parts.encoder.width(),
              parts.kernels,
              parts.runner(options.batchTokens(), options.threads()),
              settings,
              options);
        });
  }

  static TextClassifier openTextClassifier(Path folder, ClassifyOptions options) {
    return open(
        folder,
        WeightType.F32,
        options.threads(),
        parts -> new EncoderTextClassifier(parts.headed(EncoderTask.SEQUENCE, options)));
  }

  static TokenClassifier openTokenClassifier(Path folder, ClassifyOptions options) {
    return open(
        folder,
        WeightType.F32,
        options.threads(),
        parts -> new EncoderTokenClassifier(parts.headed(EncoderTask.TOKENS, options)));
  }

  static boolean isEncoderFor(EncoderTask task, Path folder) {
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      return false;
    }
    ModelConfig config = ModelConfig.read(folder);
    return Architectures.isEncoder(config) && Architectures.task(config) == task;
  }

  /** What is in the folder of an encoder. */
  private record Parts(
      Path folder,
      ModelConfig config,
      PipelineTokenizer tokenizer,
      Weights weights,
      Encoder encoder,
      ParallelKernels kernels) {
    RaggedRunner runner(int batchTokens, int threads) {
      return new RaggedRunner(encoder, weights, kernels, batchTokens, threads);
    }

    HeadedEncoder headed(EncoderTask task, ClassifyOptions options) {
      Head head =
          Architectures.head(config, weights, kernels)
              .filter(known -> known.task() == task)
              .orElseThrow(() ->
                  config.wrong(
                      "architectures",
                      task == EncoderTask.SEQUENCE
                          ? "a class for sequence classification"
                          : "a class for token classification"));
      OptionalInt own = SentenceSettings.tokenizerLimit(folder);
      int limit = options.maxTokens() > 0 ? options.maxTokens() : own.orElse(encoder.positions());
      return new HeadedEncoder(
          tokenizer,
          Math.min(limit, encoder.positions()),
          head,
          Labels.read(config),
          runner(options.batchTokens(), options.threads()));
    }
  }

  private static <T> T open(Path folder, WeightType type, int threads, Function<Parts, T> use) {
    return open(
        existing(folder),
        threads,
        (weights, kernels) -> {
          Optional<PackedE5> packed = weights.packedE5();
          ModelConfig config =
              packed.isPresent() ? packed.get().config() : ModelConfig.read(folderOf(folder));
          PipelineTokenizer tokenizer =
              packed.isPresent()
                  ? PackedTokenizer.of(packed.get().vocabulary())
                  : TokenizerJson.open(folder);
          Encoder encoder = Architectures.encoder(config, weights, kernels, type);
          if (tokenizer.vocabularySize() > encoder.vocabulary()) {
            throw new ModelException(
                "%s: tokenizer.json has ids up to %d, but the model only knows %d"
                    .formatted(folder, tokenizer.vocabularySize() - 1, encoder.vocabulary()));
          }
          return use.apply(new Parts(folder, config, tokenizer, weights, encoder, kernels));
        });
  }

  /**
   * Makes something of weights; if that fails they are closed.
   *
   * @param path of the weights, a file or a folder
   */
  static <T> T open(Path path, Function<Weights, T> use) {
    Weights weights = Weights.open(path);
    try {
      return use.apply(weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** Makes something of weights and kernels; if that fails both are closed. */
  static <T> T open(Path path, int threads, BiFunction<Weights, ParallelKernels, T> use) {
    return open(path, weights -> open(weights, new ParallelKernels(kernels(), threads), use));
  }

  private static <T> T open(
      Weights weights, ParallelKernels kernels, BiFunction<Weights, ParallelKernels, T> use) {
    try {
      return use.apply(weights, kernels);
    } catch (RuntimeException e) {
      kernels.close();
      throw e;
    }
  }

  /** Whether a folder says that it holds a model that reads one text and writes another. */
  static boolean isSequence(Path folder) {
    return ConvertedFolder.isOne(folder)
        || Files.isRegularFile(folder.resolve("config.json"))
            && Architectures.isEncoderDecoder(ModelConfig.read(folder));
  }

  static TokenEncoder openEncoder(Path folder) {
    Kernels kernels = kernels();
    return open(
        existing(folder),
        weights -> {
          Optional<PackedE5> packed = weights.packedE5();
          ModelConfig config =
              packed.isPresent() ? packed.get().config() : ModelConfig.read(folderOf(folder));
          return new PlainEncoder(
              Architectures.encoder(config, weights, kernels),
              Architectures.head(config, weights, kernels),
              weights);
        });
  }

  static boolean isLanguageModel(Path path) {
    if (!Files.isDirectory(path)) {
      return String.valueOf(path.getFileName()).endsWith(".gguf");
    }
    return Files.isRegularFile(path.resolve("config.json"))
        ? Architectures.isDecoder(ModelConfig.read(path))
        : hasGguf(path);
  }

  private static boolean hasGguf(Path folder) {
    return !languageModelFile(folder).equals(folder);
  }

  /** The one GGUF file in a folder without {@code config.json}; else the path itself. */
  static Path languageModelFile(Path path) {
    if (!Files.isDirectory(path) || Files.isRegularFile(path.resolve("config.json"))) {
      return path;
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".gguf")).toList();
      return found.size() == 1 ? found.getFirst() : path;
    } catch (IOException e) {
      throw new ModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  static LanguageModel openLanguageModel(Path path, LanguageModelOptions options) {
    return open(
        path,
        weights ->
            open(
                weights,
                new ParallelKernels(kernels(keepsMapped(weights)), options.threads()),
                (_, kernels) ->
                    new PlainLanguageModel(
                        Architectures.decoder(path, weights, kernels), weights, kernels)));
  }

  private static Path existing(Path path) {
    return Files.isRegularFile(path) ? path : folderOf(path);
  }

  private static Path folderOf(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ModelException(
          folder
              + " is no folder; a model is a folder with config.json, tokenizer.json and weights");
    }
    return folder;
  }

  /**
   * The kernels that system property {@code dragoman.kernels} names: {@code vector}, the default,
   * or {@code scalar}.
   */
  static Kernels kernels() {
    return kernels(false);
  }

  /**
   * What system property {@code dragoman.weights} says of weights of few bits: {@code packed} into
   * memory in the order in which they are read fastest, or {@code mapped}, slower but without
   * memory of their own. If it says nothing they are packed where they take less than half of the
   * largest heap.
   */
  private static boolean keepsMapped(Weights weights) {
    String wanted = System.getProperty("dragoman.weights", "");
    return switch (wanted) {
      case "packed" -> false;
      case "mapped" -> true;
      case "" -> weights.blockBytes() * PACKED_GROWTH > Runtime.getRuntime().maxMemory() / 2;
      default ->
          throw new ModelException(
              "dragoman.weights is \"" + wanted + "\"; there is packed and mapped");
    };
  }

  private static Kernels kernels(boolean keepMapped) {
    String wanted = System.getProperty("dragoman.kernels", "vector");
    return switch (wanted) {
      case "vector" -> {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
          throw new ModelException(
              "the vector module is not there; start Java with --add-modules jdk.incubator.vector"
                  + " (or, some hundred times slower, with -Ddragoman.kernels=scalar)");
        }
        yield new VectorKernels(keepMapped);
      }
      case "scalar" -> new ScalarKernels();
      default ->
          throw new ModelException(
              "dragoman.kernels is \"" + wanted + "\"; there is vector and scalar");
    };
  }
}
