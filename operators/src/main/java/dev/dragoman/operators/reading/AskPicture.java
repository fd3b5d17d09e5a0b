package dev.dragoman.operators.reading;

import dev.dragoman.models.DescribeOptions;
import dev.dragoman.models.PictureDescriber;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks questions about pictures. */
public final class AskPicture implements Operator {
  /** How {@link AskPicture} is set up. */
  @OperatorInfo(
      name = "AskPicture",
      version = "1",
      summary = "Asks questions about pictures.",
      details =
          "Labels each picture with the answer to each question: the kind of the label is the name"
              + " of the question, its confidence the geometric mean of the probabilities of its"
              + " words. Which pictures are looked at, and what happens where the model is not"
              + " installed, is as with Caption.")
  public record Config(
      @Param(
              value =
                  "the model: a catalog name, or the path of a folder with BLIP for questions or"
                      + " SmolVLM",
              fallback = "\"smolvlm-256m-instruct\"")
          String model,
      @Param(
              value = "the questions by the names that their answers are to have",
              fallback = "{\"about\": \"What is in this picture?\"}")
          Map<String, String> questions,
      @Param(
              value =
                  "skip: keep documents with pictures and record how to get the model; fail: do not"
                      + " start without it",
              fallback = "\"fail\"")
          Transcribe.OnMissingModel onMissingModel,
      @Param(value = "tokens of an answer at most; 0 for the model's own", fallback = "0")
          int maxTokens)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      questions = Collections.unmodifiableMap(new LinkedHashMap<>(questions));
      if (model.isBlank()) {
        throw new ConfigException("model", "AskPicture.model must be a name or a path");
      }
      if (questions.isEmpty() || questions.values().stream().anyMatch(String::isBlank)) {
        throw new ConfigException("questions", "AskPicture.questions must hold questions");
      }
      if (maxTokens < 0) {
        throw new ConfigException("max_tokens", "AskPicture.max_tokens must not be negative");
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
      return new AskPicture(
          this, new PictureStep(context, new Findings(info(), model), onMissingModel));
    }
  }

  private final Config config;
  private final PictureStep step;

  private AskPicture(Config config, PictureStep step) {
    this.config = config;
    this.step = step;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().map(document -> step.apply(document, this::answers)).toList();
  }

  private List<Annotation> answers(PictureDescriber model, List<PictureStep.Seen> pictures) {
    DescribeOptions how = DescribeOptions.defaults().withMaxTokens(config.maxTokens());
    List<Annotation> labels = new ArrayList<>();
    config
        .questions()
        .forEach((name, text) -> {
          List<PictureDescriber.Question> asked =
              pictures.stream()
                  .map(seen -> new PictureDescriber.Question(seen.pixels(), text))
                  .toList();
          labels.addAll(step.labels(pictures, model.answer(asked, how), name));
        });
    return labels;
  }

  @Override
  public void close() {
    step.close();
  }
}
