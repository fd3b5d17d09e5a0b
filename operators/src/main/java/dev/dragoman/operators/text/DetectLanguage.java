package dev.dragoman.operators.text;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import com.github.pemistahl.lingua.api.Language;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds out which language a document is written in. */
public final class DetectLanguage implements Operator {
  static final String NAME = "DetectLanguage";
  static final String VERSION = "1";

  /** The value of a language label where no language could be told. */
  public static final String UNDETERMINED = "und";

  /** The least that is looked at of each part, however many parts there are. */
  private static final int LEAST_SAMPLE = 200;

  /** The languages to choose from, and how much to look at. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Finds out which language a document is written in.",
      details =
          "Adds a label of kind language whose value is an ISO 639-1 code, or und where there are"
              + " too few letters or no language stands out. In a document whose text parts are in"
              + " different languages every part gets a label of its own; the label of the"
              + " document is the last one. Uses the n-gram models of the lingua library, which"
              + " are part of Dragoman, shared by all threads and loaded on first use: five"
              + " languages take 141 MB of heap. It never fails.")
  public record Config(
      @Param(
              value =
                  "The languages to choose from, as ISO 639-1 codes, at least two. Every language"
                      + " with models of its own costs about 28 MB of heap, and a shorter list is"
                      + " surer on short texts.",
              fallback = "[\"en\", \"nl\", \"de\", \"fr\", \"pt\", \"es\", \"it\", \"ko\"]")
          List<String> languages,
      @Param(
              value = "Texts with fewer letters than this are und. An ideograph counts as three.",
              fallback = "6")
          int minLetters,
      @Param(
              value =
                  "Below this confidence, from 0 to 1, the language is und; the confidence of the"
                      + " best guess is kept.",
              fallback = "0.5")
          double minConfidence,
      @Param(
              value =
                  "How many characters to look at in a long document: slices spread evenly over"
                      + " it, always the same ones.",
              fallback = "3000")
          int maxCharacters)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      languages = List.copyOf(languages);
      if (new HashSet<>(languages).size() < 2) {
        throw new ConfigException(
            "languages", NAME + ".languages must name at least two languages, not " + languages);
      }
      languages.forEach(Config::language);
      if (!(minConfidence >= 0 && minConfidence <= 1)) {
        throw new ConfigException(
            "min_confidence", NAME + ".min_confidence must be from 0 to 1, not " + minConfidence);
      }
      if (maxCharacters < LEAST_SAMPLE) {
        throw new ConfigException(
            "max_characters",
            NAME + ".max_characters must be at least " + LEAST_SAMPLE + ", not " + maxCharacters);
      }
    }

    /** Every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    private static Language language(String code) {
      for (Language language : Language.values()) {
        if (language != Language.UNKNOWN && code(language).equals(code)) {
          return language;
        }
      }
      List<String> known =
          Arrays.stream(IsoCode639_1.values())
              .filter(iso -> iso != IsoCode639_1.NONE)
              .map(iso -> iso.name().toLowerCase(Locale.ROOT))
              .toList();
      throw new ConfigException(
          "languages",
          NAME + " does not know the language '" + code + "'" + Nearest.hint(code, known));
    }

    @Override
    public DetectLanguage open(OperatorContext context) {
      return new DetectLanguage(
          this, Lingua.lease(languages.stream().distinct().map(Config::language).toList()));
    }
  }

  private final Config config;
  private final SharedResource.Lease<Lingua> lingua;

  private DetectLanguage(Config config, SharedResource.Lease<Lingua> lingua) {
    this.config = config;
    this.lingua = lingua;
  }

  private static String code(Language language) {
    return language.getIsoCode639_1().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().<Outcome>map(d -> new Outcome.Enriched(apply(d))).toList();
  }

  private Document apply(Document document) {
    List<TextPart> parts = document.textParts();
    if (parts.isEmpty()) {
      return document.with(Step.done(NAME, VERSION, ""));
    }
    int share = Math.max(LEAST_SAMPLE, config.maxCharacters / parts.size());
    List<Finding> findings = new ArrayList<>();
    Map<Language, Double> sums = new EnumMap<>(Language.class);
    long letters = 0;
    for (TextPart part : parts) {
      String sample = sample(part.text(), share);
      int here = letters(sample);
      Map<Language, Double> confidences =
          here == 0 ? Map.of() : lingua.get().confidences(sample, here);
      findings.add(new Finding(part.id(), best(confidences, here)));
      long weight = (long) here * Math.max(1, part.text().length()) / Math.max(1, sample.length());
      confidences.forEach((language, p) -> sums.merge(language, p * weight, Double::sum));
      letters += weight;
    }
    double total = Math.max(1, letters);
    sums.replaceAll((_, sum) -> sum / total);
    Guess whole = best(sums, letters);
    List<Annotation> labels = new ArrayList<>();
    boolean differ =
        findings.stream()
                .map(f -> f.guess.code)
                .filter(code -> !code.equals(UNDETERMINED))
                .distinct()
                .count()
            > 1;
    if (differ) {
      findings.forEach(f -> labels.add(f.guess.label(f.part)));
    }
    PartId about = parts.getFirst().id();
    for (Finding finding : findings) {
      if (finding.guess.code.equals(whole.code)) {
        about = finding.part;
        break;
      }
    }
    labels.add(whole.label(about));
    return document.plus(labels).with(Step.done(NAME, VERSION, ""));
  }

  private Guess best(Map<Language, Double> confidences, long letters) {
    Language best = Language.UNKNOWN;
    double confidence = 0;
    for (Map.Entry<Language, Double> entry : confidences.entrySet()) {
      if (entry.getValue() > confidence) {
        best = entry.getKey();
        confidence = Math.min(1, entry.getValue());
      }
    }
    if (best == Language.UNKNOWN || letters < config.minLetters) {
      return new Guess(UNDETERMINED, 0);
    }
    return new Guess(confidence < config.minConfidence ? UNDETERMINED : code(best), confidence);
  }

  /** Slices of a text, spread evenly and cut at blanks, of about {@code size} characters in all. */
  static String sample(String text, int size) {
    if (text.length() <= size) {
      return text;
    }
    int slices = Math.max(1, size / LEAST_SAMPLE);
    int length = size / slices;
    StringBuilder sample = new StringBuilder(size + slices);
    for (int i = 0; i < slices; i++) {
      int start = slices == 1 ? 0 : (int) ((long) (text.length() - length) * i / (slices - 1));
      int from = start == 0 ? 0 : afterBlank(text, start, start + length / 4);
      int to = start + length;
      to = to >= text.length() ? text.length() : beforeBlank(text, to, to - length / 4);
      sample.append(text, from, to).append(' ');
    }
    return sample.toString();
  }

  private static int afterBlank(String text, int from, int limit) {
    for (int i = from; i < limit; i++) {
      if (Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
  }

  private static int beforeBlank(String text, int from, int limit) {
    for (int i = from; i > limit; i--) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(from)) ? from - 1 : from;
  }

  private static int letters(String text) {
    return text.codePoints()
        .map(c -> Character.isIdeographic(c) ? 3 : Character.isLetter(c) ? 1 : 0)
        .sum();
  }

  @Override
  public void close() {
    lingua.close();
  }

  private record Finding(PartId part, Guess guess) {}

  private record Guess(String code, double confidence) {
    Label label(PartId part) {
      return new Label(new Origin(part, NAME, VERSION, ""), "language", code, confidence);
    }
  }
}
