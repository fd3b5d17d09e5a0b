package dev.dragoman.operators.semantic;

import dev.dragoman.models.Scored;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts documents by whether a label follows from their text, for a model of natural language
 * inference (zero-shot classification). Of a long text as much is read as the model can take.
 */
final class Entailment implements Operator {
  private static final int BATCH_TOKENS = 2048;

  private final Classify.Config config;
  private final Lease<TextClassifier> classifier;

  /** What the model is asked about, and the label it stands for. */
  private final Map<String, String> labels = new HashMap<>();

  private final List<String> asked = new ArrayList<>();

  Entailment(Classify.Config config, Lease<TextClassifier> classifier) {
    this.config = config;
    this.classifier = classifier;
    config
        .labels()
        .forEach((label, examples) -> {
          // One example describes the label; several only show it, so its name has to do.
          String name = examples.size() == 1 ? examples.getFirst() : label.replaceAll("[_-]+", " ");
          asked.add(name);
          labels.put(name, label);
        });
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<String> texts =
        batch.stream().map(Document::text).filter(text -> !text.isBlank()).distinct().toList();
    List<List<Scored>> scores =
        texts.isEmpty() ? List.of() : classifier.get().classify(texts, asked, false);
    Map<String, Scored> best = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      best.put(texts.get(i), scores.get(i).getFirst());
    }
    return batch.stream()
        .<Outcome>map(document -> new Outcome.Enriched(labelled(document, best)))
        .toList();
  }

  private Document labelled(Document document, Map<String, Scored> best) {
    Scored found = best.get(document.text());
    if (found == null) {
      return document.with(
          Step.skipped(
              Classify.NAME,
              Classify.VERSION,
              config.model(),
              "the document has no text to classify"));
    }
    String label = labels.getOrDefault(found.label(), found.label());
    return document
        .plus(
            List.of(
                Classify.label(
                    document,
                    config,
                    found.score() >= config.threshold() ? label : Classify.UNKNOWN,
                    found.score())))
        .with(Step.done(Classify.NAME, Classify.VERSION, config.model()));
  }

  @Override
  public long weight(Document document) {
    long tokens = 0;
    for (TextPart part : document.textParts()) {
      tokens += Embedders.tokens(part.text().length());
    }
    return Math.min(tokens, classifier.get().maxTokens()) * asked.size();
  }

  @Override
  public long batchWeight() {
    return BATCH_TOKENS;
  }

  @Override
  public void close() {
    classifier.close();
  }
}
