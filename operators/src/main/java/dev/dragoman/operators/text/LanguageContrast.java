package dev.dragoman.operators.text;

import com.github.pemistahl.lingua.api.Language;
import dev.dragoman.operators.SharedResource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells which of two languages a text is in. Safe for use by many threads. */
public final class LanguageContrast implements AutoCloseable {
  private static final int SAMPLE = 2000;

  private final Language first;
  private final SharedResource.Lease<Lingua> lingua;

  private LanguageContrast(Language first, SharedResource.Lease<Lingua> lingua) {
    this.first = first;
    this.lingua = lingua;
  }

  /**
   * Tells these two apart, if there are n-gram models of both.
   *
   * @param first ISO 639-1
   */
  public static Optional<LanguageContrast> open(String first, String second) {
    Optional<Language> one = language(first);
    Optional<Language> other = language(second);
    if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
      return Optional.empty();
    }
    return Optional.of(
        new LanguageContrast(one.get(), Lingua.lease(List.of(one.get(), other.get()))));
  }

  /** How likely it is that the text is in the first language: 0 to 1; a half without letters. */
  public double first(String text) {
    String sample = DetectLanguage.sample(text, SAMPLE);
    int letters = (int) sample.codePoints().filter(Character::isLetter).count();
    if (letters == 0) {
      return 0.5;
    }
    return lingua.get().confidences(sample, letters).getOrDefault(first, 0.5);
  }

  private static Optional<Language> language(String code) {
    for (Language language : Language.values()) {
      if (language != Language.UNKNOWN
          && language.getIsoCode639_1().name().toLowerCase(Locale.ROOT).equals(code)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    lingua.close();
  }
}
