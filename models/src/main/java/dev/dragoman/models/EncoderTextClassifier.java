package dev.dragoman.models;

import dev.dragoman.models.architecture.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** An encoder with a head for sequence classification. */
final class EncoderTextClassifier implements TextClassifier {
  private final HeadedEncoder model;

  EncoderTextClassifier(HeadedEncoder model) {
    this.model = model;
  }

  @Override
  public List<String> labels() {
    return model.labels().names();
  }

  @Override
  public int maxTokens() {
    return model.maxTokens();
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public List<List<Scored>> classify(List<Input> inputs) {
    List<List<Scored>> results = new ArrayList<>();
    for (double[] scores : logits(inputs)) {
      model.labels().score(scores);
      results.add(ranked(labels(), scores));
    }
    return results;
  }

  @Override
  public List<List<Scored>> classify(List<String> texts, List<String> labels, boolean several) {
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("zero-shot classification needs at least one label");
    }
    int entailment = entailment();
    int contradiction = entailment == 0 ? labels().size() - 1 : 0;
    List<Input> pairs = new ArrayList<>();
    for (String text : texts) {
      for (String label : labels) {
        pairs.add(Input.of(text, "This example is " + label + "."));
      }
    }
    double[][] logits = logits(pairs);
    List<List<Scored>> results = new ArrayList<>();
    for (int text = 0; text < texts.size(); text++) {
      double[] scores = new double[labels.size()];
      for (int i = 0; i < scores.length; i++) {
        double[] row = logits[text * scores.length + i];
        scores[i] =
            several || scores.length == 1
                ? 1 / (1 + Math.exp(row[contradiction] - row[entailment]))
                : row[entailment];
      }
      if (!several && scores.length > 1) {
        Labels.softmax(scores);
      }
      results.add(ranked(labels, scores));
    }
    return results;
  }

  private int entailment() {
    for (int i = 0; i < labels().size(); i++) {
      if (labels().get(i).toLowerCase(Locale.ROOT).startsWith("entail")) {
        return i;
      }
    }
    throw new ModelException(
        "zero-shot classification needs a model trained on natural language inference, with a label"
            + " for entailment; this one has "
            + String.join(", ", labels()));
  }

  private double[][] logits(List<Input> inputs) {
    List<Input> all = List.copyOf(inputs);
    RaggedRunner.Input[] encoded = new RaggedRunner.Input[all.size()];
    model.runner().each(encoded.length, i -> encoded[i] = encode(all.get(i)));
    double[][] logits = new double[encoded.length][];
    model
        .runner()
        .run(
            encoded,
            (i, hidden, from, to) -> {
              float[] row = model.head().logits(hidden, from, to)[0];
              logits[i] = new double[row.length];
              for (int label = 0; label < row.length; label++) {
                logits[i][label] = row[label];
              }
            });
    return logits;
  }

  private RaggedRunner.Input encode(Input input) {
    if (input.second().isEmpty()) {
      return RaggedRunner.Input.of(tokenizer().encodeForModel(input.text(), maxTokens()).ids());
    }
    Tokenizer.Pair pair =
        tokenizer().encodeForModel(input.text(), input.second().get(), maxTokens());
    return new RaggedRunner.Input(pair.tokens().ids(), pair.types());
  }

  private static List<Scored> ranked(List<String> labels, double[] scores) {
    List<Scored> ranked = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      ranked.add(new Scored(labels.get(i), scores[i]));
    }
    ranked.sort(Comparator.comparingDouble(Scored::score).reversed());
    return List.copyOf(ranked);
  }

  @Override
  public void close() {
    model.close();
  }
}
