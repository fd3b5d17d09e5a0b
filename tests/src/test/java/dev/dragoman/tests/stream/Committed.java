package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what was committed to a topic, from its beginning, as it comes. */
final class Committed implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicBoolean stop = new AtomicBoolean();
  private final Thread thread;

  private Committed(
      String bootstrap, String topic, BiConsumer<ConsumerRecord<byte[], byte[]>, Long> each) {
    thread =
        Thread.ofPlatform()
            .name("read " + topic)
            .start(() -> {
              try (KafkaConsumer<byte[], byte[]> consumer =
                  new KafkaConsumer<>(
                      Map.of(
                          ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                          bootstrap,
                          ConsumerConfig.GROUP_ID_CONFIG,
                          "checks-" + UUID.randomUUID(),
                          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                          "earliest",
                          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                          "read_committed",
                          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                          8 << 20),
                      new ByteArrayDeserializer(),
                      new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic));
                while (!stop.get()) {
                  consumer
                      .poll(Duration.ofMillis(50))
                      .forEach(record -> each.accept(record, System.currentTimeMillis()));
                }
              }
            });
  }

  /** Starts to read; each record is told with the time it was seen, in milliseconds. */
  static Committed read(
      String bootstrap, String topic, BiConsumer<ConsumerRecord<byte[], byte[]>, Long> each) {
    return new Committed(bootstrap, topic, each);
  }

  static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(new String(record.value(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop.set(true);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
