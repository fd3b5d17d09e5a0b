package dev.dragoman.pipelines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * How far the graph is: documents that have passed each step. It serves the eye only; what counts
 * is Beam's metrics. On a cluster the workers' counts stay there, and those of its transforms are
 * taken.
 */
public final class Progress {
  /** Before anything is known. */
  public static final Snapshot NOTHING = new Snapshot(0, "", 0, 0, 0, 0);

  private static final Progress CURRENT = new Progress();
  private static final String REJECTED = "Count rejected";

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

  /** How far it is now in this JVM. */
  public synchronized Snapshot snapshot() {
    Map<String, Long> counts = new LinkedHashMap<>();
    passed.forEach((step, adder) -> counts.put(step, adder.sum()));
    return of(counts, rejected.sum());
  }

  /**
   * How far it is elsewhere.
   *
   * @param elements that have gone into transforms, by their names in the graph
   */
  public synchronized Snapshot snapshot(Map<String, Long> elements) {
    Map<String, Long> counts = new LinkedHashMap<>();
    passed.keySet().forEach(step -> counts.put(step, elements.getOrDefault(transform(step), 0L)));
    return of(counts, elements.getOrDefault(REJECTED, 0L));
  }

  /** Passes documents on and counts them for a step. */
  static <T> PCollection<T> count(String step, PCollection<T> elements) {
    return elements
        .apply(transform(step), ParDo.of(new Count<T>(step)))
        .setCoder(elements.getCoder());
  }

  /** Passes rejections on and counts them. */
  static <T> PCollection<T> countRejected(PCollection<T> elements) {
    return elements.apply(REJECTED, ParDo.of(new CountRejected<T>())).setCoder(elements.getCoder());
  }

  private static String transform(String step) {
    return "Count " + step;
  }

  private static Snapshot of(Map<String, Long> counts, long lost) {
    if (counts.isEmpty()) {
      return NOTHING;
    }
    List<String> names = new ArrayList<>(counts.keySet());
    long found = counts.getOrDefault(names.getFirst(), 0L);
    long written = counts.getOrDefault(names.getLast(), 0L);
    String step = "";
    long sum = 0;
    for (String name : names) {
      long count = counts.getOrDefault(name, 0L);
      sum += Math.min(count, found);
      if (count > 0 && count + lost < found || step.isEmpty() && count > 0) {
        step = name;
      }
    }
    double whole = (double) found * names.size();
    return new Snapshot(
        found,
        step,
        counts.getOrDefault(step, 0L),
        written,
        lost,
        whole == 0 ? 0 : Math.min(1, sum / whole));
  }

  private synchronized LongAdder adder(String step) {
    return passed.computeIfAbsent(step, _ -> new LongAdder());
  }

  /** Counts what passes and passes it on. */
  private static final class Count<T> extends DoFn<T, T> {
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
  private static final class CountRejected<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    /** Counts one. */
    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      CURRENT.rejected.increment();
      out.output(element);
    }
  }
}
