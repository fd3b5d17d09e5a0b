package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.EventTimeWindows.at;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
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
import org.joda.time.Instant;

/**
 * Lets through the first alert of a kind and group, and no other until there was none for a while.
 * Alerts are taken in the order of event time, however they come.
 */
final class Quiet extends DoFn<KV<String, Row>, Row> {
  private static final long serialVersionUID = 1;

  private final long quiet;

  /** Alerts that event time has not reached yet. */
  @StateId("waiting")
  private final StateSpec<BagState<Row>> waitingSpec = StateSpecs.bag(RowCoder.of(Alert.schema()));

  /** The time of the earliest that waits. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  /** The time of the last alert, raised or not. */
  @StateId("last")
  private final StateSpec<ValueState<Long>> lastSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("reached")
  private final TimerSpec reachedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("over")
  private final TimerSpec overSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  Quiet(Duration quiet) {
    this.quiet = quiet.toMillis();
  }

  @ProcessElement
  public void process(
      @Element KV<String, Row> alert,
      @Timestamp Instant time,
      @StateId("waiting") BagState<Row> waiting,
      @StateId("due") ValueState<Long> due,
      @TimerId("reached") Timer reached) {
    waiting.add(alert.getValue());
    Long awaited = due.read();
    if (awaited == null || time.getMillis() < awaited) {
      due.write(time.getMillis());
      reached.withOutputTimestamp(time).set(time);
    }
  }

  /** All alerts up to this time are there. */
  @OnTimer("reached")
  public void reached(
      @StateId("waiting") BagState<Row> waiting,
      @StateId("due") ValueState<Long> due,
      @StateId("last") ValueState<Long> last,
      @TimerId("reached") Timer reached,
      @TimerId("over") Timer over,
      OutputReceiver<Row> out) {
    Long until = due.read();
    if (until == null) {
      return;
    }
    List<Row> alerts = new ArrayList<>();
    waiting.read().forEach(alerts::add);
    alerts.sort(Comparator.comparingLong(Quiet::time).thenComparing(Quiet::id));
    waiting.clear();
    due.clear();
    for (Row alert : alerts) {
      long time = time(alert);
      if (time > until) {
        if (due.read() == null) {
          due.write(time);
          reached.withOutputTimestamp(at(time)).set(at(time));
        }
        waiting.add(alert);
        continue;
      }
      Long before = last.read();
      if (before == null || time - before > quiet) {
        out.outputWithTimestamp(alert, at(time));
      }
      last.write(time);
      over.withNoOutputTimestamp().set(at(time + quiet + 1));
    }
  }

  /** There was none for so long that the next is a new one. */
  @OnTimer("over")
  public void over(@StateId("last") ValueState<Long> last) {
    last.clear();
  }

  private static long time(Row alert) {
    return requireNonNull(alert.getDateTime("event_time")).getMillis();
  }

  private static String id(Row alert) {
    return requireNonNull(alert.getString("alert_id"));
  }
}
