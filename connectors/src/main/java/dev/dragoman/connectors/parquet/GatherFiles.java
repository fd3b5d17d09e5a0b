package dev.dragoman.connectors.parquet;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Keeps a shard's elements in state until a file is worth writing, then answers the files: when the
 * watermark passes the end of a window that has elements here, when enough has gathered, and in any
 * case after {@code maxDelay}, however the watermark stands. Nothing is ever too late: a late
 * element goes into one more file of its window.
 *
 * <p>What a shard keeps for ever is its lane and its next number.
 */
final class GatherFiles<T> extends DoFn<KV<Integer, byte[]>, FileSet> {
  private static final long serialVersionUID = 1;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** What has no time of its own stands at the beginning of Beam's time. */
  private static final String UNDATED = "undated";

  private static final Instant YEAR_ONE = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant YEAR_LAST = Instant.parse("9999-12-31T00:00:00Z");

  private final TableFiles<T> tables;
  private final String run;
  private final int shards;
  private final long window;
  private final long maxDelay;
  private final int maxRows;
  private final long maxBytes;

  @StateId("elements")
  private final StateSpec<BagState<KV<Long, byte[]>>> elementsSpec =
      StateSpecs.bag(KvCoder.of(VarLongCoder.of(), ByteArrayCoder.of()));

  @StateId("rows")
  private final StateSpec<ValueState<Long>> rowsSpec = StateSpecs.value(VarLongCoder.of());

  @StateId("bytes")
  private final StateSpec<ValueState<Long>> bytesSpec = StateSpecs.value(VarLongCoder.of());

  /** The end of the window that the timer waits for. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  /** The last end of a window that the watermark was seen to pass. */
  @StateId("passed")
  private final StateSpec<ValueState<Long>> passedSpec = StateSpecs.value(VarLongCoder.of());

  @StateId("run")
  private final StateSpec<ValueState<String>> runSpec = StateSpecs.value(StringUtf8Coder.of());

  @StateId("next")
  private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("window")
  private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("delay")
  private final TimerSpec delaySpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /**
   * Gathers.
   *
   * @param run sets this run's files apart from those of others into the same folder; a run that
   *     goes on from a savepoint keeps the name it began with
   */
  GatherFiles(TableFiles<T> tables, String run, WriteParquet.Config config) {
    this.tables = tables;
    this.run = run;
    this.shards = config.shards();
    this.window = config.window().toMillis();
    this.maxDelay = config.maxDelay().toMillis();
    this.maxRows = config.maxRows();
    this.maxBytes = config.maxBytes();
  }

