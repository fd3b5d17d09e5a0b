package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.Original;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one shard's messages in transactions, each with the number that comes next. Used by one
 * thread at a time.
 */
final class ShardWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWriter.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Target target;

  /** Names the shard to brokers: as a consumer group, and as a producer of transactions. */
  private final String name;

  /** Of which the group commits an offset. Brokers keep offsets of partitions that exist only. */
  private final TopicPartition place;

  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private @Nullable Committed committed;

  /** How far the shard has come, as the broker knows it. */
  private record Committed(String run, long next, long chain) {
    String metadata() {
      return run + " " + Long.toHexString(chain);
    }

    static @Nullable Committed of(@Nullable OffsetAndMetadata offset) {
      if (offset == null) {
        return null;
      }
      String[] metadata = offset.metadata().split(" ", -1);
      return metadata.length == 2
          ? new Committed(metadata[0], offset.offset(), Long.parseUnsignedLong(metadata[1], 16))
          : null;
    }
  }

  ShardWriter(Target target, int shard) {
    this.target = target;
    this.name = target.group() + "-" + target.topic() + "-" + shard;
    this.place = new TopicPartition(target.topic(), 0);
  }

  /**
   * Writes what is not yet written of these; a broker that is away is waited for.
   *
   * @return how many that were
   * @throws KafkaException if it cannot be done for two minutes
   */
  int write(List<Numbered> messages) {
    Instant giveUp = Instant.now().plus(PATIENCE);
    Duration pause = FIRST_PAUSE;
    List<Numbered> wanted = messages;
    while (true) {
      try {
        KafkaProducer<byte[], byte[]> open = open();
        List<Numbered> missing = missing(wanted);
        if (!missing.isEmpty()) {
          transaction(open, missing);
        }
        return missing.size();
      } catch (TooLargeException e) {
        close();
        wanted = withoutValues(wanted, e.numbers);
      } catch (KafkaException e) {
        close();
        if (isHopeless(e) || Instant.now().isAfter(giveUp)) {
          throw e;
        }
        LOG.warn("shard {} cannot write, tries again: {}", name, e.toString());
        sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  /** Messages that the broker refuses for their size, though the topic's limit allowed them. */
  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Set<Long> numbers;

    TooLargeException(Set<Long> numbers) {
      this.numbers = numbers;
    }
  }

  private static boolean isHopeless(KafkaException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        return true;
      }
    }
    return false;
  }

  private KafkaProducer<byte[], byte[]> open() {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      open = newProducer();
      producer = open;
      // Ends what a predecessor has left open, so that what is committed is known for certain.
      open.initTransactions();
      try (KafkaConsumer<byte[], byte[]> consumer =
          KafkaClients.consumer(target.servers(), target.properties(), name)) {
        committed = Committed.of(consumer.committed(Set.of(place)).get(place));
      }
    }
    return open;
  }

  private KafkaProducer<byte[], byte[]> newProducer() {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 16);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 96L << 20);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 45_000);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 45_000);
    config.putAll(target.properties());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, target.servers());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private List<Numbered> missing(List<Numbered> messages) {
    Numbered first = messages.getFirst();
    Committed known = committed;
    if (known == null) {
      if (first.number() > 0) {
        LOG.warn(
            "the broker knows nothing about shard {}, whose next message is {}: groups are"
                + " forgotten after offsets.retention.minutes; goes on from there",
            name,
            first.number());
      }
      return messages;
    }
    if (!known.run.equals(first.run())) {
      if (first.number() > 0) {
        throw new IllegalStateException(
            "another job has written to %s with the group '%s' since this one last did; give each job a group of its own (WriteKafka.group)"
                .formatted(target.topic(), target.group()));
      }
      return messages;
    }
    if (known.next < first.number()) {
      throw new IllegalStateException(
          "shard %s has been written up to message %d, but message %d comes next"
              .formatted(name, known.next, first.number()));
    }
    for (Numbered message : messages) {
      if (message.number() == known.next - 1 && message.chain() != known.chain) {
        throw new IllegalStateException(
            "shard %s: what is replayed is not what was written before message %d: the job was resumed from a state older than its last complete checkpoint; resume from the newest one, or give another group (WriteKafka.group) and accept that messages since then are written again"
                .formatted(name, known.next));
      }
    }
    return messages.stream().filter(message -> message.number() >= known.next).toList();
  }

  private void transaction(KafkaProducer<byte[], byte[]> open, List<Numbered> messages) {
    Numbered last = messages.getLast();
    Committed next = new Committed(last.run(), last.number() + 1, last.chain());
    open.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (Numbered message : messages) {
        sent.add(open.send(record(message.message())));
      }
      open.sendOffsetsToTransaction(
          Map.of(place, new OffsetAndMetadata(next.next, next.metadata())),
          new ConsumerGroupMetadata(name));
      open.commitTransaction();
    } catch (KafkaException e) {
      Set<Long> tooLarge = tooLarge(messages, sent);
      if (!tooLarge.isEmpty()) {
        throw new TooLargeException(tooLarge);
      }
      throw e;
    }
    committed = next;
  }

  private ProducerRecord<byte[], byte[]> record(Message message) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(target.topic(), null, message.key(), message.value());
    for (Original.Header header : message.headers()) {
      record.headers().add(header.name(), header.value());
    }
    return record;
  }

  private static Set<Long> tooLarge(List<Numbered> messages, List<Future<RecordMetadata>> sent) {
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < sent.size(); i++) {
      Future<RecordMetadata> future = sent.get(i);
      if (future.isDone()) {
        try {
          future.get();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RecordTooLargeException) {
            numbers.add(messages.get(i).number());
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
    return numbers;
  }

  private static List<Numbered> withoutValues(List<Numbered> messages, Set<Long> numbers) {
    return messages.stream()
        .map(message ->
            numbers.contains(message.number())
                ? new Numbered(
                    message.run(),
                    message.number(),
                    message.chain(),
                    DeadLetter.withoutValue(message.message()))
                : message)
        .toList();
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while waiting for the broker", e);
    }
  }

  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> open = producer;
    producer = null;
    committed = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
