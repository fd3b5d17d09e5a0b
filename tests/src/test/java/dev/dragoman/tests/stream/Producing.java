package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends tickets at a steady rate, each once: the producer is idempotent, and waits as long as it
 * takes for a broker that was killed.
 */
final class Producing implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean over;

  /** What is sent for a number: a value, and the partition it goes to. */
  interface Message {
    byte[] value(int number);
  }

  private Producing(KafkaProducer<byte[], byte[]> producer, Runnable work) {
    this.producer = producer;
    this.thread = Thread.ofPlatform().name("tickets").unstarted(work);
  }

  /**
   * Starts to send the messages from {@code from} to {@code to}, spread over partitions in turn.
   *
   * @param perSecond 0 for as fast as it goes
   */
  static Producing start(
      String bootstrap,
      String topic,
      int partitions,
      int from,
      int to,
      double perSecond,
      Message message) {
    KafkaProducer<byte[], byte[]> producer = producer(bootstrap);
    Producing[] self = new Producing[1];
    Producing producing =
        new Producing(
            producer, () -> self[0].send(topic, partitions, from, to, perSecond, message));
    self[0] = producing;
    producing.thread.start();
    return producing;
  }

  static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            600_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            1_200_000,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            8 << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private void send(
      String topic, int partitions, int from, int to, double perSecond, Message message) {
    long started = System.nanoTime();
    for (int i = from; i < to && !over; i++) {
      if (perSecond > 0) {
        long due = started + (long) ((i - from) / perSecond * 1e9);
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(Math.min(wait, 10_000_000));
        }
      }
      producer.send(
          new ProducerRecord<>(topic, i % partitions, ("k" + i).getBytes(UTF_8), message.value(i)),
          (_, thrown) -> {
            if (thrown != null) {
              failure.compareAndSet(null, thrown);
            }
          });
      sent.incrementAndGet();
    }
    producer.flush();
  }

  /** How many were given to the producer so far. */
  int sent() {
    return sent.get();
  }

  /** Waits until everything is with the broker. */
  void await() throws Exception {
    thread.join();
    Exception thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Sends no more; answers how many were sent. */
  int stop() throws Exception {
    over = true;
    await();
    return sent();
  }

  @Override
  public void close() {
    over = true;
    producer.close();
  }
}