  @ProcessElement
  public void gather(
      @Element KV<Integer, byte[]> element,
      @Timestamp Instant timestamp,
      @StateId("elements") BagState<KV<Long, byte[]>> elements,
      @StateId("rows") ValueState<Long> rows,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("due") ValueState<Long> due,
      @StateId("passed") ValueState<Long> passed,
      @StateId("run") ValueState<String> kept,
      @StateId("next") ValueState<Long> next,
      @TimerId("window") Timer windowTimer,
      @TimerId("delay") Timer delayTimer,
      OutputReceiver<FileSet> out)
      throws IOException {
    elements.add(KV.of(timestamp.getMillis(), element.getValue()));
    long gathered = or(rows, 0) + 1;
    long size = or(bytes, 0) + element.getValue().length;
    rows.write(gathered);
    bytes.write(size);
    if (gathered >= maxRows || size >= maxBytes) {
      write(element.getKey(), elements, rows, bytes, due, kept, next, out);
      return;
    }
    if (gathered == 1) {
      delayTimer
          .offset(Duration.millis(maxDelay))
          .withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp())
          .setRelative();
    }
    // A late element waits for the end of the window that is open, with the others of that time.
    long seen = or(passed, Long.MIN_VALUE);
    long end = end(timestamp.getMillis());
    long wanted = seen == Long.MIN_VALUE ? end : Math.max(end, seen + window);
    if (wanted < or(due, Long.MAX_VALUE)
        && wanted <= GlobalWindow.INSTANCE.maxTimestamp().getMillis()) {
      due.write(wanted);
      windowTimer
          .withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp())
          .set(Instant.ofEpochMilli(wanted));
    }
  }

  @OnTimer("window")
  public void windowEnds(
      OnTimerContext context,
      @Key Integer shard,
      @StateId("elements") BagState<KV<Long, byte[]>> elements,
      @StateId("rows") ValueState<Long> rows,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("due") ValueState<Long> due,
      @StateId("passed") ValueState<Long> passed,
      @StateId("run") ValueState<String> kept,
      @StateId("next") ValueState<Long> next,
      OutputReceiver<FileSet> out)
      throws IOException {
    passed.write(Math.max(or(passed, Long.MIN_VALUE), context.fireTimestamp().getMillis()));
    write(shard, elements, rows, bytes, due, kept, next, out);
  }

  @OnTimer("delay")
  public void waitedLongEnough(
      @Key Integer shard,
      @StateId("elements") BagState<KV<Long, byte[]>> elements,
      @StateId("rows") ValueState<Long> rows,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("due") ValueState<Long> due,
      @StateId("run") ValueState<String> kept,
      @StateId("next") ValueState<Long> next,
      OutputReceiver<FileSet> out)
      throws IOException {
    write(shard, elements, rows, bytes, due, kept, next, out);
  }

  @OnWindowExpiration
  public void streamEnds(
      @Key Integer shard,
      @StateId("elements") BagState<KV<Long, byte[]>> elements,
      @StateId("rows") ValueState<Long> rows,
      @StateId("bytes") ValueState<Long> bytes,
      @StateId("due") ValueState<Long> due,
      @StateId("run") ValueState<String> kept,
      @StateId("next") ValueState<Long> next,
      OutputReceiver<FileSet> out)
      throws IOException {
    write(shard, elements, rows, bytes, due, kept, next, out);
  }

  private void write(
      int shard,
      BagState<KV<Long, byte[]>> elements,
      ValueState<Long> rows,
      ValueState<Long> bytes,
      ValueState<Long> due,
      ValueState<String> kept,
      ValueState<Long> next,
      OutputReceiver<FileSet> out)
      throws IOException {
    Map<Long, List<T>> windows = new TreeMap<>();
    for (KV<Long, byte[]> element : elements.read()) {
      windows
          .computeIfAbsent(end(element.getKey()), _ -> new ArrayList<>())
          .add(CoderUtils.decodeFromByteArray(tables.coder(), element.getValue()));
    }
    String name = kept.read();
    if (name == null) {
      name = run;
      kept.write(name);
    }
    String lane = "%s-s%dof%d".formatted(name, shard, shards);
    long number = or(next, 0);
    for (Map.Entry<Long, List<T>> each : windows.entrySet()) {
      out.outputWithTimestamp(
          new FileSet(name(each.getKey()), lane, number++, tables.files(each.getValue(), false)),
          GlobalWindow.INSTANCE.maxTimestamp());
    }
    next.write(number);
    elements.clear();
    rows.clear();
    bytes.clear();
    due.clear();
  }

  /** The first moment after the window that this moment is in. */
  private long end(long timestamp) {
    return timestamp <= BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
        ? BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
        : timestamp - Math.floorMod(timestamp, window) + window;
  }

  private String name(long end) {
    long start = end - window;
    return start < YEAR_ONE.getMillis() || end > YEAR_LAST.getMillis()
        ? UNDATED
        : time(start) + "-" + time(end);
  }

  private static String time(long millis) {
    return TIME.format(java.time.Instant.ofEpochMilli(millis));
  }

  private static long or(ValueState<Long> state, long otherwise) {
    Long value = state.read();
    return value == null ? otherwise : value;
  }

  /** A name that no other run has. */
  static String newRun() {
    return UUID.randomUUID().toString().substring(0, 8);
  }
}
