package dev.dragoman.connectors.index;

import dev.dragoman.connectors.DocumentKey;
import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a shard's documents in state and puts them into the index together, with one commit.
 * State forgets them with the checkpoint after the commit; a crash in between has them put in
 * again, where they take their own places.
 */
final class UpsertIndex extends DoFn<KV<Integer, byte[]>, Void> {
  private static final long serialVersionUID = 1;

  private final WriteLucene.Config config;
  private final DocumentKey key;
  private final Counter written;
  private final Counter outdated;
  private final Distribution commits;

  @StateId("documents")
  private final StateSpec<BagState<KV<Long, byte[]>>> documentsSpec =
      StateSpecs.bag(KvCoder.of(VarLongCoder.of(), ByteArrayCoder.of()));

  @StateId("count")
  private final StateSpec<ValueState<Integer>> countSpec = StateSpecs.value(VarIntCoder.of());

  @TimerId("commit")
  private final TimerSpec commitSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private transient @Nullable Map<Integer, LiveIndex> indexes;

  UpsertIndex(String step, WriteLucene.Config config) {
    this.written = MetricNames.counter(step, "written");
    this.outdated = MetricNames.counter(step, "outdated");
    this.commits = MetricNames.distribution(step, "commit_millis");
    this.config = config;
    this.key = new DocumentKey(config.id());
  }

  @ProcessElement
  public void gather(
      @Element KV<Integer, byte[]> element,
      @Timestamp Instant timestamp,
      @StateId("documents") BagState<KV<Long, byte[]>> documents,
      @StateId("count") ValueState<Integer> count,
      @TimerId("commit") Timer timer)
      throws IOException {
    documents.add(KV.of(timestamp.getMillis(), element.getValue()));
    Integer before = count.read();
    int gathered = before == null ? 1 : before + 1;
    count.write(gathered);
    if (gathered >= config.commitDocuments()) {
      commit(element.getKey(), documents, count);
    } else if (gathered == 1) {
      timer
          .offset(Duration.millis(config.commitEvery().toMillis()))
          .withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp())
          .setRelative();
    }
  }

  @OnTimer("commit")
  public void timeIsUp(
      @Key Integer shard,
      @StateId("documents") BagState<KV<Long, byte[]>> documents,
      @StateId("count") ValueState<Integer> count)
      throws IOException {
    commit(shard, documents, count);
  }

  @OnWindowExpiration
  public void streamEnds(
      @Key Integer shard,
      @StateId("documents") BagState<KV<Long, byte[]>> documents,
      @StateId("count") ValueState<Integer> count)
      throws IOException {
    commit(shard, documents, count);
  }

  @Teardown
  public void close() throws IOException {
    if (indexes != null) {
      for (LiveIndex index : indexes.values()) {
        index.release();
      }
      indexes = null;
    }
  }

  private void commit(int shard, BagState<KV<Long, byte[]>> documents, ValueState<Integer> count)
      throws IOException {
    List<LiveIndex.Version> versions = new ArrayList<>();
    for (KV<Long, byte[]> each : documents.read()) {
      Document document = CoderUtils.decodeFromByteArray(DocumentCoder.of(), each.getValue());
      versions.add(
          new LiveIndex.Version(
              key.of(document).orElseThrow(() -> new IllegalStateException(key.missing())),
              each.getKey(),
              document));
    }
    if (!versions.isEmpty()) {
      long start = System.nanoTime();
      int kept = index(shard).upsert(versions);
      commits.update((System.nanoTime() - start) / 1_000_000);
      written.inc(kept);
      outdated.inc(versions.size() - kept);
    }
    documents.clear();
    count.clear();
  }

  private LiveIndex index(int shard) throws IOException {
    Map<Integer, LiveIndex> open = indexes;
    if (open == null) {
      open = new HashMap<>();
      indexes = open;
    }
    LiveIndex index = open.get(shard);
    if (index != null && index.isUsable()) {
      return index;
    }
    Path folder = config.folder(shard);
    LiveIndex fresh = LiveIndex.acquire(folder);
    LiveIndex broken = open.put(shard, fresh);
    if (broken != null) {
      broken.release();
    }
    return fresh;
  }
}
