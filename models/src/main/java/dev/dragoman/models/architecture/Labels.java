package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The labels of a classifier, and how its scores are to be read.
 *
 * @param names by index
 * @param scoring what makes probabilities of scores
 */
public record Labels(List<String> names, Scoring scoring) {
  /** What makes probabilities of scores. */
  public enum Scoring {
    /** One label is right: softmax over all. */
    SINGLE,
    /** Any number of labels can be right: each by its own sigmoid. */
    MULTI,
    /** The scores are what is asked for: a regression. */
    NONE
  }

  /**
   * From keys {@code id2label}, {@code num_labels} and {@code problem_type}; two labels where the
   * file says nothing, as in the reference implementation. One label without a problem type is
   * scored by a sigmoid, as its pipelines do.
   */
  public static Labels read(ModelConfig file) {
    List<String> names = names(file);
    String problem = file.has("problem_type") ? file.text("problem_type") : "";
    Scoring scoring =
        switch (problem) {
          case "regression" -> Scoring.NONE;
          case "multi_label_classification" -> Scoring.MULTI;
          case "single_label_classification", "" ->
              names.size() == 1 ? Scoring.MULTI : Scoring.SINGLE;
          default ->
              throw file.wrong(
                  "problem_type",
                  "regression, single_label_classification or multi_label_classification");
        };
    return new Labels(names, scoring);
  }

  private static List<String> names(ModelConfig file) {
    Map<String, String> named = file.textMap("id2label");
    int count = named.isEmpty() ? file.whole("num_labels", 2) : named.size();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = named.isEmpty() ? "LABEL_" + i : named.get(String.valueOf(i));
      if (name == null) {
        throw file.wrong("id2label", "a label for each number from 0 to " + (count - 1));
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw file.wrong("num_labels", "at least 1");
    }
    return List.copyOf(names);
  }

  /** Makes probabilities of scores, in place. */
  public void score(double[] scores) {
    switch (scoring) {
      case NONE -> {}
      case MULTI -> {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = 1 / (1 + Math.exp(-scores[i]));
        }
      }
      case SINGLE -> softmax(scores);
    }
  }

  /** Softmax, in place. */
  public static void softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }
}
