package dev.dragoman.operators.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a document comes to in one row of a table: the newest finding of each kind. Null and NaN
 * stand for what no step has found.
 *
 * @param models of the steps that ran, in the order of their names
 * @param steps the operators that ran, in order
 * @param skipped the steps that went by, each with the reason
 * @param fields the other columns of the row, or fields of the message, that the document was
 * @param embedding of the whole document
 */
public record DocumentColumns(
    @Nullable String title,
    @Nullable String author,
    @Nullable String language,
    double languageConfidence,
    @Nullable String text,
    @Nullable String translation,
    @Nullable String translationLanguage,
    @Nullable String summary,
    @Nullable String category,
    double categoryConfidence,
    @Nullable String sentiment,
    double sentimentConfidence,
    @Nullable String maskedText,
    @Nullable String duplicateOf,
    OptionalInt pages,
    double durationSeconds,
    List<String> models,
    List<String> steps,
    List<String> skipped,
    Map<String, String> fields,
    Annotation.@Nullable Embedding embedding) {
  /** How the kinds of labels begin that hold the other columns of a row. */
  public static final String FIELD_PREFIX = "column:";

  /** The columns of a document. */
  public static DocumentColumns of(Document document) {
    Optional<Annotation.Label> language = document.label("language");
    Optional<Annotation.Rewrite> translation = document.rewrite("translation");
    Optional<Annotation.Label> category = document.label("category");
    Optional<Annotation.Label> sentiment = document.label("sentiment");
    List<Annotation.Embedding> embeddings = document.annotationsOf(Annotation.Embedding.class);
    return new DocumentColumns(
        value(document.label("title")),
        value(document.label("author")),
        value(language),
        confidence(language),
        document.textParts().isEmpty() ? null : document.text(),
        rewritten(translation),
        translation.map(Annotation.Rewrite::language).filter(code -> !code.isEmpty()).orElse(null),
        rewritten(document.rewrite("summary")),
        value(category),
        confidence(category),
        value(sentiment),
        confidence(sentiment),
        rewritten(document.rewrite("masked")),
        value(document.label("duplicate_of")),
        pages(document),
        duration(document),
        models(document),
        document.provenance().steps().stream().map(Step::operator).toList(),
        skipped(document),
        fields(document),
        embeddings.isEmpty() ? null : embeddings.getLast());
  }

  private static @Nullable String value(Optional<Annotation.Label> label) {
    return label.map(Annotation.Label::value).orElse(null);
  }

  private static @Nullable String rewritten(Optional<Annotation.Rewrite> rewrite) {
    return rewrite.map(Annotation.Rewrite::value).orElse(null);
  }

  private static double confidence(Optional<Annotation.Label> label) {
    return label.map(Annotation.Label::confidence).orElse(Double.NaN);
  }

  private static OptionalInt pages(Document document) {
    Optional<Annotation.Label> label = document.label("pages");
    if (label.isPresent()) {
      try {
        return OptionalInt.of(Integer.parseInt(label.get().value()));
      } catch (NumberFormatException _) {
        return OptionalInt.empty();
      }
    }
    int last = document.textParts().stream().mapToInt(TextPart::page).max().orElse(0);
    return last > 0 ? OptionalInt.of(last) : OptionalInt.empty();
  }

  private static double duration(Document document) {
    return document.partsOf(AudioPart.class).stream()
        .mapToDouble(AudioPart::durationSeconds)
        .filter(seconds -> !Double.isNaN(seconds))
        .max()
        .orElse(Double.NaN);
  }

  private static List<String> models(Document document) {
    TreeSet<String> models = new TreeSet<>();
    for (Step step : document.provenance().steps()) {
      if (step.status() == Step.Status.DONE && !step.model().isEmpty()) {
        models.add(step.model());
      }
    }
    return List.copyOf(models);
  }

  private static List<String> skipped(Document document) {
    List<String> skipped = new ArrayList<>();
    for (Step step : document.provenance().steps()) {
      switch (step.status()) {
        case DONE -> {}
        case SKIPPED, FAILED -> skipped.add(step.operator() + ": " + step.note());
      }
    }
    return skipped;
  }

  private static Map<String, String> fields(Document document) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Annotation.Label label : document.annotationsOf(Annotation.Label.class)) {
      if (label.kind().startsWith(FIELD_PREFIX)) {
        fields.put(label.kind().substring(FIELD_PREFIX.length()), label.value());
      }
    }
    return fields;
  }
}
