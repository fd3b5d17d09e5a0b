package dev.dragoman.operators.translate;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.text.DetectLanguage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A document whose sentences are found, and what becomes of it when they are translated. */
record TranslatedDocument(Document document, String to, List<Text> texts, boolean cut) {
  /**
   * A text part.
   *
   * @param language ISO 639-1; the wanted one, or empty, where nothing is to be translated
   */
  private record Text(TextPart part, String language, List<Layout.Unit> units) {}

  /**
   * Finds the sentences.
   *
   * @param from the language of all texts; empty: as they are labelled
   * @param most characters of sentences, from the beginning; 0: all
   */
  static TranslatedDocument of(Document document, String from, String to, int most) {
    List<Text> texts = new ArrayList<>();
    int left = most == 0 ? Integer.MAX_VALUE : most;
    boolean cut = false;
    for (TextPart part : document.textParts()) {
      String language = from.isEmpty() ? language(document, part.id()) : from;
      boolean open = !language.isEmpty() && !language.equals(to);
      List<Layout.Unit> units = new ArrayList<>();
      for (Layout.Unit unit : open ? Layout.units(part.text(), language) : List.<Layout.Unit>of()) {
        cut |= unit.text().length() > left;
        if (cut) {
          break;
        }
        left -= unit.text().length();
        units.add(unit);
      }
      texts.add(new Text(part, language, units));
    }
    return new TranslatedDocument(document, to, texts, cut);
  }

  /** That of the part where parts differ, or else that of the document; empty if unknown. */
  private static String language(Document document, PartId part) {
    List<Label> labels =
        document.annotationsOf(Label.class).stream()
            .filter(label -> label.kind().equals("language"))
            .toList();
    if (labels.isEmpty()) {
      return "";
    }
    Label whole = labels.getLast();
    Label own =
        labels.subList(0, labels.size() - 1).stream()
            .filter(label -> label.origin().part().equals(part))
            .filter(label -> !label.value().equals(DetectLanguage.UNDETERMINED))
            .reduce((_, later) -> later)
            .orElse(whole);
    return own.value().equals(DetectLanguage.UNDETERMINED) ? "" : own.value();
  }

  /** The languages of its sentences. */
  Set<String> languages() {
    return texts.stream()
        .filter(text -> !text.units.isEmpty())
        .map(Text::language)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Its sentences, by language. */
  Map<String, List<Way.Sentence>> sentences() {
    Map<String, List<Way.Sentence>> sentences = new LinkedHashMap<>();
    for (Text text : texts) {
      for (Layout.Unit unit : text.units) {
        sentences
            .computeIfAbsent(text.language, _ -> new ArrayList<>())
            .add(new Way.Sentence(unit.text()));
      }
    }
    return sentences;
  }

  /** The document with its translation, if there was something to translate. */
  Document finished(
      Map<String, Map<Way.Sentence, Way.Rendering>> renderings, double minConfidence) {
    List<Annotation> found = new ArrayList<>();
    List<String> translations = new ArrayList<>();
    Set<String> models = new LinkedHashSet<>();
    Mean mean = new Mean();
    for (Text text : texts) {
      List<String> by = new ArrayList<>();
      for (Layout.Unit unit : text.units) {
        Way.Rendering rendering =
            renderings.getOrDefault(text.language, Map.of()).get(new Way.Sentence(unit.text()));
        if (rendering == null) {
          throw new IllegalStateException("nothing became of '" + unit.text() + "'");
        }
        by.add(rendering.text());
        mean.add(rendering.confidence(), unit.text().length());
        if (!rendering.model().isEmpty()) {
          models.add(rendering.model());
        }
        annotate(text.part, unit, rendering, found);
      }
      translations.add(Layout.replaced(text.part.text(), text.units, by));
    }
    String model = String.join(",", models);
    if (cut) {
      PartId part = texts.getFirst().part.id();
      found.add(
          new Label(
              new Origin(part, Translate.NAME, Translate.VERSION, model),
              "translation_cut",
              "only the beginning was translated, as max_characters wants it",
              Double.NaN));
    }
    if (mean.weight == 0) {
      return document.plus(found).with(Step.done(Translate.NAME, Translate.VERSION, model));
    }
    PartId first =
        texts.stream()
            .filter(text -> !text.units.isEmpty())
            .findFirst()
            .map(text -> text.part.id())
            .orElseThrow();
    Origin origin = new Origin(first, Translate.NAME, Translate.VERSION, model);
    double confidence = mean.value();
    if (confidence < minConfidence) {
      found.add(
          new Label(
              origin,
              "low_confidence",
              String.format(Locale.ROOT, "the sentences' translations average %.2f", confidence),
              confidence));
    }
    found.add(
        new Annotation.Rewrite(
            origin,
            "translation",
            String.join(Document.PART_SEPARATOR, translations),
            to,
            confidence));
    return document.plus(found).with(Step.done(Translate.NAME, Translate.VERSION, model));
  }

  private static void annotate(
      TextPart part, Layout.Unit unit, Way.Rendering rendering, List<Annotation> found) {
    Origin origin = new Origin(part.id(), Translate.NAME, Translate.VERSION, rendering.model());
    switch (rendering.how()) {
      case MODEL, MEMORY ->
          found.add(
              new TextSpan(
                  origin,
                  "translated",
                  rendering.text(),
                  rendering.confidence(),
                  unit.start(),
                  unit.end()));
      case FAILED ->
          found.add(
              new TextSpan(
                  origin,
                  "untranslated",
                  rendering.problems().stream()
                      .sorted()
                      .map(Checks.Problem::words)
                      .collect(Collectors.joining("; ")),
                  Double.NaN,
                  unit.start(),
                  unit.end()));
      case KEPT -> {}
    }
    rendering.met().forEach(term -> found.add(term(origin, "term", unit, term)));
    rendering.missed().forEach(term -> found.add(term(origin, "term_missed", unit, term)));
  }

  private static TextSpan term(Origin origin, String kind, Layout.Unit unit, Glossary.Found term) {
    return new TextSpan(
        origin,
        kind,
        term.forms().getFirst(),
        Double.NaN,
        unit.offset(term.start()),
        unit.offset(term.end()));
  }

  /** A mean in which longer sentences count for more. */
  private static final class Mean {
    private double sum;
    private double weight;

    void add(double value, int length) {
      sum += value * length;
      weight += length;
    }

    double value() {
      return sum / weight;
    }
  }
}
