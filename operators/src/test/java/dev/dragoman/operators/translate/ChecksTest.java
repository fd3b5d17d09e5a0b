package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.translate.Checks.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static Set<Problem> problems(String source, String translation) {
    List<Verbatim.Span> spans = new Verbatim(List.of()).spans(source);
    return Checks.problems(
        source, translation, true, spans, List.of(), text -> text.contains(" de ") ? 0.99 : 0.01);
  }

  @ParameterizedTest(name = "{1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "De kast is stuk.; The cupboard is broken.; ",
        "De kast is stuk.; ''; EMPTY",
        "Bel mij terug.; Call me, call me, call me, call me, call me back.; LOOPING",
        "Ja, ja, ja.; Yes, yes, yes.; ",
        "Nee nee nee nee nee.; No no no no no.; ",
        "Dat is lang.; That is looooooooooooooooong.; LOOPING",
        "Wij hebben de sleutels op tijd ingeleverd bij u.; Keys.; LENGTH",
        "De borg is er nog niet.; De borg is er nog niet.; UNTRANSLATED",
        "Sanne de Wit; Sanne de Wit; ",
        "Waar is hij nou toch?; He is in de big house on de long and winding hill.; UNTRANSLATED",
        "Bestelling AB-12 is weg.; Order AB-12 is gone.; ",
        "Bestelling AB-12 is weg.; Order AB12 is gone.; NOT_VERBATIM",
        "Bestelling AB-12 is weg.; Order AB-12 (AB-12) is gone.; NOT_VERBATIM",
        "Ik betaalde € 1.382,10 op 18 mei.; I paid € 1,382.10 on 18 May.; ",
        "Ik betaalde € 382,10 op 18 mei.; I paid € 382.10 on 19 May.; NUMBERS",
        "Ik betaalde € 382,10.; I paid.; NUMBERS",
        "Ik kocht er 3.; I bought three.; ",
        "Het kost 100 euro.; It costs 100.00 euros.; ",
      })
  void whatIsWrongIsSeen(String source, String translation, String expected) {
    Set<Problem> wanted =
        expected == null
            ? Set.of()
            : Arrays.stream(expected.split(" ")).map(Problem::valueOf).collect(Collectors.toSet());
    assertThat(problems(source, translation)).isEqualTo(wanted);
  }

  @Test
  void aTranslationThatDidNotEndIsCutOff() {
    assertThat(Checks.problems("Ja.", "Yes", false, List.of(), List.of(), _ -> 0))
        .containsExactly(Problem.CUT_OFF);
  }
}
