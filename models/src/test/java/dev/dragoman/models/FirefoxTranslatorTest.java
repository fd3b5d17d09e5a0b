package dev.dragoman.models;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as Firefox ships it, with a student of random weights. */
class FirefoxTranslatorTest {
  private static final TranslateOptions OPTIONS = TranslateOptions.of("en", "pt");
  private static final List<String> TEXTS =
      List.of(
          "we play",
          "the children play in the garden",
          "",
          "a garden is where children play in the garden where we play in the garden",
          "play",
          "  where is the garden  ");

  private Path folder = Path.of("");

  @BeforeEach
  void copy(@TempDir Path temp) throws IOException, URISyntaxException {
    folder = temp.resolve("student");
    Files.createDirectory(folder);
    Path from =
        Path.of(
            requireNonNull(FirefoxTranslatorTest.class.getResource("architecture/students/tiny"))
                .toURI());
    for (String name : List.of("model.enpt.bin", "vocab.enpt.spm", "lex.6.4.enpt.s2t.bin")) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
  }

  @Test
  void theFolderIsKnownByItsFiles() throws IOException {
    assertThat(Translator.isOne(folder)).isTrue();
    Files.delete(folder.resolve("vocab.enpt.spm"));
    assertThat(Translator.isOne(folder)).isFalse();
  }

  @Test
  void languagesAreInTheNamesOfTheFiles() {
    try (Translator translator = Translator.open(folder)) {
      assertThat(translator.sources()).containsExactly("en");
      assertThat(translator.targets()).containsExactly("pt");
      assertThatThrownBy(() -> translator.translate("we play", TranslateOptions.of("pt", "en")))
          .isInstanceOf(ModelException.class)
          .hasMessageEndingWith("translates from en, not pt");
      assertThatThrownBy(() -> translator.translate("we play", TranslateOptions.of("", "nl")))
          .isInstanceOf(ModelException.class)
          .hasMessageEndingWith("translates to pt, not nl");
    }
  }

  @Test
  void aTextBecomesTheSameAloneTogetherAndOnManyThreads() {
    List<Translator.Source> sources = TEXTS.stream().map(Translator.Source::of).toList();
    try (Translator one = Translator.open(folder);
        Translator three = Translator.open(folder, 3)) {
      List<List<Translation>> together = one.translate(sources, OPTIONS.withAlignment());
      assertThat(three.translate(sources, OPTIONS.withAlignment())).isEqualTo(together);
      for (int i = 0; i < TEXTS.size(); i++) {
        assertThat(one.translate(TEXTS.get(i), OPTIONS.withAlignment()))
            .isEqualTo(together.get(i).getFirst());
      }
    }
  }

  @Test
  void nothingBecomesNothing() {
    try (Translator translator = Translator.open(folder)) {
      assertThat(translator.translate(List.of(), OPTIONS)).isEmpty();
      for (String text : List.of("", " ", " \n\t ")) {
        Translation translation = translator.translate(text, OPTIONS);
        assertThat(translation.text()).isEmpty();
        assertThat(translation.finished()).isTrue();
      }
    }
  }

  @Test
  void piecesCoverTheTranslationAndPointIntoTheSource() {
    try (Translator translator = Translator.open(folder)) {
      for (String text : TEXTS) {
        Translation translation = translator.translate(text, OPTIONS.withAlignment());
        int at = 0;
        for (Translation.Piece piece : translation.pieces()) {
          assertThat(piece.start()).isEqualTo(at);
          assertThat(piece.sourceStart()).isBetween(0, piece.sourceEnd());
          assertThat(piece.sourceEnd()).isLessThanOrEqualTo(text.length());
          assertThat(piece.logProbability()).isNegative();
          at = piece.end();
        }
        assertThat(at).isEqualTo(translation.text().length());
        assertThat(translator.translate(text, OPTIONS).pieces()).isEmpty();
      }
    }
  }

  @Test
  void aTextTooLongIsCutOffAndStillTranslated() {
    String text = "the children play in the garden ".repeat(200);
    try (Translator translator = Translator.open(folder)) {
      assertThat(translator.tokens(text)).isGreaterThan(translator.maxTokens());
      Translation translation = translator.translate(text, OPTIONS.withMaxTokens(3));
      assertThat(translation.sourceTokens()).isEqualTo(translator.maxTokens());
      assertThat(translation.targetTokens()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void moreTranslationsOfOneSourceComeBestFirst() {
    try (Translator translator = Translator.open(folder)) {
      TranslateOptions three = OPTIONS.withMaxTokens(6).withBeams(3).withBest(3);
      for (List<Translation> best :
          translator.translate(
              Stream.of("we play", "play").map(Translator.Source::of).toList(), three)) {
        assertThat(best).hasSize(3);
        assertThat(best).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      }
    }
  }

  @Test
  void termsAreInTheTranslationInOneOfTheirForms() {
    List<Translator.Term> terms =
        List.of(
            new Translator.Term(List.of("garden", "gardens")),
            new Translator.Term(List.of("play in the")));
    try (Translator translator = Translator.open(folder)) {
      TranslateOptions options = OPTIONS.withMaxTokens(30);
      List<Translator.Source> sources =
          List.of(
              Translator.Source.of("where is the garden where children play in the garden"),
              new Translator.Source("we play in a garden where children play in a garden", terms),
              new Translator.Source("the children play in a garden in the garden", terms));
      List<List<Translation>> found = translator.translate(sources, options);
      for (List<Translation> bound : found.subList(1, 3)) {
        assertThat(bound.getFirst().text()).contains("garden").contains("play in the");
      }
      assertThat(found.getFirst().getFirst())
          .isEqualTo(translator.translate(sources.getFirst().text(), options));
    }
  }

  @Test
  void aTermThatCannotBeWrittenIsLeftOut() {
    Translator.Term term = new Translator.Term(List.of("日本", ""));
    try (Translator translator = Translator.open(folder)) {
      Translation free = translator.translate("we play", OPTIONS);
      assertThat(
              translator
                  .translate(List.of(new Translator.Source("we play", List.of(term))), OPTIONS)
                  .getFirst()
                  .getFirst())
          .isEqualTo(free);
    }
  }

  @Test
  void aFileThatTheSettingsNameMustBeThere() throws IOException {
    Path settings = folder.resolve("config.intgemm8bitalpha.yml");
    Files.writeString(settings, "shortlist:\n  - lex.other.bin\n  - false\n");
    assertThatThrownBy(() -> Translator.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("lex.other.bin is missing");
    Files.writeString(settings, "models:\n  - ../model.enpt.bin\n");
    assertThatThrownBy(() -> Translator.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("a file of the same folder");
    Files.writeString(settings, "beam-size: many\n");
    try (Translator translator = Translator.open(folder)) {
      assertThatThrownBy(() -> translator.translate("we play", OPTIONS))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("beam-size is many");
    }
  }

  @Test
  void settingsSayHowLongTranslationsMayBe() throws IOException {
    Files.writeString(
        folder.resolve("config.yml"), "max-length-factor: 0.1\nbeam-size: 2\nnormalize: 0.5\n");
    try (Translator translator = Translator.open(folder)) {
      assertThat(translator.translate("we play", OPTIONS).targetTokens()).isEqualTo(1);
    }
  }

  @Test
  void withoutAShortlistAllWordsAreLookedAt() throws IOException {
    Files.delete(folder.resolve("lex.6.4.enpt.s2t.bin"));
    try (Translator translator = Translator.open(folder)) {
      assertThat(translator.translate("we play", OPTIONS).targetTokens()).isPositive();
    }
  }
}
