package dev.dragoman.connectors.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer that tells {@link PartitionProgress} how far it is. The ends of transactions take up
 * offsets that are never handed out, so counting records read does not tell whether all are.
 */
final class WatchedConsumer extends KafkaConsumer<byte[], byte[]> {
  private final String reader;

  private WatchedConsumer(String reader, Map<String, Object> config) {
    super(config);
    this.reader = reader;
  }

  /** Makes the consumers of one source. */
  static final class Factory
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1;

    private final String reader;

    Factory(String reader) {
      this.reader = reader;
    }

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
      return new WatchedConsumer(reader, config);
    }
  }

  @Deprecated
  @Override
  public ConsumerRecords<byte[], byte[]> poll(long timeoutMs) {
    return polled(super.poll(timeoutMs));
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return polled(super.poll(timeout));
  }

  private ConsumerRecords<byte[], byte[]> polled(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : assignment()) {
      List<ConsumerRecord<byte[], byte[]>> here = records.records(partition);
      long last = here.isEmpty() ? -1 : here.getLast().offset();
      PartitionProgress.of(reader, partition).polled(last, position(partition));
    }
    return records;
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    long asked = System.currentTimeMillis();
    Map<TopicPartition, Long> ends = super.endOffsets(partitions);
    ends.forEach((partition, end) -> PartitionProgress.of(reader, partition).ends(end, asked));
    return ends;
  }
}
