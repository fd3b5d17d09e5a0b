package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GuardedOperatorTest {
  private static Document document(String text) {
    return Document.ofText(URI.create("urn:" + text), "text/plain", text);
  }

  private static GuardedOperator guarded(Function<List<Document>, List<Outcome>> behaviour) {
    return new GuardedOperator(
        new Operator() {
          @Override
          public List<Outcome> apply(List<Document> batch) {
            return behaviour.apply(batch);
          }

          @Override
          public void close() {}
        },
        "Probe");
  }

  @Test
  void onlyTheDocumentThatThrowsIsRejected() {
    List<Integer> sizes = new ArrayList<>();
    GuardedOperator operator =
        guarded(batch -> {
          sizes.add(batch.size());
          if (batch.stream().anyMatch(document -> document.text().equals("bad"))) {
            throw new IllegalStateException("cannot stand bad");
          }
          return batch.stream().<Outcome>map(Outcome.Enriched::new).toList();
        });
    List<Outcome> outcomes = operator.apply(List.of(document("a"), document("bad"), document("b")));
    assertThat(sizes).containsExactly(3, 1, 1, 1);
    assertThat(outcomes.get(0)).isEqualTo(new Outcome.Enriched(document("a")));
    assertThat(outcomes.get(2)).isEqualTo(new Outcome.Enriched(document("b")));
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.rejected().document()).isEqualTo(document("bad"));
              assertThat(failed.rejected().failure().code()).isEqualTo(RejectionCode.INTERNAL);
              assertThat(failed.rejected().failure().message())
                  .contains("java.lang.IllegalStateException", "cannot stand bad");
            });
  }

  @Test
  void aWrongNumberOfOutcomesIsABugOfTheOperator() {
    List<Outcome> outcomes = guarded(_ -> List.of()).apply(List.of(document("a"), document("b")));
    assertThat(outcomes).hasSize(2).allMatch(Outcome.Failed.class::isInstance);
  }

  @Test
  void anEndlessRecursionCostsOneDocument() {
    List<Outcome> outcomes =
        guarded(
                _ -> {
                  throw new StackOverflowError();
                })
            .apply(List.of(document("a")));
    assertThat(outcomes).singleElement().isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void lackOfMemoryGoesOnUp() {
    GuardedOperator operator =
        guarded(_ -> {
          throw new OutOfMemoryError("heap");
        });
    assertThatThrownBy(() -> operator.apply(List.of(document("a"), document("b"))))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anInterruptGoesOnUpAndStaysSet() {
    GuardedOperator operator =
        guarded(_ -> {
          throw new IllegalStateException(new ClosedByInterruptException());
        });
    assertThatThrownBy(() -> operator.apply(List.of(document("a"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
