package dev.dragoman.operators.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.Translator;
import dev.dragoman.models.catalog.ModelCatalog;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.text.DetectLanguage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslateTest {
  private static final Map<String, String> DUTCH =
      Map.ofEntries(
          Map.entry("De", "The"),
          Map.entry("de", "the"),
          Map.entry("kast", "cupboard"),
          Map.entry("is", "is"),
          Map.entry("stuk", "broken"),
          Map.entry("Waar", "Where"),
          Map.entry("mijn", "my"),
          Map.entry("borg", "surety"),
          Map.entry("blijft", "remains"),
          Map.entry("van", "of"),
          Map.entry("Beste", "Dear"),
          Map.entry("lus", "loop loop loop loop loop loop"));
  private static final Map<String, String> PORTUGUESE =
      Map.of("The", "O", "cupboard", "armário", "is", "está", "broken", "avariado");

  @TempDir private Path folder;
  private final List<AutoCloseable> held = new ArrayList<>();

  @AfterEach
  void giveBack() throws Exception {
    for (AutoCloseable each : held) {
      each.close();
    }
  }

  private WordForWord model(String name, Map<String, String> words, String... forgotten)
      throws IOException {
    return model(name, Set.of(), words, forgotten);
  }

  private WordForWord model(
      String name, Set<String> languages, Map<String, String> words, String... forgotten)
      throws IOException {
    Path path = Files.createDirectories(folder.resolve(name)).toAbsolutePath().normalize();
    var lease =
        SharedResource.lease(
            Translator.class, path, () -> new WordForWord(languages, words, Set.of(forgotten)));
    held.add(lease);
    return (WordForWord) lease.get();
  }

  private String path(String name) {
    return folder.resolve(name).toString().replace("\\", "/");
  }

  private Translate open(String json) throws IOException {
    Translate.Config config =
        Configs.configure(Translate.Config.class, new ObjectMapper().readTree(json));
    return config.open(
        new OperatorContext(
            ModelStore.at(folder.resolve("home")), OperatorContext.local().contents()));
  }

  private static Document document(String language, String text) {
    Document document = Document.ofText(URI.create("urn:test"), "text/plain", text);
    return document.plus(List.of(language(language, PartId.TEXT)));
  }

  private static Annotation.Label language(String code, PartId part) {
    return new Annotation.Label(new Origin(part, "DetectLanguage", "1", ""), "language", code, 1);
  }

  private Document translated(String json, Document document) throws IOException {
    try (Translate translate = open(json)) {
      return ((Outcome.Enriched) translate.apply(List.of(document)).getFirst()).document();
    }
  }

  private static String translation(Document document) {
    return document.rewrite("translation").orElseThrow().value();
  }

  private static List<String> spans(Document document, String kind) {
    return document.annotationsOf(Annotation.TextSpan.class).stream()
        .filter(span -> span.kind().equals(kind))
        .map(span ->
            document.textParts().getFirst().text().substring(span.start(), span.end())
                + " -> "
                + span.value())
        .toList();
  }

  private String dutch(String more) throws IOException {
    return "{\"to\": \"en\", \"routes\": {\"nl\": \"" + path("nl-en") + "\"}" + more + "}";
  }

  @Test
  void theModelsOfItsOwnRoutesAreThoseOfTheCatalogThatTranslate() {
    assertThat(Routes.defaultModels())
        .contains("firefox-nl-en", "opus-mt-nl-en", "opus-mt-en-nl", "gemma-3-270m")
        .allMatch(name -> ModelCatalog.builtIn().entry(name).operators().contains("Translate"));
  }

  @Test
  void sentencesAreTranslatedInTheirPlaces() throws IOException {
    model("nl-en", DUTCH);
    Document document =
        translated(
            dutch(""), document("nl", "De kast is stuk.  Waar blijft mijn borg?\n\n- De kast\n"));
    assertThat(translation(document))
        .isEqualTo("The cupboard is broken.  Where remains my surety?\n\n- The cupboard\n");
    assertThat(document.rewrite("translation").orElseThrow().language()).isEqualTo("en");
    assertThat(document.rewrite("translation").orElseThrow().confidence()).isBetween(0.90, 0.91);
    assertThat(spans(document, "translated"))
        .containsExactly(
            "De kast is stuk. -> The cupboard is broken.",
            "Waar blijft mijn borg? -> Where remains my surety?",
            "De kast -> The cupboard");
    assertThat(document.provenance().steps())
        .containsExactly(Step.done("Translate", "1", path("nl-en")));
  }

  @Test
  void aLongDocumentIsTranslatedAsFarAsIsWantedAndSaysSo() throws IOException {
    model("nl-en", DUTCH);
    Document document =
        translated(
            dutch(", \"max_characters\": 20"),
            document("nl", "De kast is stuk. Waar blijft mijn borg?"));
    assertThat(translation(document)).isEqualTo("The cupboard is broken. Waar blijft mijn borg?");
    assertThat(document.annotationsOf(Annotation.Label.class))
        .extracting(Annotation.Label::kind)
        .containsOnlyOnce("translation_cut");
    assertThat(
            translated(dutch(", \"max_characters\": 4"), document("nl", "De kast is stuk."))
                .rewrite("translation"))
        .isEmpty();
  }

  @Test
  void whatIsLostIsAskedForOrPutBetweenPieces() throws IOException {
    model("nl-en", DUTCH, "AB-12", "{naam}");
    Document document = translated(dutch(""), document("nl", "De kast AB-12 van {naam} is stuk."));
    assertThat(translation(document)).isEqualTo("The cupboard AB-12 of {naam} is broken.");
  }

  @Test
  void markupFollowsItsWords() throws IOException {
    WordForWord model = model("nl-en", DUTCH);
    Document document =
        translated(dutch(""), document("nl", "De <b>kast</b> is **stuk**. Zie https://a.nl/b"));
    assertThat(translation(document))
        .isEqualTo("The <b>cupboard</b> is **broken**. Zie https://a.nl/b");
    assertThat(model.asked()).contains("De kast is stuk.");
  }

  @Test
  void namesThatAreProtectedStay() throws IOException {
    model("nl-en", DUTCH);
    assertThat(
            translation(
                translated(
                    dutch(", \"protect\": [\"De kast\"]"), document("nl", "De kast is stuk."))))
        .isEqualTo("De kast is broken.");
  }

  @Test
  void termsAreMetAndReported() throws IOException {
    model("nl-en", DUTCH);
    Path terms = Files.writeString(folder.resolve("terms.csv"), "borg,deposit\nlamp,light\n");
    String json = dutch(", \"glossary\": \"" + path("terms.csv") + "\"");
    try (Translate translate = open(json)) {
      Document document =
          ((Outcome.Enriched)
                  translate.apply(List.of(document("nl", "Waar blijft mijn borg?"))).getFirst())
              .document();
      assertThat(terms).exists();
      assertThat(translation(document)).isEqualTo("Where remains my deposit?");
      assertThat(spans(document, "term")).containsExactly("borg -> deposit");
      assertThat(translate.counts())
          .containsEntry("terms_met", 1L)
          .containsEntry("terms_missed", 0L);
    }
  }

  @Test
  void theMemoryGoesBeforeTheModel() throws IOException {
    WordForWord model = model("nl-en", DUTCH);
    Files.writeString(folder.resolve("tm.csv"), "De kast is stuk.,The wardrobe broke.\n");
    Document document =
        translated(
            dutch(", \"memory\": \"" + path("tm.csv") + "\""), document("nl", "De kast is stuk."));
    assertThat(translation(document)).isEqualTo("The wardrobe broke.");
    assertThat(model.asked()).isEmpty();
  }

  @Test
  void aSentenceIsTranslatedOnce() throws IOException {
    WordForWord model = model("nl-en", DUTCH);
    try (Translate translate = open(dutch(""))) {
      List<Document> batch =
          List.of(document("nl", "De kast is stuk."), document("nl", "De kast is stuk."));
      translate.apply(batch);
      translate.apply(batch);
      assertThat(model.asked()).containsExactly("De kast is stuk.");
      assertThat(translate.counts()).containsEntry("cache_hits", 3L).containsEntry("sentences", 4L);
    }
  }

  @Test
  void whatLoopsGoesToTheFallbackOrStays() throws IOException {
    model("nl-en", DUTCH);
    Document left = translated(dutch(""), document("nl", "De kast is lus."));
    assertThat(translation(left)).isEqualTo("De kast is lus.");
    assertThat(spans(left, "untranslated")).containsExactly("De kast is lus. -> it repeats itself");
    model("other", Map.of("De", "The", "kast", "case", "lus", "loose"));
    Document saved =
        translated(
            dutch(", \"fallback\": \"" + path("other") + "\""), document("nl", "De kast is lus."));
    assertThat(translation(saved)).isEqualTo("The case is loose.");
  }

  @Test
  void aMissingPairGoesRoundThroughEnglish() throws IOException {
    model("nl-en", DUTCH);
    model("en-pt", PORTUGUESE);
    String json =
        "{\"to\": \"pt\", \"routes\": {\"nl-en\": \"%s\", \"en\": \"%s\"}}"
            .formatted(path("nl-en"), path("en-pt"));
    Document document = translated(json, document("nl", "De kast is stuk."));
    assertThat(translation(document)).isEqualTo("O armário está avariado.");
    Annotation.Rewrite rewrite = document.rewrite("translation").orElseThrow();
    assertThat(rewrite.origin().model()).isEqualTo(path("nl-en") + "+" + path("en-pt"));
    assertThat(rewrite.confidence()).isBetween(0.81, 0.82);
  }

  @Test
  void aLanguageWithoutARouteIsRejectedNamingThePairs() throws IOException {
    model("nl-en", DUTCH);
    try (Translate translate = open(dutch(""))) {
      List<Outcome> outcomes =
          translate.apply(List.of(document("ko", "안녕하세요"), document("nl", "De kast")));
      Outcome.Failed failed = (Outcome.Failed) outcomes.getFirst();
      assertThat(failed.rejected().failure().code()).isEqualTo(RejectionCode.UNSUPPORTED);
      assertThat(failed.rejected().failure().message())
          .contains("from ko to en")
          .contains("nl-en (" + path("nl-en") + ")");
      assertThat(translation(((Outcome.Enriched) outcomes.get(1)).document()))
          .isEqualTo("The cupboard");
    }
    Document kept = translated(dutch(", \"on_missing_pair\": \"keep\""), document("ko", "안녕하세요"));
    assertThat(kept.rewrite("translation")).isEmpty();
    assertThat(kept.provenance().steps().getFirst().status()).isEqualTo(Step.Status.SKIPPED);
  }

  @Test
  void oneModelForAllLanguagesIsUsedForThoseItKnows() throws IOException {
    model("many", Set.of("nl", "en"), DUTCH);
    try (Translate translate = open("{\"model\": \"" + path("many") + "\"}")) {
      List<Outcome> outcomes =
          translate.apply(List.of(document("nl", "De kast"), document("fr", "Une armoire")));
      assertThat(translation(((Outcome.Enriched) outcomes.getFirst()).document()))
          .isEqualTo("The cupboard");
      assertThat(((Outcome.Failed) outcomes.get(1)).rejected().failure().message())
          .contains("from fr to en", "what " + path("many") + " knows");
    }
    String named = "{\"routes\": {\"fr\": \"" + path("many") + "\"}}";
    try (Translate translate = open(named)) {
      List<Document> french = List.of(document("fr", "Une armoire"));
      assertThatThrownBy(() -> translate.apply(french))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("fr-en")
          .hasMessageContaining("reads en, nl");
    }
  }

  @Test
  void onlyPartsInAnotherLanguageAreTranslated() throws IOException {
    model("nl-en", DUTCH);
    PartId one = new PartId("page:1");
    PartId two = new PartId("page:2");
    Document document =
        document("nl", "")
            .withParts(
                List.of(
                    new TextPart(one, one, TextPart.Role.BODY, 1, "The roof is blue."),
                    new TextPart(two, two, TextPart.Role.BODY, 2, "De kast is stuk.")))
            .withAnnotations(
                List.of(language("en", one), language("nl", two), language("nl", two)));
    assertThat(translation(translated(dutch(""), document)))
        .isEqualTo("The roof is blue.\n\nThe cupboard is broken.");
  }

  @Test
  void aDocumentInTheWantedLanguageOrNoneHasNoTranslation() throws IOException {
    model("nl-en", DUTCH);
    for (String language : List.of("en", DetectLanguage.UNDETERMINED)) {
      assertThat(translated(dutch(""), document(language, "The roof.")).rewrite("translation"))
          .isEmpty();
    }
  }

  @Test
  void mistakesInTheConfigurationAreTold() {
    assertThatThrownBy(() -> open("{\"from\": \"ko\", \"to\": \"en\"}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("from ko to en")
        .hasMessageContaining("pt-en (firefox-pt-en)");
    assertThatThrownBy(() -> open("{\"routes\": {\"Dutch\": \"x\"}}"))
        .hasMessageContaining("'Dutch'");
    assertThatThrownBy(() -> open("{\"to\": \"ko\"}"))
        .hasMessageContaining("no route leads to ko")
        .hasMessageContaining("nl-en");
    assertThatThrownBy(() -> open("{\"to\": \"English\"}")).hasMessageContaining("Translate.to");
    assertThatThrownBy(() -> open("{\"glossary\": \"none.csv\"}"))
        .hasMessageContaining("Translate.glossary")
        .hasMessageContaining("none.csv");
    assertThatThrownBy(() -> open("{\"routes\": {\"nl\": \"nothing-like-it\"}}"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nothing-like-it");
    assertThatThrownBy(() -> Configs.defaults(Translate.Config.class).checkAfter(List.of()))
        .hasMessageContaining("DetectLanguage");
  }
}
