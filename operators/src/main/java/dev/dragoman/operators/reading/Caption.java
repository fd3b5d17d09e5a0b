package dev.dragoman.operators.reading;

import dev.dragoman.models.DescribeOptions;
import dev.dragoman.models.Description;
import dev.dragoman.models.PictureDescriber;
import dev.dragoman.models.vision.Pixels;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import java.util.List;

/** Says in words what is in pictures. */
public final class Caption implements Operator {
  /** How {@link Caption} is set up. */
  @OperatorInfo(
      name = "Caption",
      version = "1",
      summary = "Says in words what is in pictures.",
      details =
          "Labels each picture with a `caption`, the model that wrote it and its confidence: the"
              + " geometric mean of the probabilities of its words. Pages of PDFs are not looked at;"
              + " of a picture with several frames, the first is. A picture that cannot be decoded is"
              + " labelled `failed`. Documents without pictures pass untouched. Where the model is not"
              + " installed the job does not start, or with on_missing_model: skip documents with"
              + " pictures are kept, labelled `skipped` with what to do, and the step counts as"
              + " skipped for them in run.json. No caption is ever made up.")
  public record Config(
      @Param(
              value =
                  "the model: a catalog name, or the path of a folder with ViT and GPT-2, BLIP or"
                      + " SmolVLM",
              fallback = "\"vit-gpt2-captioning\"")
          String model,
      @Param(
              value =
                  "skip: keep documents with pictures and record how to get the model; fail: do not"
                      + " start without it",
              fallback = "\"fail\"")
          Transcribe.OnMissingModel onMissingModel,
      @Param(
              value =
                  "how captions begin, or what the model is told to do; empty for the model's own",
              fallback = "\"\"")
          String prompt,
      @Param(value = "how many texts are followed at once; 0 for the model's own", fallback = "0")
          int beams,
      @Param(value = "tokens of a caption at most; 0 for the model's own", fallback = "0")
          int maxTokens)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (model.isBlank()) {
        throw new ConfigException("model", "Caption.model must be a name or a path");
      }
      if (beams < 0 || maxTokens < 0) {
        throw new ConfigException(
            "beams", "Caption.beams and Caption.max_tokens must not be negative");
      }
    }

    /** The configuration with every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    /** Its model, unless it can do without. */
    @Override
    public List<String> models() {
      return onMissingModel == Transcribe.OnMissingModel.FAIL ? List.of(model) : List.of();
    }

    @Override
    public void checkAfter(List<? extends OperatorConfig> before) {
      Needs.extractText(this, before);
    }

    @Override
    public Operator open(OperatorContext context) {
      return new Caption(
          this, new PictureStep(context, new Findings(info(), model), onMissingModel));
    }
  }

  private final Config config;
  private final PictureStep step;

  private Caption(Config config, PictureStep step) {
    this.config = config;
    this.step = step;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    DescribeOptions how = new DescribeOptions(config.beams(), config.maxTokens(), config.prompt());
    return batch.stream()
        .map(document -> step.apply(document, (model, pictures) -> captions(model, pictures, how)))
        .toList();
  }

  private List<Annotation> captions(
      PictureDescriber model, List<PictureStep.Seen> pictures, DescribeOptions how) {
    List<Pixels> pixels = pictures.stream().map(PictureStep.Seen::pixels).toList();
    List<Description> said = model.caption(pixels, how);
    return step.labels(pictures, said, "caption");
  }

  @Override
  public void close() {
    step.close();
  }
}
