package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerbatimTest {
  private static List<String> found(String text) {
    return new Verbatim(List.of("KPN Veilig", "Veilig"))
        .spans(text).stream().map(Verbatim.Span::text).toList();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "Zie https://example.nl/a?b=1.; https://example.nl/a?b=1",
        "Zie (www.example.nl/x).; www.example.nl/x",
        "Mail jan.de.vries+werk@example.co.uk.; jan.de.vries+werk@example.co.uk",
        "Beste {name}, uw {{order}} kost ${price}.; {name}|{{order}}|${price}",
        "%s van %2$d en %(naam)s met %.2f; %s|%2$d|%(naam)s|%.2f",
        "Aan [EMAIL] en [PHONE_2]; [EMAIL]|[PHONE_2]",
        "Rekening NL67SNSB0352230202 klopt; NL67SNSB0352230202",
        "Rekening NL51 RABO 0368 6617 99 klopt; NL51 RABO 0368 6617 99",
        "O IBAN PT50 0035 8655 6176 6539 6828 8.; PT50 0035 8655 6176 6539 6828 8",
        "Bel +31 6 65272024 of +351 916 713 643; +31 6 65272024|+351 916 713 643",
        "Kaart 5105-1051-0510-5100 en 192.0.2.185; 5105-1051-0510-5100|192.0.2.185",
        "Foutcode E-417 bij INV-2026-3316/B; E-417|INV-2026-3316/B",
        "Open brief_v2.pdf in config.json; brief_v2.pdf|config.json",
        "Zet max_size in `a = b`; max_size|`a = b`",
        "KPN Veilig is Veilig, niet veilig; KPN Veilig|Veilig",
        "Ticket #123 van @jan_b over #storing; #123|@jan_b|#storing",
      })
  void thingsThatStayAreFound(String text, String spans) {
    assertThat(found(text)).containsExactly(spans.split("\\|"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "De 84-jarige man betaalde op 18 augustus 2026 € 382,10.",
        "Dat is 50% duurder dan 1.234,56 euro.",
        "Het is 14:30 uur, de 3e keer in het 2de jaar.",
        "Ele pagou 409,55 euros; depois, nada.",
        "A - b, c (d) en 'e' of \"f\".",
        "Vanaf 5 * 3 = 15 en 2 < 3 > 1."
      })
  void plainWordsAndNumbersAreLeftToTheModel(String text) {
    assertThat(found(text)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "Klik <b>hier</b> of <br/> daar; <b>|</b>|<br/>",
        "Klik <a href=\"https://a.nl/x\">hier</a>; <a href=\"https://a.nl/x\">|</a>",
        "Dit is **heel** en *erg* en __zo__ en ~~weg~~; **|**|*|*|__|__|~~|~~",
        "Zie [de site](https://a.nl) en ![beeld](b.png); [|](https://a.nl)|![|](b.png)",
      })
  void markupIsTold(String text, String spans) {
    assertThat(new Verbatim(List.of()).spans(text))
        .allMatch(Verbatim.Span::markup)
        .extracting(Verbatim.Span::text)
        .containsExactly(spans.split("\\|"));
  }
}
