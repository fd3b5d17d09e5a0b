package dev.dragoman.jobs;

import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.PictureEmbedder;
import dev.dragoman.models.Pooling;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.WeightType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Embeds lines, or pictures. */
@Command(
    name = "embed",
    description = {
      "Print the embedding of each line.",
      "A model for pictures and texts (CLIP, SigLIP) also takes pictures, with --image or"
          + " --pictures; their embeddings lie in the same space as those of texts."
    },
    footer = {
      "",
      "Examples:",
      "  echo 'where is my parcel?' | dragoman model embed --model all-minilm-l6-v2",
      "  echo 'a photo of a cat' | dragoman model embed --model clip/",
      "  ls photos/*.jpg | dragoman model embed --model clip/ --pictures"
    })
final class EmbedCommand implements Callable<Integer> {
  /** Lines that a model for pictures and texts embeds together. */
  private static final int LINES = 64;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();
  @Mixin private PictureInput pictures = new PictureInput();

  @Option(names = "--pictures", description = "A line is the path of a picture, not a text.")
  private boolean linesArePictures;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Embed lines together up to so many tokens (default 4096).")
  private int batchTokens = 4096;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put this before every line, as some models want.")
  private String prefix = "";

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Put the model's own prompt of this name before every line, such as query.")
  private String prompt = "";

  @Option(
      names = "--pooling",
      paramLabel = "mean|cls|max|last",
      description = "How token vectors become one; as the model's files say if not given.")
  private @Nullable Pooling pooling;

  @Option(names = "--raw", description = "Do not scale to unit length.")
  private boolean raw;

  @Option(
      names = "--weights",
      paramLabel = "f32|int8",
      defaultValue = "f32",
      description =
          "How the weights are kept: int8 rounds them to 8 bits, for about a quarter of the"
              + " memory (default f32).")
  private WeightType weights = WeightType.F32;

  record Line(float[] embedding, int tokens) {}

  record PictureLine(float[] embedding) {}

  @Override
  public Integer call() throws IOException {
    if (batchTokens < 1) {
      throw new UserException("--batch-tokens must be at least 1, not " + batchTokens);
    }
    Path folder = options.folder(common);
    if (PictureEmbedder.isOne(folder)) {
      refuseFlagsOfTexts();
      try (PictureEmbedder model =
          PictureEmbedder.open(folder, Runtime.getRuntime().availableProcessors())) {
        embed(model);
      }
    } else if (linesArePictures || pictures.given()) {
      throw new UserException(
          options.model() + " does not embed pictures; models that do are CLIP and SigLIP");
    } else {
      embed(folder);
    }
    return ExitCode.DONE;
  }

  private void refuseFlagsOfTexts() {
    String flag =
        raw
            ? "--raw"
            : pooling != null
                ? "--pooling"
                : !prompt.isEmpty() ? "--prompt" : weights != WeightType.F32 ? "--weights" : "";
    if (!flag.isEmpty()) {
      throw new UserException(
          flag + " is for models that embed texts alone, and this one also embeds pictures");
    }
  }

  private void embed(PictureEmbedder model) throws IOException {
    if (linesArePictures || pictures.given()) {
      pictures.read(
          options,
          batch -> {
            for (float[] vector : model.embed(batch)) {
              CommonOptions.printJson(System.out, new PictureLine(vector));
            }
          });
      return;
    }
    try (BufferedReader lines = options.lines()) {
      List<String> batch = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        batch.add(prefix + line);
        if (batch.size() == LINES) {
          print(model, batch);
          batch.clear();
        }
      }
      print(model, batch);
    }
  }

  private static void print(PictureEmbedder model, List<String> batch) {
    float[][] vectors = model.embedTexts(batch);
    for (int i = 0; i < vectors.length; i++) {
      CommonOptions.printJson(System.out, new Line(vectors[i], model.tokens(batch.get(i))));
    }
  }

  private void embed(Path folder) throws IOException {
    EmbedOptions how =
        EmbedOptions.defaults()
            .withPrefix(prefix)
            .withUnitLength(!raw)
            .withBatchTokens(batchTokens)
            .withWeights(weights)
            .withThreads(Runtime.getRuntime().availableProcessors());
    if (!prompt.isEmpty()) {
      how = how.withPrompt(prompt);
    }
    if (pooling != null) {
      how = how.withPooling(pooling);
    }
    try (TextEmbedder model = TextEmbedder.open(folder, how);
        BufferedReader lines = options.lines()) {
      List<String> batch = new ArrayList<>();
      List<Integer> tokens = new ArrayList<>();
      long waiting = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int count =
            model.tokenizer().encodeForModel(model.prompt() + line, model.maxTokens()).size();
        batch.add(line);
        tokens.add(count);
        waiting += count;
        if (waiting >= batchTokens) {
          print(model, batch, tokens);
          waiting = 0;
        }
      }
      print(model, batch, tokens);
    }
  }

  private static void print(TextEmbedder model, List<String> batch, List<Integer> tokens) {
    if (batch.isEmpty()) {
      return;
    }
    float[][] vectors = model.embed(batch);
    for (int i = 0; i < vectors.length; i++) {
      CommonOptions.printJson(System.out, new Line(vectors[i], tokens.get(i)));
    }
    batch.clear();
    tokens.clear();
  }
}
