package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.EventTimeWindows.at;

import dev.dragoman.operators.record.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Keeps the documents of a key until what could be joined to them has come. A document of the left
 * waits {@code within}; one of the right twice that: so far away may be a left one that is within
 * its reach and waits itself. Timers stand just behind these times, which may still be taken.
 */
final class JoinMatches extends DoFn<KV<String, Arrival>, Document> {
  private static final long serialVersionUID = 1;

  private final Join.Config config;
  private final long within;

  @StateId("lefts")
  private final StateSpec<BagState<Arrival>> leftsSpec = StateSpecs.bag(new ArrivalCoder());

  @StateId("rights")
  private final StateSpec<BagState<Arrival>> rightsSpec = StateSpecs.bag(new ArrivalCoder());

  @TimerFamily("expiry")
  private final TimerSpec expirySpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

  JoinMatches(Join.Config config) {
    this.config = config;
    this.within = config.within().toMillis();
  }

  @ProcessElement
  public void process(
      @Element KV<String, Arrival> element,
      @StateId("lefts") BagState<Arrival> lefts,
      @StateId("rights") BagState<Arrival> rights,
      @TimerFamily("expiry") TimerMap expiry,
      OutputReceiver<Document> out) {
    Arrival arrival = element.getValue();
    long time = arrival.time();
    if (arrival.left()) {
      if (config.emit() == Join.Emit.FIRST && output(arrival, rights.read(), false, out)) {
        return;
      }
      lefts.add(arrival);
      expiry.get("left " + time).withOutputTimestamp(at(time)).set(at(time + within + 1));
      return;
    }
    rights.add(arrival);
    expiry.get("right " + time).withNoOutputTimestamp().set(at(time + 2 * within + 2));
    if (config.emit() == Join.Emit.FIRST) {
      List<Arrival> still = new ArrayList<>();
      Set<Long> gone = new TreeSet<>();
      for (Arrival left : sorted(lefts.read())) {
        if (!output(left, List.of(arrival), false, out)) {
          still.add(left);
        } else {
          gone.add(left.time());
        }
      }
      replace(lefts, still);
      still.forEach(left -> gone.remove(left.time()));
      gone.forEach(left -> expiry.get("left " + left).clear());
    }
  }

  /** With {@code emit: first} a document leaves at its own time while a later one is at hand. */
  @Override
  @Deprecated
  public Duration getAllowedTimestampSkew() {
    return EventTimeWindows.of(config.within());
  }

  /** Something has waited for as long as it had to. */
  @OnTimerFamily("expiry")
  public void expire(
      @TimerId String timer,
      @StateId("lefts") BagState<Arrival> lefts,
      @StateId("rights") BagState<Arrival> rights,
      OutputReceiver<Document> out) {
    long time = Long.parseLong(timer.substring(timer.indexOf(' ') + 1));
    boolean left = timer.startsWith("left");
    List<Arrival> still = new ArrayList<>();
    for (Arrival arrival : sorted(left ? lefts.read() : rights.read())) {
      if (arrival.time() != time) {
        still.add(arrival);
      } else if (left) {
        output(arrival, rights.read(), config.unmatched() == Join.Unmatched.EMIT, out);
      }
    }
    replace(left ? lefts : rights, still);
  }

  private boolean output(
      Arrival left, Iterable<Arrival> rights, boolean alone, OutputReceiver<Document> out) {
    List<Document> matches =
        sorted(rights).stream()
            .filter(right -> Math.abs(right.time() - left.time()) <= within)
            .map(Arrival::document)
            .distinct()
            .toList();
    if (!matches.isEmpty()) {
      out.outputWithTimestamp(Joined.of(left.document(), config.with(), matches), at(left.time()));
    } else if (alone) {
      out.outputWithTimestamp(left.document(), at(left.time()));
    }
    return !matches.isEmpty();
  }

  private static List<Arrival> sorted(Iterable<Arrival> arrivals) {
    List<Arrival> sorted = new ArrayList<>();
    arrivals.forEach(sorted::add);
    sorted.sort(Arrival.ORDER);
    return sorted;
  }

  private static void replace(BagState<Arrival> bag, List<Arrival> arrivals) {
    bag.clear();
    arrivals.forEach(bag::add);
  }
}
