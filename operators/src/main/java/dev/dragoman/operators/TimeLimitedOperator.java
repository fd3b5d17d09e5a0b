package dev.dragoman.operators;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives an operator a limited time for each batch. A batch that takes longer is tried again
 * document by document; the one that takes longer on its own is rejected with {@link
 * RejectionCode#TIMEOUT}, and all others go on.
 *
 * <p>No thread of Java can be killed: the call that takes too long is told to stop, left to itself
 * with its operator, and another one is opened. When {@value #MOST_LEFT} such calls have not come
 * back, the next one fails, so that whoever runs this starts a fresh process.
 */
public final class TimeLimitedOperator implements Operator {
  private static final Logger LOG = LoggerFactory.getLogger(TimeLimitedOperator.class);
  private static final int MOST_LEFT = 4;

  private final Supplier<Operator> opener;
  private final String name;
  private final Duration limit;
  private final AtomicInteger left = new AtomicInteger();

  /** What operators that were left alone had counted. */
  private final Map<String, Long> countedBefore = new HashMap<>();

  private Map<String, Long> counted = Map.of();
  private Operator operator;
  private ExecutorService thread;

  /**
   * Opens an operator.
   *
   * @param name the operator's name in rejections
   * @param limit for one call
   */
  public TimeLimitedOperator(Supplier<Operator> opener, String name, Duration limit) {
    this.opener = opener;
    this.name = name;
    this.limit = limit;
    this.operator = opener.get();
    this.thread = newThread();
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    try {
      return applyInTime(batch);
    } catch (TimeoutException _) {
      LOG.warn(
          "{} took longer than {} s for a batch of {} documents, the first of them document_id={}",
          name,
          limit.toSeconds(),
          batch.size(),
          batch.getFirst().id().value());
      if (batch.size() == 1) {
        return List.of(
            Outcome.failed(
                batch.getFirst(),
                RejectionCode.TIMEOUT,
                name,
                name
                    + " took longer than "
                    + limit.toSeconds()
                    + " s on this document; make it smaller, or raise options.step_timeout, then"
                    + " replay it"));
      }
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
    Map<String, Long> counts = new HashMap<>(countedBefore);
    counted.forEach((key, value) -> counts.merge(key, value, Long::sum));
    return counts;
  }

  @Override
  public void close() {
    thread.shutdown();
    operator.close();
  }

  private List<Outcome> applyInTime(List<Document> batch) throws TimeoutException {
    if (left.get() >= MOST_LEFT) {
      throw new IllegalStateException(
          left + " calls of " + name + " have not come back; this process must be started again");
    }
    Operator mine = operator;
    Call call = new Call(mine, batch);
    Future<List<Outcome>> outcomes = thread.submit(call);
    try {
      List<Outcome> inTime = outcomes.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      counted = mine.counts();
      return inTime;
    } catch (TimeoutException e) {
      leave(call);
      throw e;
    } catch (InterruptedException e) {
      leave(call);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void leave(Call call) {
    thread.shutdownNow();
    thread = newThread();
    counted.forEach((key, value) -> countedBefore.merge(key, value, Long::sum));
    counted = Map.of();
    call.leave();
    operator = opener.get();
  }

  private ExecutorService newThread() {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  /** A call that closes its operator itself once it was left alone. */
  private final class Call implements Callable<List<Outcome>> {
    private final Operator mine;
    private final List<Document> batch;
    private boolean over;
    private boolean alone;

    Call(Operator mine, List<Document> batch) {
      this.mine = mine;
      this.batch = batch;
    }

    @Override
    public List<Outcome> call() {
      try {
        return mine.apply(batch);
      } finally {
        end();
      }
    }

    private synchronized void end() {
      over = true;
      if (alone) {
        left.decrementAndGet();
        mine.close();
      }
    }

    synchronized void leave() {
      if (over) {
        mine.close();
      } else {
        alone = true;
        left.incrementAndGet();
      }
    }
  }
}
