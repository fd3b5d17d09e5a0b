package dev.dragoman.operators.semantic;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Document;
import java.nio.file.Path;
import java.util.List;

/** The embedding models in use in this JVM, and what all operators do with vectors. */
final class Embedders {
  /** The catalog name of the model that is used unless the recipe says otherwise. */
  static final String DEFAULT_MODEL = "all-minilm-l6-v2";

  /** About how many characters a token has; only for weighing. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  private Embedders() {}

  /**
   * The model, opened once for all operators of this JVM.
   *
   * @throws dev.dragoman.models.MissingModelException if it is not installed
   */
  static Lease<TextEmbedder> lease(OperatorContext context, String model) {
    Path folder = context.models().require(model);
    return SharedResource.lease(TextEmbedder.class, folder, () -> TextEmbedder.open(folder));
  }

  /**
   * Vectors of texts that are to be compared with each other. Models that were trained with prompts
   * get the one for queries, which is theirs for that.
   */
  static float[][] alike(TextEmbedder embedder, List<String> texts) {
    return embedder.embed(prefixed(prompt(embedder, "query"), texts));
  }

  /** What the model was trained to have before texts of a kind; empty if it has its own or none. */
  static String prompt(TextEmbedder embedder, String... kinds) {
    if (embedder.prompt().isEmpty()) {
      for (String kind : kinds) {
        if (embedder.prompts().containsKey(kind)) {
          return embedder.prompts().get(kind);
        }
      }
    }
    return "";
  }

  private static List<String> prefixed(String prompt, List<String> texts) {
    return prompt.isEmpty() ? texts : texts.stream().map(prompt::concat).toList();
  }

  /** How many tokens of a text the model looks at, without those it wants around the text. */
  static int room(TextEmbedder embedder) {
    int limit = embedder.maxTokens();
    String prompt = prompt(embedder, "query");
    return limit - embedder.tokenizer().encodeForModel(prompt, limit).size();
  }

  static String requireModel(String operator, String model) {
    if (model.isBlank()) {
      throw new ConfigException("model", operator + ".model must name a model");
    }
    return model;
  }

  /** About how many tokens a text of this length has. */
  static long tokens(int characters) {
    return characters / CHARACTERS_PER_TOKEN + 1L;
  }

  /** ISO 639-1, or empty where the language is not known. */
  static String language(Document document) {
    return document
        .label("language")
        .map(label -> label.value())
        .filter(code -> !code.equals("und"))
        .orElse("");
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Adds {@code factor} times {@code vector} to {@code sum}. */
  static void add(double[] sum, float[] vector, double factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * vector[i];
    }
  }

  /** The same direction with length 1; zeros where there is no direction. */
  static float[] unit(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }
}
