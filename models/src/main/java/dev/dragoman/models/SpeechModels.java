package dev.dragoman.models;

import dev.dragoman.models.architecture.Whisper;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.speech.Hearer;
import dev.dragoman.models.tokenizer.TokenizerFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens speech models by what is in their folders. */
final class SpeechModels {
  private static final String SPECIFICATION = "WhisperSpec";

  private SpeechModels() {}

  static boolean isOne(Path folder) {
    Path converted = folder.resolve("model.bin");
    if (Files.isRegularFile(converted)) {
      return CTranslate2.specification(converted).filter(SPECIFICATION::equals).isPresent();
    }
    return Files.isRegularFile(folder.resolve("config.json"))
        && Whisper.isOne(ModelConfig.read(folder));
  }

  static SpeechRecognizer open(Path folder, int threads) {
    return with(
        folder,
        threads,
        (model, weights, kernels) ->
            new WhisperRecognizer(
                model, new Hearer(model, TokenizerFiles.open(folder), folder), weights, kernels));
  }

  static SpeechModel openModel(Path folder) {
    return with(
        folder, 1, (model, weights, kernels) -> new PlainSpeechModel(model, weights, kernels));
  }

  private interface Use<T> {
    T of(Whisper model, Weights weights, ParallelKernels kernels);
  }

  private static <T> T with(Path folder, int threads, Use<T> use) {
    if (!isOne(folder)) {
      throw new ModelException(
          folder
              + ": there is no speech model that is known here; a Whisper model's folder has"
              + " config.json with model_type whisper and *.safetensors, or model.bin of"
              + " CTranslate2");
    }
    Path converted = folder.resolve("model.bin");
    return Models.open(
        Files.isRegularFile(converted) ? converted : folder,
        threads,
        (weights, kernels) -> use.of(Whisper.open(folder, weights, kernels), weights, kernels));
  }
}
