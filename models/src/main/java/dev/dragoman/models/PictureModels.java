package dev.dragoman.models;

import dev.dragoman.models.architecture.PictureModel;
import dev.dragoman.models.architecture.PictureReader;
import dev.dragoman.models.architecture.PictureWriter;
import dev.dragoman.models.architecture.TwoTowers;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.ParallelKernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Opens models that look at pictures by what is in their folders. */
final class PictureModels {
  private PictureModels() {}

  /** What was opened, to be closed by who uses it. */
  record Opened(
      Path folder,
      ModelConfig config,
      PictureModel model,
      Weights weights,
      ParallelKernels kernels,
      int threads) {}

  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("config.json"))
        && PictureModel.isOne(ModelConfig.read(folder));
  }

  static boolean isDescriber(Path folder) {
    return isOne(folder) && !PictureModel.isEmbedder(ModelConfig.read(folder));
  }

  static boolean isEmbedder(Path folder) {
    return isOne(folder) && PictureModel.isEmbedder(ModelConfig.read(folder));
  }

  static PictureDescriber openDescriber(Path folder, int threads) {
    return open(
        folder,
        threads,
        opened ->
            switch (opened.model()) {
              case PictureWriter writer -> WritingDescriber.open(opened, writer);
              case PictureReader reader -> ReadingDescriber.open(opened, reader);
              case TwoTowers _ ->
                  throw new ModelException(
                      folder + " compares pictures with texts, and writes nothing about them");
            });
  }

  static PictureEmbedder openEmbedder(Path folder, int threads) {
    return open(
        folder,
        threads,
        opened -> {
          if (opened.model() instanceof TwoTowers towers) {
            return TowerEmbedder.open(opened, towers);
          }
          throw new ModelException(
              folder + " writes about pictures, and does not compare them with texts");
        });
  }

  static <T> T open(Path folder, int threads, Function<Opened, T> use) {
    if (!isOne(folder)) {
      throw new ModelException(folder + ": there is no model for pictures that is known here");
    }
    return Models.open(
        folder,
        threads,
        (weights, kernels) -> {
          ModelConfig config = ModelConfig.read(folder);
          PictureModel model = PictureModel.open(config, weights, kernels);
          return use.apply(new Opened(folder, config, model, weights, kernels, threads));
        });
  }
}
