package dev.dragoman.tests.stream;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What was committed to a topic, counted by name as it comes. */
final class Counted implements AutoCloseable {
  private final ConcurrentMap<String, Long> counts = new ConcurrentHashMap<>();
  private final AtomicLong newest = new AtomicLong();
  private final Committed reader;

  private Counted(
      String bootstrap, String topic, Function<ConsumerRecord<byte[], byte[]>, String> name) {
    reader =
        Committed.read(
            bootstrap,
            topic,
            (record, _) -> {
              counts.merge(name.apply(record), 1L, Long::sum);
              newest.set(System.nanoTime());
            });
  }

  /** Starts to count what each record is named by. */
  static Counted of(
      String bootstrap, String topic, Function<ConsumerRecord<byte[], byte[]>, String> name) {
    return new Counted(bootstrap, topic, name);
  }

  /** Starts to count rows by a field of the message that they came as. */
  static Counted byField(String bootstrap, String topic, String field) {
    return of(
        bootstrap, topic, record -> Committed.json(record).path("fields").path(field).asText());
  }

  /** How many names there are so far. */
  long names() {
    return counts.size();
  }

  /** How many records there are so far. */
  long records() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How often each name came so far. */
  SortedMap<String, Long> counts() {
    return new TreeMap<>(Map.copyOf(counts));
  }

  /** When the newest record came, on the clock of {@link System#nanoTime}. */
  long newest() {
    return newest.get();
  }

  @Override
  public void close() {
    reader.close();
  }
}
