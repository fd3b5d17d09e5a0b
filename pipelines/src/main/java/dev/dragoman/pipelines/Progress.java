package dev.dragoman.pipelines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * How far the graph in this JVM is: documents that have passed each step. It serves the eye only;
 * on a cluster the workers' counts stay there, and what counts is Beam's metrics.
 */
public final class Progress {
  private static final Progress CURRENT = new Progress();

  private final Map<String, LongAdder> passed = new LinkedHashMap<>();
  private final LongAdder rejected = new LongAdder();

  private Progress() {}

  /** That of the graph that runs in this JVM. */
  public static Progress current() {
    return CURRENT;
  }

  /**
   * How far it is.
   *
   * @param found documents that came out of the source so far
   * @param step the step that the documents are in, empty before the first
   * @param inStep documents that have passed that step
   * @param written documents that have reached the sink
   * @param fraction of the work on the documents found so far, 0 to 1
   */
  public record Snapshot(
      long found, String step, long inStep, long written, long rejected, double fraction) {}

  /** Forgets everything; the graph is about to start. */
  synchronized void start(List<String> steps) {
    passed.clear();
    steps.forEach(step -> passed.put(step, new LongAdder()));
    rejected.reset();
  }

  /** How far it is now. */
  public synchronized Snapshot snapshot() {
    if (passed.isEmpty()) {
      return new Snapshot(0, "", 0, 0, 0, 0);
    }
    List<String> names = new ArrayList<>(passed.keySet());
    long found = count(names.getFirst());
    long written = count(names.getLast());
    String step = "";
    long sum = 0;
    long lost = rejected.sum();
    for (String name : names) {
      long count = count(name);
      sum += Math.min(count, found);
      if (count > 0 && count + lost < found || step.isEmpty() && count > 0) {
        step = name;
      }
    }
    double whole = (double) found * names.size();
    return new Snapshot(
        found,
        step,
        step.isEmpty() ? 0 : count(step),
        written,
        lost,
        whole == 0 ? 0 : Math.min(1, sum / whole));
  }

  private long count(String step) {
    LongAdder adder = passed.get(step);
    return adder == null ? 0 : adder.sum();
  }

  private synchronized LongAdder adder(String step) {
    return passed.computeIfAbsent(step, _ -> new LongAdder());
  }

  /** Counts what passes and passes it on. */
  static final class Count<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    private final String step;
    private transient LongAdder adder = new LongAdder();

    Count(String step) {
      this.step = step;
    }

    /** Finds the counter of this JVM. */
    @Setup
    public void setup() {
      adder = CURRENT.adder(step);
    }

    /** Counts one. */
    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      adder.increment();
      out.output(element);
    }
  }

  /** Counts rejections and passes them on. */
  static final class CountRejected<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    /** Counts one. */
    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      CURRENT.rejected.increment();
      out.output(element);
    }
  }
}
