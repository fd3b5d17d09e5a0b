package dev.dragoman.models;

import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import dev.dragoman.models.tokenizer.PipelineTokenizer;
import dev.dragoman.models.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Opens models: the one place where files, architectures and kernels meet. */
final class Models {
  private Models() {}

  static TextEmbedder openEmbedder(Path folder, EmbedOptions options) {
    Kernels kernels = kernels();
    PipelineTokenizer tokenizer = TokenizerJson.open(folderOf(folder));
    Weights weights = Weights.open(folder);
    try {
      Encoder encoder = Architectures.encoder(ModelConfig.read(folder), weights, kernels);
      if (tokenizer.vocabularySize() > encoder.vocabulary()) {
        throw new ModelException(
            "%s: tokenizer.json has ids up to %d, but the model only knows %d"
                .formatted(folder, tokenizer.vocabularySize() - 1, encoder.vocabulary()));
      }
      SentenceSettings settings = SentenceSettings.read(folder, tokenizer.lowercases());
      return new PooledEmbedder(tokenizer, encoder, kernels, weights, settings, options);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  static TokenEncoder openEncoder(Path folder) {
    Kernels kernels = kernels();
    Weights weights = Weights.open(folderOf(folder));
    try {
      return new PlainEncoder(
          Architectures.encoder(ModelConfig.read(folder), weights, kernels), weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
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
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".gguf"));
    } catch (IOException e) {
      throw new ModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  static LanguageModel openLanguageModel(Path path) {
    Kernels kernels = kernels();
    Weights weights = Weights.open(path);
    try {
      return new PlainLanguageModel(Architectures.decoder(path, weights, kernels), weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
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
    String wanted = System.getProperty("dragoman.kernels", "vector");
    return switch (wanted) {
      case "vector" -> {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
          throw new ModelException(
              "the vector module is not there; start Java with --add-modules jdk.incubator.vector"
                  + " (or, some hundred times slower, with -Ddragoman.kernels=scalar)");
        }
        yield new VectorKernels();
      }
      case "scalar" -> new ScalarKernels();
      default ->
          throw new ModelException(
              "dragoman.kernels is \"" + wanted + "\"; there is vector and scalar");
    };
  }
}
