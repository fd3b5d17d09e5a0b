package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.EventTimeWindows.at;

import dev.dragoman.operators.metrics.MetricNames;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/**
 * A row for each window of a group when it is complete, in the order of the windows. Windows stay
 * until none to come is compared with them; then the group is forgotten.
 */
final class TrendRows extends DoFn<KV<List<String>, KV<Long, Tally>>, Row> {
  private static final long serialVersionUID = 1;

  /** What is remembered of a window that is over: the baseline of a rarer term is none. */
  private static final int REMEMBERED_TERMS = 1000;

  private final Trend.Config config;
  private final long length;
  private final long step;
  private final long lateness;
  private final Counter late;

  /** The windows by their ends, those to come and those to compare with. */
  @StateId("windows")
  private final StateSpec<MapState<Long, Tally>> windowsSpec =
      StateSpecs.map(VarLongCoder.of(), new TallyCoder());

  /** The end of the window that the timer waits for. */
  @StateId("next")
  private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

  /** The end of the last window that is over. */
  @StateId("over")
  private final StateSpec<ValueState<Long>> overSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("complete")
  private final TimerSpec completeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  TrendRows(String name, Trend.Config config) {
    this.late = MetricNames.counter(name, "late");
    this.config = config;
    this.length = config.window().toMillis();
    this.step = config.every().toMillis();
    this.lateness = config.allowedLateness().toMillis();
  }

  @ProcessElement
  public void process(
      @Element KV<List<String>, KV<Long, Tally>> element,
      @StateId("windows") MapState<Long, Tally> windows,
      @StateId("next") ValueState<Long> next,
      @StateId("over") ValueState<Long> over,
      @TimerId("complete") Timer complete) {
    long end = element.getValue().getKey();
    Long last = over.read();
    if (last != null && end <= last) {
      late.inc(element.getValue().getValue().documents());
      return;
    }
    Tally known = windows.get(end).read();
    Tally tally = element.getValue().getValue();
    windows.put(end, known == null ? tally : Tally.empty().add(known).add(tally));
    Long awaited = next.read();
    if (awaited == null || end < awaited) {
      next.write(end);
      complete.withOutputTimestamp(at(end - 1)).set(at(end + lateness));
    }
  }

  /** The window the timer waited for is complete. */
  @OnTimer("complete")
  public void complete(
      @Key List<String> group,
      @StateId("windows") MapState<Long, Tally> windows,
      @StateId("next") ValueState<Long> next,
      @StateId("over") ValueState<Long> over,
      @TimerId("complete") Timer complete,
      OutputReceiver<Row> out) {
    Long awaited = next.read();
    if (awaited == null) {
      return;
    }
    long end = awaited;
    List<Tally> trailing = trailing(end, windows);
    Tally window = windows.get(end).read();
    if (window != null || (config.emptyWindows() && !trailing.isEmpty())) {
      Tally counted = window == null ? Tally.empty() : window;
      out.outputWithTimestamp(row(group, end, counted, trailing), at(end - 1));
    }
    if (window != null) {
      windows.put(end, window.withMostFrequent(REMEMBERED_TERMS));
    }
    windows.remove(end - config.baseline() * length);
    over.write(end);
    schedule(end, !trailing.isEmpty() || window != null, windows, next, over, complete);
  }

  private void schedule(
      long end,
      boolean alive,
      MapState<Long, Tally> windows,
      ValueState<Long> next,
      ValueState<Long> over,
      Timer complete) {
    long following = end + step;
    if (windows.get(following).read() == null && !(config.emptyWindows() && alive)) {
      TreeSet<Long> ends = new TreeSet<>();
      windows.keys().read().forEach(ends::add);
      Long known = ends.higher(end);
      if (known == null) {
        forget(end, ends, windows, next, over, complete);
        return;
      }
      following = known;
      ends.headSet(following - config.baseline() * length).forEach(windows::remove);
    }
    next.write(following);
    complete.withOutputTimestamp(at(following - 1)).set(at(following + lateness));
  }

  /** Forgets the group, or waits until its last window is compared with none any more. */
  private void forget(
      long end,
      TreeSet<Long> ends,
      MapState<Long, Tally> windows,
      ValueState<Long> next,
      ValueState<Long> over,
      Timer complete) {
    long forgotten = ends.isEmpty() ? end : ends.last() + config.baseline() * length + step;
    if (forgotten <= end) {
      windows.clear();
      next.clear();
      over.clear();
    } else {
      next.write(forgotten);
      complete.withNoOutputTimestamp().set(at(forgotten + lateness));
    }
  }

  /** The windows before this one from the oldest that has documents on; null where one has none. */
  private List<Tally> trailing(long end, MapState<Long, Tally> windows) {
    List<Tally> trailing = new ArrayList<>();
    int empty = 0;
    for (int i = 1; i <= config.baseline(); i++) {
      Tally tally = windows.get(end - i * length).read();
      if (tally == null) {
        empty++;
        continue;
      }
      for (; empty > 0; empty--) {
        trailing.add(Tally.empty());
      }
      trailing.add(tally);
    }
    return trailing;
  }

  private Row row(List<String> group, long end, Tally window, List<Tally> trailing) {
    long documents = 0;
    long sentiments = 0;
    long sentimentSum = 0;
    for (Tally tally : trailing) {
      documents += tally.documents();
      sentiments += tally.sentiments();
      sentimentSum += tally.sentimentSum();
    }
    int windows = trailing.size();
    double mean = (double) documents / windows;
    double squares = 0;
    for (Tally tally : trailing) {
      squares += (tally.documents() - mean) * (tally.documents() - mean);
    }
    double spread = Math.sqrt(Math.max(mean, squares / windows));
    Row.Builder row = Row.withSchema(config.schema()).addValue(at(end - length)).addValue(at(end));
    group.forEach(value -> row.addValue(value.isEmpty() ? null : value));
    return row.addValue(window.documents())
        .addValue(mean(window.sentimentSum(), window.sentiments()))
        .addValue(window.sentiments())
        .addValue(
            Terms.top(window, trailing, config.topTerms()).stream().map(TrendRows::term).toList())
        .addValue((long) windows)
        .addValue(windows == 0 ? null : mean)
        .addValue(windows == 0 ? null : window.documents() / mean)
        .addValue(windows == 0 ? null : (window.documents() - mean) / spread)
        .addValue(mean(sentimentSum, sentiments))
        .build();
  }

  private static Row term(Terms.Term term) {
    return Row.withSchema(Trend.TERM)
        .addValue(term.term())
        .addValue(term.documents())
        .addValue(Double.isNaN(term.expected()) ? null : term.expected())
        .build();
  }

  private static @Nullable Double mean(long sum, long count) {
    return count == 0 ? null : (double) sum / count;
  }
}
