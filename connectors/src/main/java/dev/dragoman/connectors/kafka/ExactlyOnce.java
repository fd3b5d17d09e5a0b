package dev.dragoman.connectors.kafka;

import static java.util.Objects.requireNonNull;

import dev.dragoman.connectors.StableInput;
import dev.dragoman.connectors.Tally;
import dev.dragoman.operators.metrics.MetricNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages to a topic, each once, through crashes of everything.
 *
 * <p>Messages are dealt to shards by their key and numbered within their shard; the numbers are
 * state of the job. Once a checkpoint holds the numbered messages, each shard writes them in their
 * order, in a transaction that also commits, as the offset of the shard in a consumer group, the
 * number that comes next. Whatever is replayed after a crash carries the same numbers, and those
 * that are already committed are passed over. So equal keys also keep their order.
 */
final class ExactlyOnce extends PTransform<PCollection<Message>, PDone> {
  private static final long serialVersionUID = 1;

  private final String step;
  private final Target target;
  private final int shards;

  ExactlyOnce(String step, Target target, int shards) {
    this.step = step;
    this.target = target;
    this.shards = shards;
  }

  @Override
  public PDone expand(PCollection<Message> messages) {
    PipelineOptions options = messages.getPipeline().getOptions();
    boolean streaming =
        messages.isBounded() == PCollection.IsBounded.UNBOUNDED
            || options.as(StreamingOptions.class).isStreaming();
    if (streaming) {
      StableInput.require(options);
    }
    int count = shards;
    messages
        .apply("OneWindow", Window.into(new GlobalWindows()))
        .apply("Shards", WithKeys.of((Message message) -> shard(message, count)))
        .setCoder(KvCoder.of(VarIntCoder.of(), new MessageCoder()))
        .apply("Number", ParDo.of(new Number()))
        .setCoder(KvCoder.of(VarIntCoder.of(), new NumberedCoder()))
        .apply(
            "Write",
            ParDo.of(streaming ? new WriteStable(step, target) : new WriteRepeated(step, target)))
        .setCoder(Tally.inputCoder())
        .apply("Tally", ParDo.of(new Tally()));
    return PDone.in(messages.getPipeline());
  }

  private static int shard(Message message, int shards) {
    int hash = Arrays.hashCode(message.key() == null ? message.value() : message.key());
    return Math.floorMod(hash * 0x9E3779B9 >>> 5, shards);
  }

  /** Gives each message of a shard the next number. */
  private static final class Number extends DoFn<KV<Integer, Message>, KV<Integer, Numbered>> {
    private static final long serialVersionUID = 1;

    @StateId("run")
    private final StateSpec<ValueState<String>> run = StateSpecs.value(StringUtf8Coder.of());

    @StateId("next")
    private final StateSpec<ValueState<Long>> next = StateSpecs.value(BigEndianLongCoder.of());

    @StateId("chain")
    private final StateSpec<ValueState<Long>> chain = StateSpecs.value(BigEndianLongCoder.of());

    @ProcessElement
    public void number(
        @Element KV<Integer, Message> element,
        @AlwaysFetched @StateId("run") ValueState<String> runState,
        @AlwaysFetched @StateId("next") ValueState<Long> nextState,
        @AlwaysFetched @StateId("chain") ValueState<Long> chainState,
        OutputReceiver<KV<Integer, Numbered>> out) {
      String name = runState.read();
      if (name == null) {
        name = UUID.randomUUID().toString();
        runState.write(name);
      }
      Long number = nextState.read();
      Long before = chainState.read();
      long mine = number == null ? 0 : number;
      Message message = element.getValue();
      long link = (before == null ? 0 : before) * 1_000_003 + message.hashCode();
      nextState.write(mine + 1);
      chainState.write(link);
      out.output(KV.of(element.getKey(), new Numbered(name, mine, link, message)));
    }
  }

  /** For streams: what arrives lies in a checkpoint and comes again, the same, after a crash. */
  private static final class WriteStable extends Write {
    private static final long serialVersionUID = 1;

    /** It is what sends the messages of a shard to one worker, and what they are held against. */
    @StateId("expected")
    private final StateSpec<ValueState<Long>> expected = StateSpecs.value(BigEndianLongCoder.of());

