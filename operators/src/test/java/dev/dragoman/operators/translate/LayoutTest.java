package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
  private static List<String> sentences(String text) {
    return Layout.units(text, "nl").stream().map(Layout.Unit::text).toList();
  }

  private static String shouted(String text) {
    List<Layout.Unit> units = Layout.units(text, "nl");
    return Layout.replaced(
        text, units, units.stream().map(unit -> unit.text().toUpperCase(Locale.ROOT)).toList());
  }

  @Test
  void linesOfALetterStayLines() {
    String letter =
        "Beste heer,\n\nMijn kast is stuk. Wat nu?\n\nMet vriendelijke groet,\nSanne\n030-2688651\n";
    assertThat(sentences(letter))
        .containsExactly(
            "Beste heer,", "Mijn kast is stuk.", "Wat nu?", "Met vriendelijke groet,", "Sanne");
    assertThat(shouted(letter)).isEqualTo(letter.toUpperCase(Locale.ROOT));
  }

  @Test
  void aSentenceGoesOnOverALineThatIsFull() {
    String wrapped =
        "Sinds de overgang naar de nieuwe versie worden onze\n"
            + "bonnen niet meer doorgezet naar het boekhoudpakket.\n"
            + "Kunt u helpen?";
    assertThat(sentences(wrapped))
        .containsExactly(
            "Sinds de overgang naar de nieuwe versie worden onze bonnen niet meer doorgezet naar het"
                + " boekhoudpakket.",
            "Kunt u helpen?");
    String shouted = shouted(wrapped);
    assertThat(shouted.lines()).hasSize(3);
    assertThat(shouted.replace('\n', ' '))
        .isEqualTo(wrapped.toUpperCase(Locale.ROOT).replace('\n', ' '));
  }

  @Test
  void quotedMailKeepsItsMarks() {
    String mail =
        "> Sinds de overgang naar de nieuwe versie worden onze\n"
            + "> bonnen niet meer doorgezet naar het boekhoudpakket.\n"
            + "> - eerste punt\n> - tweede punt\n";
    assertThat(sentences(mail)).hasSize(3);
    assertThat(shouted(mail).lines()).allMatch(line -> line.startsWith("> ")).hasSize(4);
  }

  @Test
  void marksOfListsHeadingsAndTablesAreNotTranslated() {
    assertThat(
            sentences(
                "# Titel\n* een ding\n2) nog een\n- [x] klaar\n| naam | prijs |\n|---|---|\n"))
        .containsExactly("Titel", "een ding", "nog een", "klaar", "naam", "prijs");
  }

  @Test
  void codeBetweenFencesStays() {
    assertThat(sentences("Doe dit:\n```\nrm -rf map\n```\nen dan dat."))
        .containsExactly("Doe dit:", "en dan dat.");
  }

  @Test
  void elementsOfHtmlSeparateSentences() {
    String html = "<p>Een zin.</p><ul><li>een <b>ding</b></li><li>twee</li></ul>";
    assertThat(sentences(html)).containsExactly("Een zin.", "een <b>ding</b>", "twee");
    assertThat(shouted(html)).startsWith("<p>EEN ZIN.</p><ul><li>").endsWith("</li></ul>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "a",
        "Een.  Twee.\tDrie.\r\n\r\n   Vier\u2028vijf",
        "|||\n---\n***\n",
        "> > diep\n>\n> nog",
        "1. \n2. b\n",
        "```\nopen"
      })
  void whatIsNotASentenceStaysAsItIs(String text) {
    List<Layout.Unit> units = Layout.units(text, "nl");
    assertThat(Layout.replaced(text, units, units.stream().map(Layout.Unit::text).toList()))
        .isEqualTo(text);
  }

  @Test
  void anOffsetOfASentenceIsFoundInTheText() {
    String text =
        "> Sinds de overgang naar de nieuwe versie worden onze\n"
            + ">   bonnen niet meer doorgezet naar het boekhoudpakket.\n";
    Layout.Unit unit = Layout.units(text, "nl").getFirst();
    for (String word : List.of("Sinds", "onze", "bonnen", "boekhoudpakket")) {
      assertThat(unit.offset(unit.text().indexOf(word))).isEqualTo(text.indexOf(word));
    }
  }
}
