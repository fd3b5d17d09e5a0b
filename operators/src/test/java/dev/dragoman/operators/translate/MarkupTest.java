package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.Translation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkupTest {
  /** Words of a translation, each with the number of the source's word it comes from. */
  private static Translation aligned(String plain, String target) {
    List<int[]> words = new ArrayList<>();
    int at = 0;
    for (String word : plain.split(" +")) {
      int start = plain.indexOf(word, at);
      words.add(new int[] {start, start + word.length()});
      at = start + word.length();
    }
    StringBuilder text = new StringBuilder();
    List<Translation.Piece> pieces = new ArrayList<>();
    for (String word : target.split(" ")) {
      String[] parts = word.split("/");
      int[] from = words.get(Integer.parseInt(parts[1]));
      int start = text.length();
      text.append(text.isEmpty() ? "" : " ").append(parts[0]);
      pieces.add(new Translation.Piece(start, text.length(), from[0], from[1], 0));
    }
    return new Translation(text.toString(), 0, 1, 1, pieces, true);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "Klik <b>hier</b> nu; now/2 click/0 here/1; now click <b>here</b>",
        "<p>Klik hier</p>; click/0 here/1; <p>click here</p>",
        "een <b>heel <i>groot</i></b> huis; a/0 big/2 very/1 house/3; a <b><i>big</i> very</b> house",
        "<b>rood</b> en <i>blauw</i>; blue/2 and/1 red/0; <i>blue</i> and <b>red</b>",
        "de **rode** auto; the/0 car/2 red/1; the car **red**",
        "zie [de site](https://a.nl) eens; look/0 at/0 the/1 site/2; look at [the site](https://a.nl)",
        "regel<br/>twee; line/0 two/1; line <br/>two",
        "<b>a</b> <i>b</i>; x/0 y/1 z/0; <b>x y z</b><i></i>",
        "los </b> eind; loose/0 end/1; loose </b>end",
        "<b>open eind; open/0 end/1; <b>open end",
      })
  void markupGoesWhereItsWordsWent(String source, String target, String expected) {
    List<Verbatim.Span> spans = new Verbatim(List.of()).spans(source);
    Markup markup = new Markup(source, spans);
    String back = markup.putBack(aligned(markup.plain(), target));
    assertThat(back).isEqualTo(expected);
    for (Verbatim.Span span : spans) {
      assertThat(Verbatim.count(back, span.text())).isEqualTo(Verbatim.count(source, span.text()));
    }
  }
}
