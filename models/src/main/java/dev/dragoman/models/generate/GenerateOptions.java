package dev.dragoman.models.generate;

import dev.dragoman.models.generate.constrain.Constraint;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a text is generated. Filters apply in the order in which transformers applies them:
 * repetition penalty, temperature, {@code top_k}, {@code top_p}, {@code min_p}.
 *
 * @param maxTokens how many tokens to generate at most
 * @param temperature 0 takes the most probable token each time; above, differences in score are
 *     divided by it before a token is drawn
 * @param topK only so many of the most probable tokens are drawn from; 0 for all
 * @param topP only the most probable tokens that together have this probability; 1 for all
 * @param minP only tokens with at least this fraction of the most probable one's probability; 0 for
 *     all
 * @param repetitionPenalty what positive scores of tokens that are there already, in the prompt
 *     too, are divided by, and negative ones multiplied; 1 for none
 * @param stop the text ends before the first of these that comes up
 * @param seed of the draws: the same seed gives the same text, whatever else runs
 * @param logProbabilities for how many of the most probable tokens the logarithm of the model's own
 *     probability, before all filters, is told with each token; -1 not even for the token itself
 * @param constraint what the text must be
 * @param drafts how many tokens at most to draft from what stands in the text already and have
 *     checked in one go; the text is the same with any number, only faster where it repeats itself
 * @param stopAtEnd whether the model's own end token ends the text
 * @param adapter the name of the LoRA adapter that is added to the model for this text
 */
public record GenerateOptions(
    int maxTokens,
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    List<String> stop,
    long seed,
    int logProbabilities,
    Optional<Constraint> constraint,
    int drafts,
    boolean stopAtEnd,
    Optional<String> adapter) {
  /** Checks the numbers. */
  public GenerateOptions {
    require(maxTokens >= 1, "maxTokens must be at least 1, not " + maxTokens);
    require(
        temperature >= 0 && temperature <= 1e6,
        "temperature must be 0 or more, not " + temperature);
    require(topK >= 0, "topK must be 0 or more, not " + topK);
    require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1, not " + topP);
    require(minP >= 0 && minP < 1, "minP must be at least 0 and below 1, not " + minP);
    require(
        repetitionPenalty > 0 && repetitionPenalty <= 1e6,
        "repetitionPenalty must be above 0, not " + repetitionPenalty);
    require(
        logProbabilities >= -1 && logProbabilities <= 1000,
        "logProbabilities must be from -1 to 1000, not " + logProbabilities);
    require(drafts >= 0 && drafts <= 64, "drafts must be from 0 to 64, not " + drafts);
    stop = List.copyOf(stop);
    require(stop.stream().noneMatch(String::isEmpty), "a stop string must not be empty");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** The most probable token each time, up to 256 of them. */
  public static GenerateOptions greedy() {
    return new Builder().build();
  }

  /** These options with some changes: {@code options.with(o -> o.maxTokens(20).seed(7))}. */
  public GenerateOptions with(UnaryOperator<Builder> changes) {
    Builder builder = new Builder();
    builder.maxTokens = maxTokens;
    builder.temperature = temperature;
    builder.topK = topK;
    builder.topP = topP;
    builder.minP = minP;
    builder.repetitionPenalty = repetitionPenalty;
    builder.stop = stop;
    builder.seed = seed;
    builder.logProbabilities = logProbabilities;
    builder.constraint = constraint;
    builder.drafts = drafts;
    builder.stopAtEnd = stopAtEnd;
    builder.adapter = adapter;
    return changes.apply(builder).build();
  }

  /** Options that are being put together; each means what the record's component means. */
  public static final class Builder {
    private int maxTokens = 256;
    private double temperature;
    private int topK;
    private double topP = 1;
    private double minP;
    private double repetitionPenalty = 1;
    private List<String> stop = List.of();
    private long seed;
    private int logProbabilities = -1;
    private Optional<Constraint> constraint = Optional.empty();
    private int drafts;
    private boolean stopAtEnd = true;
    private Optional<String> adapter = Optional.empty();

    private Builder() {}

    /** Sets {@code maxTokens}. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /** Sets {@code temperature}. */
    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    /** Sets {@code topK}. */
    public Builder topK(int value) {
      topK = value;
      return this;
    }

    /** Sets {@code topP}. */
    public Builder topP(double value) {
      topP = value;
      return this;
    }

    /** Sets {@code minP}. */
    public Builder minP(double value) {
      minP = value;
      return this;
    }

    /** Sets {@code repetitionPenalty}. */
    public Builder repetitionPenalty(double value) {
      repetitionPenalty = value;
      return this;
    }

    /** Sets {@code stop}. */
    public Builder stop(List<String> value) {
      stop = value;
      return this;
    }

    /** Sets {@code seed}. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Sets {@code logProbabilities}. */
    public Builder logProbabilities(int value) {
      logProbabilities = value;
      return this;
    }

    /** Sets {@code constraint}. */
    public Builder constraint(Constraint value) {
      constraint = Optional.of(value);
      return this;
    }

    /** Sets {@code drafts}. */
    public Builder drafts(int value) {
      drafts = value;
      return this;
    }

    /** Sets {@code stopAtEnd}. */
    public Builder stopAtEnd(boolean value) {
      stopAtEnd = value;
      return this;
    }

    /** Sets {@code adapter}. */
    public Builder adapter(String value) {
      adapter = Optional.of(value);
      return this;
    }

    private GenerateOptions build() {
      return new GenerateOptions(
          maxTokens,
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          stop,
          seed,
          logProbabilities,
          constraint,
          drafts,
          stopAtEnd,
          adapter);
    }
  }
}