    WriteStable(String step, Target target) {
      super(step, target);
    }

    @RequiresStableInput
    @ProcessElement
    public void write(
        @Element KV<Integer, Numbered> element,
        @AlwaysFetched @StateId("expected") ValueState<Long> expectedState) {
      take(element, expectedState);
    }
  }

  /** For batch runs, whose runners know no checkpoints. */
  private static final class WriteRepeated extends Write {
    private static final long serialVersionUID = 1;

    @StateId("expected")
    private final StateSpec<ValueState<Long>> expected = StateSpecs.value(BigEndianLongCoder.of());

    WriteRepeated(String step, Target target) {
      super(step, target);
    }

    @ProcessElement
    public void write(
        @Element KV<Integer, Numbered> element,
        @AlwaysFetched @StateId("expected") ValueState<Long> expectedState) {
      take(element, expectedState);
    }
  }

  /**
   * Writes in transactions of a shard each, those of several shards beside each other: most of what
   * they take is waiting for the broker.
   */
  private abstract static class Write extends DoFn<KV<Integer, Numbered>, KV<String, Long>> {
    private static final long serialVersionUID = 1;

    private static final int MOST_MESSAGES = 2_000;
    private static final long MOST_BYTES = 8 << 20;

    private final String step;
    private final Target target;
    private transient Map<Integer, ShardWriter> writers = new HashMap<>();
    private transient Map<Integer, Held> held = new HashMap<>();
    private transient @Nullable ExecutorService transactions;
    private long written;
    private long replayed;

    Write(String step, Target target) {
      this.step = step;
      this.target = target;
    }

    /** Messages of a shard that wait for the end of the bundle. */
    private static final class Held {
      private final List<Numbered> messages = new ArrayList<>();
      private long bytes;
    }

    @Setup
    public void setup() {
      writers = new HashMap<>();
      held = new HashMap<>();
      transactions = Executors.newVirtualThreadPerTaskExecutor();
    }

    @StartBundle
    public void start() {
      held.clear();
      written = 0;
      replayed = 0;
    }

    void take(KV<Integer, Numbered> element, ValueState<Long> expectedState) {
      int shard = requireNonNull(element.getKey());
      Numbered message = requireNonNull(element.getValue());
      @Nullable Long next = expectedState.read();
      if (message.number() != (next == null ? 0 : next)) {
        throw new IllegalStateException(
            "message %d of shard %d of %s came where %d was expected"
                .formatted(message.number(), shard, target.topic(), next));
      }
      expectedState.write(message.number() + 1);
      Held waiting = held.computeIfAbsent(shard, _ -> new Held());
      waiting.messages.add(message);
      waiting.bytes += message.message().size();
      if (waiting.messages.size() >= MOST_MESSAGES || waiting.bytes >= MOST_BYTES) {
        writeHeld();
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      writeHeld();
      tell("written", written, context);
      tell("replayed", replayed, context);
    }

    private void tell(String counter, long growth, FinishBundleContext context) {
      if (growth > 0) {
        context.output(
            KV.of(MetricNames.name(step, counter), growth),
            BoundedWindow.TIMESTAMP_MIN_VALUE,
            GlobalWindow.INSTANCE);
      }
    }

    private void writeHeld() {
      List<Callable<Integer>> each = new ArrayList<>();
      int waiting = 0;
      for (Map.Entry<Integer, Held> shard : held.entrySet()) {
        List<Numbered> messages = shard.getValue().messages;
        ShardWriter writer =
            writers.computeIfAbsent(shard.getKey(), number -> new ShardWriter(target, number));
        each.add(() -> writer.write(messages));
        waiting += messages.size();
      }
      held.clear();
      int count = 0;
      try {
        for (Future<Integer> one : requireNonNull(transactions).invokeAll(each)) {
          count += one.get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("interrupted while writing to " + target.topic(), e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException told ? told : new KafkaException(e);
      }
      written += count;
      replayed += waiting - count;
    }

    @Teardown
    public void close() {
      if (transactions != null) {
        transactions.shutdownNow();
        transactions.close();
      }
      writers.values().forEach(ShardWriter::close);
      writers.clear();
    }
  }
}
