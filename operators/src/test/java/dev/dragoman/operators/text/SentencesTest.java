package dev.dragoman.operators.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
  private static String cut(String text, String language) {
    return Sentences.of(text, language).stream()
        .map(span -> text.substring(span.start(), span.end()))
        .collect(Collectors.joining(" / "));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "nl; Dhr. Jansen belde. Hij komt morgen.; Dhr. Jansen belde. / Hij komt morgen.",
        "nl; Zie blz. 12 en art. 7:3. Dat klopt.; Zie blz. 12 en art. 7:3. / Dat klopt.",
        "nl; Bijv. de factuur t.n.v. Bram Peeters. Klopt dat?; Bijv. de factuur t.n.v. Bram"
            + " Peeters. / Klopt dat?",
        "nl; Het antwoord is nee. Ik wacht d.w.z. Niet lang.; Het antwoord is nee. / Ik wacht"
            + " d.w.z. Niet lang.",
        "en; Mr. Smith of Acme Inc. Called twice. No. 5 is out. The answer is no. Try again.; Mr."
            + " Smith of Acme Inc. Called twice. / No. 5 is out. / The answer is no. / Try again.",
        "en; J. R. Tolkien wrote it. See fig. 3 for more.; J. R. Tolkien wrote it. / See fig. 3 for"
            + " more.",
        "en; Really? Yes! Version 2.5 is here.; Really? / Yes! / Version 2.5 is here.",
        "pt; A Sra. Costa ligou. O n.º 5 está livre. Ver pág. 3.; A Sra. Costa ligou. / O n.º 5 está"
            + " livre. / Ver pág. 3.",
        "pt; V. Exa. pode ligar ao Dr. Silva. Obrigado.; V. Exa. pode ligar ao Dr. Silva. /"
            + " Obrigado.",
        "de; Am 3. Mai kommt Hr. Meier z. B. nach Köln. Er bleibt.; Am 3. Mai kommt Hr. Meier z. B."
            + " nach Köln. / Er bleibt.",
        "fr; M. Dupont habite av. Foch. Il attend.; M. Dupont habite av. Foch. / Il attend.",
        "es; El Sr. Gómez llamó. Vive en la av. Mayor 3.; El Sr. Gómez llamó. / Vive en la av. Mayor"
            + " 3.",
      })
  void abbreviationsDoNotEndSentences(String language, String text, String sentences) {
    assertThat(cut(text, language)).isEqualTo(sentences);
  }

  @Test
  void blanksAroundSentencesBelongToNone() {
    assertThat(Sentences.of("  Een.\u00a0 Twee.  ", "nl"))
        .isEqualTo(List.of(new Sentences.Span(2, 6), new Sentences.Span(8, 13)));
    assertThat(Sentences.of(" \u00a0 ", "nl")).isEmpty();
    assertThat(Sentences.of("", "")).isEmpty();
  }

  @Test
  void anUnknownLanguageHasTheAbbreviationsOfAll() {
    assertThat(cut("Dhr. Jansen en Mrs. Smith. Klaar.", ""))
        .isEqualTo("Dhr. Jansen en Mrs. Smith. / Klaar.");
  }
}
