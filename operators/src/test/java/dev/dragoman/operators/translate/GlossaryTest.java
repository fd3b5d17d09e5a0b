package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlossaryTest {
  @TempDir private Path folder;

  private Glossary glossary(String csv) throws IOException {
    return Glossary.read(Files.writeString(folder.resolve("terms.csv"), csv));
  }

  @Test
  void termsAreFoundAsWholeWordsTheLongestFirst() throws IOException {
    Glossary glossary = glossary("source,target\nborg,deposit\nborg terug,refund of the deposit\n");
    List<Glossary.Found> found =
        glossary.find("Borg terug? De BORG, niet de borgtocht.", "nl", "en");
    assertThat(found).extracting(Glossary.Found::source).containsExactly("Borg terug", "BORG");
    assertThat(found.getFirst().forms()).containsExactly("refund of the deposit");
    assertThat(found.get(1).start()).isEqualTo(15);
  }

  @Test
  void aRowIsForItsLanguagesOnly() throws IOException {
    Glossary glossary = glossary("aanmaning;reminder;nl-en\naanmaning;aviso;nl-pt\n");
    assertThat(glossary.find("een aanmaning", "nl", "pt").getFirst().forms())
        .containsExactly("aviso");
    assertThat(glossary.find("een aanmaning", "de", "en")).isEmpty();
  }

  @Test
  void formsAndSpellingsAreAlternatives() throws IOException {
    Glossary glossary =
        glossary("source,forms,target\nmonteur|monteurs,engineers|technician,engineer\n");
    Glossary.Found found = glossary.find("De monteurs komen", "nl", "en").getFirst();
    assertThat(found.forms()).containsExactly("engineer", "engineers", "technician");
    assertThat(found.isIn("The Technician comes")).isTrue();
    assertThat(found.isIn("The engineering team comes")).isFalse();
    assertThat(found.term().forms())
        .containsExactly(
            "engineer", "engineers", "technician", "Engineer", "Engineers", "Technician");
  }

  @Test
  void anEmptyTargetKeepsTheTermAndExactMindsCapitals() throws IOException {
    Glossary glossary = glossary("source,target,case\nMijn Post,,exact\n");
    assertThat(glossary.find("mijn post is weg", "nl", "en")).isEmpty();
    Glossary.Found found = glossary.find("Mijn Post werkt niet", "nl", "en").getFirst();
    assertThat(found.term().forms()).containsExactly("Mijn Post");
    assertThat(found.isIn("mijn post does not work")).isFalse();
  }

  @Test
  void mistakesNameFileLineAndWhatIsRight() {
    assertThatThrownBy(() -> glossary("source,target,lang\na,b,nl-en\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("terms.csv")
        .hasMessageContaining("'lang'")
        .hasMessageContaining("languages");
    assertThatThrownBy(() -> glossary("a,b,Dutch\n"))
        .hasMessageContaining("line 1")
        .hasMessageContaining("'dutch'")
        .hasMessageContaining("nl-en");
    assertThatThrownBy(() -> glossary("a,b\n,c\n")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> glossary("a,b,nl-en,x,maybe\n")).hasMessageContaining("exact");
    assertThatThrownBy(() -> Glossary.read(folder.resolve("none.csv")))
        .hasMessageContaining("none.csv");
  }
}
