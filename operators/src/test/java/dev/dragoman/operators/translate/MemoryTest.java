package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
  private static final String CSV =
      """
      source,target,languages
      Uw pakket komt op 3 mei aan.,Your parcel arrives on 3 May.,nl-en
      Met vriendelijke groet,Kind regards,
      Ligue para nós.,Call us.,pt-en
      Kamer 1 en kamer 1,Room 1 and room 1,nl-en
      """;

  @TempDir private Path folder;

  private Memory csv() throws IOException {
    return Memory.read(Files.writeString(folder.resolve("memory.csv"), CSV), "nl", "en");
  }

  private static Optional<String> target(Memory memory, String sentence, double atLeast) {
    return memory.find(sentence, atLeast).map(Memory.Match::target);
  }

  @Test
  void aSentenceIsFoundWhateverItsBlanks() throws IOException {
    assertThat(csv().find("Met \u00a0 vriendelijke\ngroet ", 1))
        .contains(new Memory.Match("Kind regards", 1));
  }

  @Test
  void numbersAreCarriedOver() throws IOException {
    assertThat(target(csv(), "Uw pakket komt op 17 mei aan.", 1))
        .contains("Your parcel arrives on 17 May.");
    assertThat(target(csv(), "Kamer 2 en kamer 3", 1)).isEmpty();
  }

  @Test
  void pairsOfOtherLanguagesAreNotUsed() throws IOException {
    assertThat(target(csv(), "Ligue para nós.", 0.5)).isEmpty();
  }

  @Test
  void alikeIsTakenWhereItIsWanted() throws IOException {
    String alike = "Uw pakket kwam op 9 mei aan.";
    assertThat(target(csv(), alike, 1)).isEmpty();
    Memory.Match match = csv().find(alike, 0.8).orElseThrow();
    assertThat(match.target()).isEqualTo("Your parcel arrives on 9 May.");
    assertThat(match.likeness()).isBetween(0.8, 0.99);
    assertThat(target(csv(), "Iets heel anders dan dat.", 0.5)).isEmpty();
  }

  @Test
  void likenessIsOneLessTheEditDistance() {
    assertThat(Memory.likeness("kast", "kast")).isEqualTo(1);
    assertThat(Memory.likeness("kast", "kust")).isEqualTo(0.75);
    assertThat(Memory.likeness("", "abc")).isZero();
    assertThat(Memory.likeness("", "")).isEqualTo(1);
  }

  @Test
  void tmxIsRead() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("memory.tmx"),
            """
            <?xml version="1.0"?>
            <tmx version="1.4"><header srclang="nl"/><body>
            <tu><tuv xml:lang="nl-NL"><seg>De <bpt i="1"/>borg<ept i="1"/> komt.</seg></tuv>
                <tuv xml:lang="EN"><seg>The deposit is coming.</seg></tuv></tu>
            <tu><tuv lang="de"><seg>Hallo</seg></tuv><tuv lang="en"><seg>Hello</seg></tuv></tu>
            </body></tmx>
            """);
    Memory memory = Memory.read(file, "nl", "en");
    assertThat(target(memory, "De borg komt.", 1)).contains("The deposit is coming.");
    assertThat(target(memory, "Hallo", 1)).isEmpty();
  }

  @Test
  void damagedOrHostileTmxIsRefused() throws IOException {
    Path broken = Files.writeString(folder.resolve("a.tmx"), "<tmx><body><tu>");
    assertThatThrownBy(() -> Memory.read(broken, "nl", "en"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a.tmx");
    Path bomb =
        Files.writeString(
            folder.resolve("b.tmx"),
            "<!DOCTYPE tmx [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><tmx><body><tu>"
                + "<tuv lang=\"nl\"><seg>x</seg></tuv><tuv lang=\"en\"><seg>&a;</seg></tuv></tu>"
                + "</body></tmx>");
    assertThatThrownBy(() -> Memory.read(bomb, "nl", "en")).hasMessageContaining("b.tmx");
  }
}
