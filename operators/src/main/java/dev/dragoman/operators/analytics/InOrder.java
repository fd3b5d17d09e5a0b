package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.EventTimeWindows.at;

import dev.dragoman.operators.record.Document;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Lets a document go when it has waited long enough, and before it those that belong there. */
final class InOrder extends DoFn<KV<String, Arrival>, Document> {
  private static final long serialVersionUID = 1;

  private final Sort.Config config;

  @StateId("waiting")
  private final StateSpec<BagState<Arrival>> waitingSpec = StateSpecs.bag(new ArrivalCoder());

  @TimerFamily("due")
  private final TimerSpec dueSpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

  InOrder(Sort.Config config) {
    this.config = config;
  }

  @ProcessElement
  public void process(
      @Element KV<String, Arrival> element,
      @StateId("waiting") BagState<Arrival> waiting,
      @TimerFamily("due") TimerMap due) {
    long time = element.getValue().time();
    waiting.add(element.getValue());
    due.get(String.valueOf(time))
        .withOutputTimestamp(at(time))
        .set(at(time + config.within().toMillis()));
  }

  /** The documents of this time have waited long enough. */
  @OnTimerFamily("due")
  public void release(
      @TimerId String timer,
      @StateId("waiting") BagState<Arrival> waiting,
      OutputReceiver<Document> out) {
    long time = Long.parseLong(timer);
    List<Arrival> arrivals = new ArrayList<>();
    waiting.read().forEach(arrivals::add);
    arrivals.sort(order());
    int last = -1;
    for (int i = 0; i < arrivals.size(); i++) {
      if (arrivals.get(i).time() == time) {
        last = i;
      }
    }
    waiting.clear();
    for (int i = 0; i < arrivals.size(); i++) {
      Arrival arrival = arrivals.get(i);
      if (i <= last) {
        out.outputWithTimestamp(arrival.document(), at(arrival.time()));
      } else {
        waiting.add(arrival);
      }
    }
  }

  private Comparator<Arrival> order() {
    if (config.by().equals(Sort.EVENT_TIME)) {
      return Arrival.ORDER;
    }
    DocumentField field = new DocumentField(config.by());
    return Comparator.<Arrival, Place>comparing(arrival -> Place.of(field.of(arrival.document())))
        .thenComparing(Arrival.ORDER);
  }

  /** Numbers in their order, then words in theirs; what says nothing comes first. */
  private record Place(@Nullable BigDecimal number, String text) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::number, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Place::text);

    static Place of(@Nullable String value) {
      if (value == null) {
        return new Place(BigDecimal.valueOf(Long.MIN_VALUE), "");
      }
      try {
        return new Place(new BigDecimal(value.strip()), "");
      } catch (NumberFormatException _) {
        return new Place(null, value);
      }
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }
}
