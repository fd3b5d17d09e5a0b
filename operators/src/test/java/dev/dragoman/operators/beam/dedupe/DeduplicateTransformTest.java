package dev.dragoman.operators.beam.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.operators.text.Duplicates.Original;
import dev.dragoman.operators.text.Duplicates.Signed;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

class DeduplicateTransformTest {
  @Test
  void graphFindsWhatTheListFinds() {
    List<Document> documents = corpus();
    Deduplicate.Config config = Deduplicate.Config.defaults();
    List<Document> expected = new ArrayList<>();
    try (Operator deduplicate = config.open(OperatorContext.local())) {
      deduplicate.apply(documents).forEach(o -> expected.add(((Outcome.Enriched) o).document()));
    }
    assertThat(expected.stream().filter(d -> d.label("duplicate_of").isPresent()))
        .hasSizeGreaterThan(40);

    Pipeline pipeline = Pipeline.create();
    PCollection<Document> labelled =
        pipeline
            .apply(Create.of(documents).withCoder(DocumentCoder.of()))
            .apply(DeduplicateTransform.of(config).withShards(7));
    PAssert.that(labelled).containsInAnyOrder(expected);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void hundredsOfCopiesHaveOneOriginal() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      documents.add(text("copy" + i, "This message was sent to all customers of the shop."));
    }
    Pipeline pipeline = Pipeline.create();
    PCollection<Document> labelled =
        pipeline
            .apply(Create.of(documents).withCoder(DocumentCoder.of()))
            .apply(DeduplicateTransform.of(Deduplicate.Config.defaults()).withShards(3));
    PAssert.thatSingleton(labelled.apply("All", Count.globally())).isEqualTo(600L);
    PAssert.thatSingleton(
            labelled
                .apply(Filter.by(d -> d.label("duplicate_of").isPresent()))
                .apply("Copies", Count.globally()))
        .isEqualTo(599L);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void codersGiveBackWhatTheyGot() throws Exception {
    Document document = text("a", "x");
    Signed signed = new Signed(document.id(), "text:1", new byte[] {1, 0, -1});
    Signed back = copy(new SignedCoder(), signed);
    assertThat(back.id()).isEqualTo(signed.id());
    assertThat(back.key()).isEqualTo(signed.key());
    assertThat(back.signature()).isEqualTo(signed.signature());
    Original original = new Original(document.id(), 0.875);
    assertThat(copy(new OriginalCoder(), original)).isEqualTo(original);
    assertThat(SerializableUtils.clone(new SignedCoder())).isEqualTo(new SignedCoder());
  }

  private static <T> T copy(Coder<T> coder, T value) throws Exception {
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, value));
  }

  private static List<Document> corpus() {
    Random random = new Random(11);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String[] words = new String[60];
      Arrays.setAll(words, _ -> "w" + random.nextInt(100_000));
      for (int j = 0; j < 4; j++) {
        documents.add(text(i + "." + j, String.join(" ", words)));
        words[random.nextInt(words.length)] = j == 0 ? words[0] : "changed" + j;
      }
    }
    documents.add(text("empty", ""));
    documents.add(documents.getFirst());
    return documents;
  }

  private static Document text(String name, String text) {
    return Document.ofText(URI.create("file:///t.jsonl#" + name), "text/plain", text);
  }
}
