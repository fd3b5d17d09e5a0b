package dev.dragoman.operators.text;

import com.github.pemistahl.lingua.api.Language;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import dev.dragoman.operators.SharedResource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A lingua detector, one for each set of languages in the JVM. Lingua keeps its n-gram models in
 * static maps that all detectors share; they are given back when the last detector is closed.
 */
final class Lingua implements AutoCloseable {
  /**
   * How fast confidence grows with the distance between two languages, in units of lingua's summed
   * log probabilities for a letter; fitted on the labelled sentences of the tests, so that of the
   * answers given with confidence p about the share p is right.
   */
  private static final double SHARPNESS = 2;

  /** Letters beyond these tell hardly anything new about a text's language. */
  private static final int SATURATION = 120;

  private final LanguageDetector detector;
  private final SharedResource.Lease<Loaded> loaded;

  private Lingua(Set<Language> languages) {
    this.detector =
        LanguageDetectorBuilder.fromLanguages(languages.toArray(Language[]::new)).build();
    this.loaded = SharedResource.lease(Loaded.class, "all languages", Loaded::new);
    loaded.get().detectors.add(detector);
  }

  /** The detector for these languages. */
  static SharedResource.Lease<Lingua> lease(Collection<Language> wanted) {
    Set<Language> languages = EnumSet.copyOf(wanted);
    return SharedResource.lease(Lingua.class, languages, () -> new Lingua(languages));
  }

  /** The detectors since none was open, each with models that may still be loaded. */
  private static final class Loaded implements AutoCloseable {
    private final Queue<LanguageDetector> detectors = new ConcurrentLinkedQueue<>();

    @Override
    public void close() {
      detectors.forEach(LanguageDetector::unloadLanguageModels);
    }
  }

  /**
   * How likely each language is; the values sum to 1, or to 0 where no language fits.
   *
   * <p>Lingua answers for each language the ratio of the best language's summed log probability to
   * its own, so 1 for the best always. With {@code n} letters the sum is about proportional to
   * {@code n}, so that {@code n (1 / ratio - 1)} measures how far a language is behind.
   */
  Map<Language, Double> confidences(String text, int letters) {
    double reach = SHARPNESS * Math.min(letters, SATURATION);
    Map<Language, Double> confidences = new EnumMap<>(Language.class);
    double sum = 0;
    for (Map.Entry<Language, Double> entry :
        List.copyOf(detector.computeLanguageConfidenceValues(text).entrySet())) {
      double ratio = entry.getValue();
      double weight = ratio > 0 ? Math.exp(-reach * (1 / ratio - 1)) : 0;
      confidences.put(entry.getKey(), weight);
      sum += weight;
    }
    double total = sum > 0 ? sum : 1;
    confidences.replaceAll((_, weight) -> weight / total);
    return confidences;
  }

  @Override
  public void close() {
    loaded.close();
  }
}
