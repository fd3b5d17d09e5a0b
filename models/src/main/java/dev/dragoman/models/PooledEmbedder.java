package dev.dragoman.models;

import dev.dragoman.models.kernel.Kernels;
import java.util.List;
import java.util.Map;

/** An encoder whose token vectors are pooled into one a text. */
final class PooledEmbedder implements TextEmbedder {
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int width;
  private final Kernels kernels;
  private final RaggedRunner runner;
  private final List<Pooling> poolings;
  private final List<SentenceStep> steps;
  private final boolean unitLength;
  private final String prompt;
  private final Map<String, String> prompts;
  private final int dimensions;

  PooledEmbedder(
      Tokenizer tokenizer,
      int maxTokens,
      int width,
      Kernels kernels,
      RaggedRunner runner,
      SentenceSettings settings,
      EmbedOptions options) {
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.width = width;
    this.kernels = kernels;
    this.runner = runner;
    this.poolings = options.pooling().map(List::of).orElse(settings.poolings());
    this.steps = settings.steps();
    this.unitLength = options.unitLength();
    this.prompt = settings.prompt(options);
    this.prompts = Map.copyOf(settings.prompts());
    int length = poolings.size() * width;
    for (SentenceStep step : steps) {
      length = step.width(length);
    }
    this.dimensions = length;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public String prompt() {
    return prompt;
  }

  @Override
  public Map<String, String> prompts() {
    return prompts;
  }

  @Override
  public float[][] embed(List<String> texts) {
    List<String> all = List.copyOf(texts);
    RaggedRunner.Input[] inputs = new RaggedRunner.Input[all.size()];
    runner.each(
        inputs.length,
        i ->
            inputs[i] =
                RaggedRunner.Input.of(
                    tokenizer.encodeForModel(prompt + all.get(i), maxTokens).ids()));
    float[][] vectors = new float[inputs.length][];
    runner.run(inputs, (i, hidden, from, to) -> vectors[i] = vector(hidden, from, to));
    return vectors;
  }

  private float[] vector(float[] hidden, int from, int to) {
    float[] vector = new float[poolings.size() * width];
    for (int i = 0; i < poolings.size(); i++) {
      poolings.get(i).apply(kernels, width, hidden, from, to, vector, i * width);
    }
    for (SentenceStep step : steps) {
      vector = step.apply(kernels, vector);
    }
    if (unitLength) {
      kernels.unitLength(vector);
    }
    return vector;
  }

  @Override
  public void close() {
    runner.close();
  }
}
