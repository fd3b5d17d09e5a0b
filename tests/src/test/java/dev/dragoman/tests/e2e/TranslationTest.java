package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.translate.Translate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dutch by examples, with the real weights of gemma-3-270m. */
@Timeout(900)
class TranslationTest {
  @TempDir private Path folder;

  @BeforeAll
  static void pull() {
    ModelPuller.ensure(ModelStore.atDefaultHome(), "gemma-3-270m");
  }

  private List<Document> translated(String... texts) throws IOException {
    Path terms =
        Files.writeString(folder.resolve("terms.csv"), "borg,deposit\nmonteur,engineer,nl-en\n");
    ObjectNode config = new ObjectMapper().createObjectNode();
    config.put("from", "nl").put("glossary", terms.toString());
    config.putObject("routes").put("nl", "gemma-3-270m");
    // So small a model takes liberties with names.
    config.putArray("protect").add("Sanne de Wit");
    List<Document> documents =
        List.of(texts).stream()
            .map(text ->
                Document.ofText(URI.create("urn:test:" + text.length()), "text/plain", text))
            .toList();
    try (Operator translate =
        Configs.configure(Translate.Config.class, config).open(OperatorContext.local())) {
      return translate.apply(documents).stream()
          .map(outcome -> ((Outcome.Enriched) outcome).document())
          .toList();
    }
  }

  private static String translation(Document document) {
    return document.rewrite("translation").orElseThrow().value();
  }

  @Test
  void aDutchTicketBecomesEnglish() throws IOException {
    String ticket =
        """
        Wasmachine kapot

        De wasmachine lekt sinds gisteren. Waar blijft mijn borg?
        - Factuur INV-2026-3316 van € 382,10
        - Bel mij op +31 6 65272024 of mail naar jan.bakker@example.nl

        Sanne de Wit
        """;
    Document document = translated(ticket).getFirst();
    String english = translation(document);
    assertThat(english.lines().count()).isEqualTo(ticket.lines().count());
    assertThat(english)
        .containsIgnoringCase("washing")
        .contains("deposit?", "INV-2026-3316", "+31 6 65272024", "jan.bakker@example.nl", "382")
        .endsWith("Sanne de Wit\n")
        .doesNotContain("gisteren", "borg");
    assertThat(document.annotationsOf(Annotation.TextSpan.class))
        .filteredOn(span -> span.kind().equals("translated"))
        .allMatch(span -> span.confidence() > 0 && span.confidence() <= 1)
        .hasSizeGreaterThan(4);
    assertThat(document.annotationsOf(Annotation.TextSpan.class))
        .filteredOn(span -> span.kind().equals("term"))
        .extracting(Annotation.TextSpan::value)
        .containsExactly("deposit");
  }

  @Test
  void aTranslationDoesNotDependOnItsNeighbours() throws IOException {
    String one = "De monteur komt morgen om tien uur.";
    String two = "Ik heb de rekening van maart al betaald.";
    List<Document> together = translated(one, two, "Het pakket is niet aangekomen.");
    assertThat(translation(translated(two).getFirst())).isEqualTo(translation(together.get(1)));
    assertThat(translation(together.getFirst())).contains("engineer");
  }
}
