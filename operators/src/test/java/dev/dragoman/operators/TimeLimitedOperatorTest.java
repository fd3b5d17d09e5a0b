package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimeLimitedOperatorTest {
  private static final Duration LIMIT = Duration.ofMillis(150);

  private final CountDownLatch hanging = new CountDownLatch(1);
  private final AtomicInteger opened = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Hangs on documents that say so, whatever it is told. */
  private final class Hanging implements Operator {
    private long seen;

    Hanging() {
      opened.incrementAndGet();
    }

    @Override
    public List<Outcome> apply(List<Document> batch) {
      if (batch.stream().anyMatch(document -> document.text().startsWith("hang"))) {
        boolean back = false;
        while (!back) {
          try {
            hanging.await();
            back = true;
          } catch (InterruptedException _) {
            Thread.onSpinWait();
          }
        }
      }
      seen += batch.size();
      return batch.stream().<Outcome>map(Outcome.Enriched::new).toList();
    }

    @Override
    public Map<String, Long> counts() {
      return Map.of("seen", seen);
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static Document document(String text) {
    return Document.ofText(URI.create("urn:" + text), "text/plain", text);
  }

  @Test
  void onlyTheDocumentThatHangsIsRejectedAndTheOthersGoOn() throws InterruptedException {
    TimeLimitedOperator operator = new TimeLimitedOperator(Hanging::new, "Probe", LIMIT);
    List<Outcome> outcomes =
        operator.apply(List.of(document("a"), document("hang"), document("b")));
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Enriched.class);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Enriched.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.rejected().failure().code()).isEqualTo(RejectionCode.TIMEOUT));
    assertThat(operator.counts()).containsEntry("seen", 2L);
    assertThat(opened).hasValue(3);

    hanging.countDown();
    assertThat(closed.await(10, TimeUnit.SECONDS)).as("what was left alone is closed").isTrue();
    operator.close();
  }

  @Test
  void aProcessFullOfCallsThatHangFailsRatherThanGoOn() {
    TimeLimitedOperator operator = new TimeLimitedOperator(Hanging::new, "Probe", LIMIT);
    for (int i = 0; i < 4; i++) {
      operator.apply(List.of(document("hang" + i)));
    }
    assertThatThrownBy(() -> operator.apply(List.of(document("a"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be started again");
    hanging.countDown();
    operator.close();
  }

  @Test
  void whatTheOperatorThrowsIsThrown() {
    TimeLimitedOperator operator =
        new TimeLimitedOperator(
            () ->
                new Operator() {
                  @Override
                  public List<Outcome> apply(List<Document> batch) {
                    throw new IllegalArgumentException("no");
                  }

                  @Override
                  public void close() {}
                },
            "Probe",
            LIMIT);
    assertThatThrownBy(() -> operator.apply(List.of(document("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    operator.close();
  }
}
