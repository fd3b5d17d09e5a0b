package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.operators.record.RejectionCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic of dead letters, as {@link WriteKafka#rejected} writes it: to look at, and to send
 * letters to where they came from after a fix.
 *
 * <p>A letter is sent back once: with the message, the same transaction commits how far the letters
 * of its code have been sent back. What fails again comes as a new letter.
 *
 * @param servers HOST:PORT, several with commas
 * @param properties of the clients, such as security.protocol
 */
public record DeadLetterTopic(String servers, String topic, Map<String, String> properties) {
  private static final Pattern ADDRESS = Pattern.compile("kafka://([^/\\s]+)/([A-Za-z0-9._-]+)");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_AT_ONCE = 500;

  public DeadLetterTopic {
    properties = Map.copyOf(properties);
  }

  /**
   * A dead letter.
   *
   * @param code null if the record is no dead letter
   * @param payload {@code original}, {@code rejected} or {@code left}
   * @param size of its value in bytes
   */
  public record Letter(
      int partition,
      long offset,
      @Nullable RejectionCode code,
      String operator,
      String message,
      String source,
      String documentId,
      String payload,
      int size) {}

  /**
   * What has been sent back.
   *
   * @param sent by topic
   * @param kept letters that cannot be sent back, by reason
   */
  public record Replayed(Map<String, Integer> sent, Map<String, Integer> kept) {}

  /** Whether an address is that of such a topic. */
  public static boolean isAddress(String address) {
    return address.startsWith("kafka://");
  }

  /**
   * The topic at an address {@code kafka://HOST:PORT/TOPIC}.
   *
   * @throws UsageException if it is no such address
   */
  public static DeadLetterTopic of(String address, Map<String, String> properties) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new UsageException("'" + address + "' is no topic; write kafka://HOST:PORT/TOPIC");
    }
    return new DeadLetterTopic(matcher.group(1), matcher.group(2), properties);
  }

  /** Goes through all letters, partition by partition, up to what is there now. */
  public void list(Consumer<Letter> to) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        KafkaClients.consumer(servers, properties, "dragoman-letters")) {
      read(consumer, Map.of(), record -> to.accept(letter(record)));
    }
  }

  /**
   * Sends letters back to the topics they came from, with their key, their value and their own
   * headers. Letters that did not come from a topic, and those whose value is not here, stay.
   *
   * @param codes of the letters to send back; empty for all
   */
  public Replayed replay(Collection<RejectionCode> codes) {
    Set<RejectionCode> wanted =
        codes.isEmpty() ? EnumSet.allOf(RejectionCode.class) : EnumSet.copyOf(codes);
    Map<String, Object> config = new HashMap<>(properties);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "dragoman-replay-" + topic);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
            KafkaClients.consumer(servers, properties, "dragoman-letters")) {
      producer.initTransactions();
      Replay replay = new Replay(producer);
      for (RejectionCode code : wanted) {
        replay.done.put(code, committed(code, consumer));
      }
      read(consumer, replay.starts(), replay::take);
      replay.commit();
      return new Replayed(replay.sent, replay.kept);
    }
  }

  private String group(RejectionCode code) {
    return "dragoman-replay-" + topic + "-" + code;
  }

  private Map<TopicPartition, Long> committed(
      RejectionCode code, KafkaConsumer<byte[], byte[]> letters) {
    Map<TopicPartition, Long> done = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        KafkaClients.consumer(servers, properties, group(code))) {
      consumer
          .committed(Set.copyOf(partitions(letters)))
          .forEach(
              (partition, offset) -> done.put(partition, offset == null ? 0 : offset.offset()));
    }
    return done;
  }

  /** Letters on their way back. */
  private final class Replay {
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<RejectionCode, Map<TopicPartition, Long>> done =
        new EnumMap<>(RejectionCode.class);
    private final Map<RejectionCode, Map<TopicPartition, OffsetAndMetadata>> reached =
        new EnumMap<>(RejectionCode.class);
    private final Map<String, Integer> sent = new TreeMap<>();
    private final Map<String, Integer> kept = new TreeMap<>();
    private int open;

    Replay(KafkaProducer<byte[], byte[]> producer) {
      this.producer = producer;
    }

    Map<TopicPartition, Long> starts() {
      Map<TopicPartition, Long> starts = new HashMap<>();
      for (Map<TopicPartition, Long> each : done.values()) {
        each.forEach((partition, offset) -> starts.merge(partition, offset, Math::min));
      }
      return starts;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      Letter letter = letter(record);
      RejectionCode code = letter.code();
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (code == null) {
        kept.merge("no dead letter", 1, Integer::sum);
        return;
      }
      Map<TopicPartition, Long> before = done.get(code);
      if (before == null || record.offset() < before.getOrDefault(partition, 0L)) {
        return;
      }
      Optional<String> target = KafkaUris.topic(letter.source());
      if (letter.payload().equals("original") && target.isPresent()) {
        if (open == 0) {
          producer.beginTransaction();
        }
        open++;
        producer.send(original(record, target.get()));
        reached
            .computeIfAbsent(code, _ -> new HashMap<>())
            .put(partition, new OffsetAndMetadata(record.offset() + 1));
        sent.merge(target.get(), 1, Integer::sum);
        if (open >= MOST_AT_ONCE) {
          commit();
        }
      } else {
        kept.merge(
            letter.payload().equals("left")
                ? "its value was too large for this topic and is only where it came from"
                : "did not come from a topic",
            1,
            Integer::sum);
      }
    }

    void commit() {
      if (open == 0) {
        return;
      }
      reached.forEach((code, offsets) ->
          producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group(code))));
      producer.commitTransaction();
      reached.clear();
      open = 0;
    }

    private static ProducerRecord<byte[], byte[]> original(
        ConsumerRecord<byte[], byte[]> record, String target) {
      ProducerRecord<byte[], byte[]> again =
          new ProducerRecord<>(target, null, record.key(), record.value());
      for (Header header : record.headers()) {
        if (!header.key().startsWith(DeadLetter.OWN)) {
          again.headers().add(header);
        }
      }
      return again;
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .partitionsFor(topic, PATIENCE)
        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    if (partitions.isEmpty()) {
      throw new UsageException("there is no topic " + topic + " at " + servers);
    }
    return partitions;
  }

  private void read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> starts,
      Consumer<ConsumerRecord<byte[], byte[]>> to) {
    for (TopicPartition partition : partitions(consumer)) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(first, starts.getOrDefault(partition, 0L)));
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(500)).forEach(to);
      }
    }
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
    String code = header(record, DeadLetter.CODE);
    return new Letter(
        record.partition(),
        record.offset(),
        known(code),
        header(record, DeadLetter.OPERATOR),
        header(record, DeadLetter.MESSAGE),
        header(record, DeadLetter.SOURCE),
        header(record, DeadLetter.DOCUMENT_ID),
        header(record, DeadLetter.PAYLOAD),
        record.value() == null ? 0 : record.value().length);
  }

  private static @Nullable RejectionCode known(String code) {
    for (RejectionCode each : RejectionCode.values()) {
      if (each.name().equals(code)) {
        return each;
      }
    }
    return null;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }
}
