package dev.dragoman.operators;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operator whose bugs cost one document each: when a batch throws, its documents are offered one
 * by one, and those that throw again are rejected as {@code INTERNAL} with the exception's class
 * and message; the log has its stack trace. What is not the operator's to answer for goes on up:
 * lack of memory, and an interrupt, which means that somebody wants this thread to stop.
 */
public final class GuardedOperator implements Operator {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedOperator.class);

  private final Operator operator;
  private final String name;

  /**
   * Guards an operator.
   *
   * @param operator is closed with this
   * @param name the operator's name in rejections
   */
  public GuardedOperator(Operator operator, String name) {
    this.operator = operator;
    this.name = name;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    try {
      return applyChecked(batch);
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      rethrowIfInterrupted(e);
      if (batch.size() == 1) {
        return List.of(rejected(batch.getFirst(), e));
      }
      LOG.warn(
          "{} failed on a batch of {} documents; trying them one by one", name, batch.size(), e);
    }
    return applyEach(batch);
  }

  @Override
  public long weight(Document document) {
    return operator.weight(document);
  }

  @Override
  public long batchWeight() {
    return operator.batchWeight();
  }

  @Override
  public Map<String, Long> counts() {
    return operator.counts();
  }

  @Override
  public void close() {
    operator.close();
  }

  private List<Outcome> applyChecked(List<Document> batch) {
    List<Outcome> outcomes = operator.apply(batch);
    if (outcomes.size() != batch.size()) {
      throw new IllegalStateException(
          "answered " + outcomes.size() + " outcomes to " + batch.size() + " documents");
    }
    return outcomes;
  }

  private Outcome rejected(Document document, Throwable thrown) {
    LOG.error("{} failed on {}", name, document.provenance().source(), thrown);
    String message = thrown.getMessage();
    return Outcome.failed(
        document,
        RejectionCode.INTERNAL,
        name,
        name
            + " failed with "
            + thrown.getClass().getName()
            + (message == null ? "" : ": " + message)
            + "; the log has the details. Report it, or leave this document out");
  }

  private static void rethrowIfInterrupted(Throwable thrown) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    for (Throwable at = thrown; at != null && !interrupted; at = at.getCause()) {
      interrupted = at instanceof InterruptedException || at instanceof ClosedByInterruptException;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      throw new IllegalStateException("interrupted", thrown);
    }
  }
}
