package dev.dragoman.models;

import dev.dragoman.models.architecture.EncoderTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Says which labels fit a text, or a pair of texts: any model with a head for sequence
 * classification. Safe for use by many threads.
 */
public interface TextClassifier extends AutoCloseable {
  /**
   * What is classified.
   *
   * @param second the other text of a pair, such as a hypothesis about the first
   */
  record Input(String text, Optional<String> second) {
    /** One text. */
    public static Input of(String text) {
      return new Input(text, Optional.empty());
    }

    /** Two texts. */
    public static Input of(String text, String second) {
      return new Input(text, Optional.of(second));
    }
  }

  /**
   * Opens the model in a Hugging Face folder ({@code config.json}, {@code tokenizer.json}, {@code
   * *.safetensors}).
   *
   * @throws ModelException if the folder holds no model that is known here, or one without a head
   *     for sequence classification
   */
  static TextClassifier open(Path folder) {
    return open(folder, ClassifyOptions.defaults());
  }

  /**
   * Opens the model in a Hugging Face folder, to be used in this way.
   *
   * @throws ModelException if the folder holds no model that is known here, or one without a head
   *     for sequence classification
   */
  static TextClassifier open(Path folder, ClassifyOptions options) {
    return Models.openTextClassifier(folder, options);
  }

  /**
   * Whether a folder says that it holds a model for sequence classification.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return Models.isEncoderFor(EncoderTask.SEQUENCE, folder);
  }

  /** Its labels, by their numbers. */
  List<String> labels();

  /** How many tokens of an input are looked at, special tokens included; the rest is cut off. */
  int maxTokens();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /**
   * The scores of all labels for each input, best label first. They are probabilities that sum up
   * to 1 where one label is right, probabilities each by itself where any number can be ({@code
   * problem_type}), and plain numbers for a regression. The scores of an input do not depend on the
   * other inputs.
   */
  List<List<Scored>> classify(List<Input> inputs);

  /** The scores of all labels for a text, best label first. */
  default List<Scored> classify(String text) {
    return classify(List.of(Input.of(text))).getFirst();
  }

  /** The scores of all labels for a pair of texts, best label first. */
  default List<Scored> classify(String text, String second) {
    return classify(List.of(Input.of(text, second))).getFirst();
  }

  /**
   * How well labels of the caller's own fit each text, best first: zero-shot classification, by
   * asking a model trained on natural language inference whether "This example is LABEL." follows
   * from the text (<a href="https://arxiv.org/abs/1909.00161">Yin et al., 2019</a>).
   *
   * @param labels at least one
   * @param several whether any number of labels can fit; otherwise scores sum up to 1
   * @throws ModelException if the model has no label for entailment
   */
  List<List<Scored>> classify(List<String> texts, List<String> labels, boolean several);

  /** Unmaps the weights. */
  @Override
  void close();
}
