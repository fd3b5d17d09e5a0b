package dev.dragoman.connectors.kafka;

import static java.util.Objects.requireNonNull;

import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.time.Instant;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** Makes a document of every record, or a rejection, and counts them. */
final class ParseMessages extends DoFn<KafkaRecord<byte[], byte[]>, Document> {
  private static final long serialVersionUID = 1;

  private final ReadKafka.Config config;
  private final Counter in;
  private final Counter out;
  private final Counter bytes;
  private transient @Nullable MessageReader reader;

  ParseMessages(String step, ReadKafka.Config config) {
    this.config = config;
    this.in = MetricNames.counter(step, MetricNames.DOCUMENTS_IN);
    this.out = MetricNames.counter(step, MetricNames.DOCUMENTS_OUT);
    this.bytes = MetricNames.counter(step, "counted_bytes");
  }

  @Setup
  public void setup() {
    reader = new MessageReader(config);
  }

  @ProcessElement
  public void parse(@Element KafkaRecord<byte[], byte[]> record, MultiOutputReceiver outputs) {
    in.inc();
    byte @Nullable [] value = record.getKV().getValue();
    bytes.inc(value == null ? 0 : value.length);
    switch (requireNonNull(reader).read(record, Instant.now())) {
      case MessageReader.Read.Good(Document document) -> {
        out.inc();
        outputs.get(ReadKafka.DOCUMENTS).output(document);
      }
      case MessageReader.Read.Bad(Rejected rejected) ->
          outputs.get(ReadKafka.REJECTED).output(rejected);
    }
  }
}
