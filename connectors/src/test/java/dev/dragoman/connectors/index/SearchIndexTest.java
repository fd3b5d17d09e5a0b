package dev.dragoman.connectors.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.index.SearchIndex.Hit;
import dev.dragoman.connectors.index.SearchIndex.Mode;
import dev.dragoman.connectors.index.SearchIndex.Request;
import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIndexTest {
  private static final Function<String, float[]> NO_MODEL =
      text -> {
        throw new AssertionError("asked for the vector of " + text);
      };

  @TempDir Path folder;

  private static Document ticket(String name, String language, String text, float... vector) {
    Document document = Samples.labelled(Samples.text(name, text), "language", language, 0.9);
    return vector.length == 0 ? document : Samples.embedded(document, vector);
  }

  private static final List<Document> TICKETS =
      List.of(
          Samples.labelled(
              ticket(
                  "nl1",
                  "nl",
                  "Ik heb de factuur van maart nog niet ontvangen. Kunt u die sturen?",
                  1,
                  0,
                  0),
              "category",
              "billing",
              0.8),
          Samples.labelled(
              ticket("nl2", "nl", "Mijn fietsen zijn gestolen uit de schuur.", 0, 1, 0),
              "column:Status",
              "Open",
              Double.NaN),
          ticket("en1", "en", "The invoices were paid twice, please refund one.", 0.8f, 0.6f, 0),
          ticket("pt1", "pt", "Não consigo entrar na minha conta.", 0, 0, 1),
          Samples.labelled(ticket("photo", "en", ""), "title", "Harbour at dawn", Double.NaN));

  private List<Hit> search(String text, Mode mode, Map<String, List<String>> filters, float... v)
      throws IOException {
    return search(TICKETS, new Request(text, mode, filters, 10), v);
  }

  private List<Hit> search(List<Document> documents, Request request, float... vector)
      throws IOException {
    Path place = folder.resolve("index-" + documents.size());
    if (!place.toFile().exists()) {
      try (IndexBuilder builder = new IndexBuilder(place)) {
        for (Document document : documents) {
          builder.add(document);
        }
        builder.commit();
      }
    }
    try (SearchIndex index = new SearchIndex(place)) {
      return index.search(request, vector.length == 0 ? NO_MODEL : text -> vector);
    }
  }

  private static List<String> names(List<Hit> hits) {
    return hits.stream()
        .map(hit -> hit.sourceUri().substring(hit.sourceUri().lastIndexOf('/') + 1))
        .toList();
  }

  @Test
  void dutchPluralFindsTheSingular() throws IOException {
    assertThat(names(search("facturen", Mode.TEXT, Map.of()))).containsExactly("nl1");
    assertThat(names(search("fiets", Mode.TEXT, Map.of()))).containsExactly("nl2");
  }

  @Test
  void englishSingularFindsThePlural() throws IOException {
    assertThat(names(search("invoice", Mode.TEXT, Map.of()))).containsExactly("en1");
  }

  @Test
  void accentsDoNotMatter() throws IOException {
    assertThat(names(search("nao consigo", Mode.TEXT, Map.of()))).containsExactly("pt1");
  }

  @Test
  void documentWithoutTextIsFoundByItsTitle() throws IOException {
    Hit hit = search("harbour", Mode.TEXT, Map.of()).getFirst();

    assertThat(hit.title()).isEqualTo("Harbour at dawn");
    assertThat(hit.chunkId()).isEmpty();
    assertThat(hit.snippet()).isEmpty();
  }

  @Test
  void snippetIsTheSentenceWithTheFoundWordMarked() throws IOException {
    Hit hit = search("facturen", Mode.TEXT, Map.of()).getFirst();

    assertThat(hit.snippet()).isEqualTo("Ik heb de <b>factuur</b> van maart nog niet ontvangen.");
    assertThat(hit.startOffset()).isZero();
    assertThat(hit.endOffset()).isEqualTo(hit.text().length());
    assertThat(hit.language()).isEqualTo("nl");
    assertThat(hit.documentId()).isEqualTo(TICKETS.getFirst().id().value());
  }

  @Test
  void vectorsFindTheNearestFirst() throws IOException {
    List<Hit> hits = search("money back", Mode.VECTOR, Map.of(), 0.9f, 0.1f, 0);

    assertThat(names(hits)).startsWith("nl1", "en1", "nl2");
    assertThat(hits.getFirst().score()).isGreaterThan(0.99);
  }

  @Test
  void hybridPrefersWhatBothFind() throws IOException {
    List<Hit> hits = search("refund", Mode.HYBRID, Map.of(), 0.9f, 0.1f, 0);

    assertThat(names(hits)).startsWith("en1").contains("nl1");
  }

  @Test
  void filtersLeaveOnlyWhatTheyName() throws IOException {
    String words = "factuur fietsen invoices conta";
    assertThat(names(search(words, Mode.TEXT, Map.of("language", List.of("nl", "pt")))))
        .containsExactlyInAnyOrder("nl1", "nl2", "pt1");
    assertThat(names(search(words, Mode.TEXT, Map.of("category", List.of("billing")))))
        .containsExactly("nl1");
    assertThat(names(search(words, Mode.TEXT, Map.of("status", List.of("open")))))
        .containsExactly("nl2");
    assertThat(names(search(words, Mode.TEXT, Map.of("source_uri", List.of("*/en1")))))
        .containsExactly("en1");
    assertThat(names(search("x", Mode.VECTOR, Map.of("language", List.of("pt")), 1, 0, 0)))
        .containsExactly("pt1");
  }

  @Test
  void unknownFilterNamesTheKeysThereAre() {
    assertThatThrownBy(() -> search("x", Mode.TEXT, Map.of("colour", List.of("red"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("colour", "category", "language", "status");
  }

  @Test
  void oddQueriesAreAnsweredAndNotThrown() throws IOException {
    for (String query :
        List.of("\"", "(((", "+", "-", "a*", "de het een", "AND OR NOT", "[1 TO 2]", "😀", "a:b")) {
      assertThat(search(query, Mode.TEXT, Map.of())).isNotNull();
    }
    assertThatThrownBy(() -> search("  ", Mode.TEXT, Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void vectorsOfAnotherModelAreRefused() {
    assertThatThrownBy(() -> search("x", Mode.VECTOR, Map.of(), 1, 0))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(Samples.MODEL);
    assertThatThrownBy(() ->
            search(TICKETS.subList(4, 5), new Request("x", Mode.HYBRID, Map.of(), 5), 1, 0, 0))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--mode text");
  }

  @Test
  void vectorsMayHaveMoreThanAThousandDimensions() throws IOException {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      documents.add(ticket("w" + i, "en", "text " + i, Samples.vector(1536, i)));
    }
    List<Hit> hits =
        search(documents, new Request("x", Mode.VECTOR, Map.of(), 3), Samples.vector(1536, 17));

    assertThat(names(hits)).startsWith("w17");
  }

  @Test
  void nearestOfThousandsAreAlmostAllFound() throws IOException {
    int size = 4_000;
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      documents.add(ticket("v" + i, "en", "text " + i, Samples.vector(32, i)));
    }
    int found = 0;
    for (int q = 0; q < 20; q++) {
      float[] query = Samples.vector(32, 1_000_000 + q);
      List<Integer> exact =
          java.util.stream.IntStream.range(0, size)
              .boxed()
              .sorted(java.util.Comparator.comparingDouble(i -> -dot(query, Samples.vector(32, i))))
              .limit(10)
              .toList();
      List<String> names =
          names(search(documents, new Request("x", Mode.VECTOR, Map.of(), 10), query));
      for (int i : exact) {
        found += names.contains("v" + i) ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(190);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void missingIndexIsTheUsersMistake() {
    assertThatThrownBy(() -> new SearchIndex(folder.resolve("nowhere")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no search index");
  }
}
