package dev.dragoman.operators.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbedTest {
  private static Document document(String... chunks) {
    Document document = Document.ofText(URI.create("urn:test"), "text/plain", "text");
    for (int i = 0; i < chunks.length; i++) {
      document =
          document.plus(
              List.of(
                  new Annotation.Chunk(
                      new Origin(PartId.TEXT, "Chunk", "1", "m"),
                      i,
                      chunks[i],
                      0,
                      chunks[i].length(),
                      0,
                      Double.NaN,
                      Double.NaN,
                      null),
                  new Annotation.Label(
                      new Origin(PartId.TEXT, "X", "1", ""), "between", "" + i, 1)));
    }
    return document;
  }

  @Test
  void everyChunkOfABatchGetsItsOwnVectorInOneCall() {
    Lease<TextEmbedder> lease = BagOfWords.lease();
    BagOfWords embedder = (BagOfWords) lease.get();
    try (Embed embed = new Embed(new Embed.Config("m", "pass: ", 4096), lease)) {
      List<Outcome> outcomes =
          embed.apply(List.of(document("one", "two"), document(), document("three")));
      assertThat(embedder.calls()).isEqualTo(1);
      assertThat(outcomes).hasSize(3);
      String[][] texts = {{"one", "two"}, {}, {"three"}};
      for (int i = 0; i < 3; i++) {
        Document document = ((Outcome.Enriched) outcomes.get(i)).document();
        assertThat(document.provenance().steps()).containsExactly(Step.done("Embed", "1", "m"));
        List<Annotation.Chunk> chunks = document.annotationsOf(Annotation.Chunk.class);
        assertThat(chunks).hasSize(texts[i].length);
        assertThat(document.annotations()).hasSize(2 * texts[i].length);
        for (int j = 0; j < chunks.size(); j++) {
          assertThat(chunks.get(j).embedding())
              .isEqualTo(
                  new Annotation.Embedding(
                      new Origin(PartId.TEXT, "Embed", "1", "m"),
                      embedder.embed(List.of("pass: " + texts[i][j]))[0]));
        }
      }
    }
  }

  @Test
  void documentsWeighWhatTheirChunksWeigh() {
    try (Embed embed = new Embed(Embed.Config.defaults(), BagOfWords.lease())) {
      assertThat(embed.weight(document())).isZero();
      assertThat(embed.weight(document("x".repeat(400), "x".repeat(40)))).isEqualTo(112);
      assertThat(embed.batchWeight()).isEqualTo(4096);
    }
  }

  @Test
  void itWantsChunkOfTheSameModelBeforeIt() {
    Embed.Config embed = Embed.Config.defaults();
    assertThatThrownBy(() -> embed.checkAfter(List.of(Summarize.Config.defaults())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("put Chunk before it");
    assertThatThrownBy(() -> embed.checkAfter(List.of(new Chunk.Config(100, 10, "other"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("set Chunk.model to all-minilm-l6-v2");
    assertThatCode(() -> embed.checkAfter(List.of(Chunk.Config.defaults())))
        .doesNotThrowAnyException();
  }
}
