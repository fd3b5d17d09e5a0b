package dev.dragoman.jobs;

import dev.dragoman.models.DescribeOptions;
import dev.dragoman.models.Description;
import dev.dragoman.models.PictureDescriber;
import dev.dragoman.models.vision.Pixels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Describes pictures. */
@Command(
    name = "caption",
    description = {
      "Print what is in each picture; a line is the path of one.",
      "With --question, print the answer to it instead."
    },
    footer = {
      "",
      "Examples:",
      "  ls photos/*.jpg | dragoman model caption --model vit-gpt2-captioning",
      "  dragoman model caption --model blip-vqa/ --image cat.jpg --question 'how many cats?'"
    })
final class CaptionCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();
  @Mixin private PictureInput pictures = new PictureInput();

  @Option(
      names = "--question",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Ask this about every picture.")
  private String question = "";

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "How captions begin, or what the model is told to do.")
  private String prompt = "";

  @Option(
      names = "--num-beams",
      paramLabel = "N",
      defaultValue = "0",
      description = "Follow so many texts at once (default as the model's files say).")
  private int beams;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = "Stop after so many tokens (default as the model's files say).")
  private int maxTokens;

  record Line(String text, double score) {}

  @Override
  public Integer call() throws IOException {
    if (beams < 0 || maxTokens < 0) {
      throw new UserException("--num-beams and --max-tokens must be at least 1");
    }
    DescribeOptions how = new DescribeOptions(beams, maxTokens, prompt);
    Path folder = options.folder(common);
    try (PictureDescriber model =
        PictureDescriber.open(folder, Runtime.getRuntime().availableProcessors())) {
      pictures.read(options, batch -> print(model, batch, how));
    }
    return ExitCode.DONE;
  }

  private void print(PictureDescriber model, List<Pixels> batch, DescribeOptions how) {
    List<Description> made =
        question.isEmpty()
            ? model.caption(batch, how)
            : model.answer(
                batch.stream().map(one -> new PictureDescriber.Question(one, question)).toList(),
                how);
    made.forEach(one -> CommonOptions.printJson(System.out, new Line(one.text(), one.score())));
  }
}
