package dev.dragoman.connectors.kafka;

import static java.util.Objects.requireNonNull;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.time.Instant;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** Makes a document of every record, or a rejection, and counts them. */
final class ParseMessages extends DoFn<KafkaRecord<byte[], byte[]>, Document> {
  private static final long serialVersionUID = 1;

  /** That of all metrics. */
  static final String NAMESPACE = "dragoman";

  private final ReadKafka.Config config;
  private final Counter in = Metrics.counter(NAMESPACE, ReadKafka.NAME + ".documents_in");
  private final Counter out = Metrics.counter(NAMESPACE, ReadKafka.NAME + ".documents_out");
  private final Counter bytes = Metrics.counter(NAMESPACE, ReadKafka.NAME + ".counted_bytes");
  private transient @Nullable MessageReader reader;

  ParseMessages(ReadKafka.Config config) {
    this.config = config;
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
      case MessageReader.Read.Bad(Rejected rejected) -> {
        Metrics.counter(NAMESPACE, ReadKafka.NAME + ".rejected_" + rejected.failure().code()).inc();
        outputs.get(ReadKafka.REJECTED).output(rejected);
      }
    }
  }
}
