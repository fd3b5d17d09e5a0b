package dev.dragoman.tests.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker on 127.0.0.1 in a process of its own, which is its own controller; free ports, and
 * everything it writes in one folder.
 *
 * <p>{@link #close} kills it; so does the end of the process that started it, however it comes.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Path configuration;
  private final String host;
  private final int port;
  private @Nullable Process process;

  private KafkaBroker(Path folder, Path configuration, String host, int port) {
    this.folder = folder;
    this.configuration = configuration;
    this.host = host;
    this.port = port;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param folder for its configuration, its log and its data; made if it is not there
   */
  public static KafkaBroker start(Path folder) throws IOException {
    return start(folder, "127.0.0.1");
  }

  /** The same at another address of this machine. */
  public static KafkaBroker start(Path folder, String host) throws IOException {
    int port = freePort();
    int controller = freePort();
    Files.createDirectories(folder);
    Path configuration = folder.resolve("server.properties");
    Files.writeString(
        configuration,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=127.0.0.1:%2$d
        listeners=PLAINTEXT://%4$s:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://%4$s:%1$d,CONTROLLER://127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=PLAINTEXT
        log.dirs=%3$s
        num.partitions=1
        auto.create.topics.enable=false
        offsets.topic.num.partitions=4
        offsets.topic.replication.factor=1
        transaction.state.log.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        broker.session.timeout.ms=2000
        broker.heartbeat.interval.ms=500
        log.cleaner.enable=false
        log.segment.bytes=67108864
        num.network.threads=2
        num.io.threads=4
        """
            .formatted(port, controller, folder.resolve("data"), host));
    KafkaBroker broker = new KafkaBroker(folder, configuration, host, port);
    try {
      broker.restart();
      return broker;
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** HOST:PORT; the same after every {@link #restart}. */
  public String address() {
    return host + ":" + port;
  }

  /** Its process id; empty while it is killed. */
  public Optional<Long> pid() {
    return Optional.ofNullable(process).map(Process::pid);
  }

  /** Kills it with SIGKILL. What it had not written to its files is gone. */
  public void kill() throws IOException {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Starts it on its folder and its port, and waits until it answers. */
  public void restart() throws IOException {
    kill();
    String classPath =
        serverClassPath()
            + File.pathSeparator
            + Path.of(
                URI.create(
                    KafkaBroker.class.getProtectionDomain().getCodeSource().getLocation() + ""));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath,
                KafkaProcess.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                configuration.toString(),
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()))
            .start();
    awaitAnswer();
  }

  private static String serverClassPath() throws IOException {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve("servers/kafka/target/class-path.txt");
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
    }
    throw new IOException(
        "servers/kafka/target/class-path.txt is not there; build the module servers/kafka");
  }

  private void awaitAnswer() throws IOException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      if (process == null || !process.isAlive()) {
        throw new IOException("the broker has ended: " + log());
      }
      try (Admin admin =
          admin(Map.of("default.api.timeout.ms", 2_000, "request.timeout.ms", 1_000))) {
        admin.describeCluster().nodes().get(3, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() > giveUp) {
          throw new IOException("the broker does not answer: " + log(), e);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private String log() throws IOException {
    String log = Files.readString(folder.resolve("broker.log"), UTF_8);
    return log.substring(Math.max(0, log.length() - 4_000));
  }

  private Admin admin(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address());
    config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 100);
    return Admin.create(config);
  }

  /** Makes a topic. */
  public void createTopic(String topic, int partitions) throws IOException {
    createTopic(topic, partitions, Map.of());
  }

  /** Makes a topic with settings such as {@code max.message.bytes}. */
  public void createTopic(String topic, int partitions, Map<String, String> settings)
      throws IOException {
    try (Admin admin = admin(Map.of())) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot make topic " + topic, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Sends records and waits until the broker has them. */
  public void produce(Iterable<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      send(producer, records);
    }
  }

  /** Sends records in one transaction. */
  public void produceInTransaction(Iterable<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test"))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, records);
      producer.commitTransaction();
    }
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address());
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, Iterable<ProducerRecord<byte[], byte[]>> records) {
    List<Future<?>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      sent.add(producer.send(record));
    }
    try {
      for (Future<?> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not take a record", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending", e);
    }
  }

  /** All records of a topic that are committed now, partition by partition. */
  public List<ConsumerRecord<byte[], byte[]>> readCommitted(String topic) {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** The offset that a group has committed for a partition, -1 if none. */
  public long committed(String group, String topic, int partition) throws IOException {
    try (Admin admin = admin(Map.of())) {
      var offset =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(30, TimeUnit.SECONDS)
              .get(new TopicPartition(topic, partition));
      return offset == null ? -1 : offset.offset();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot ask for group " + group, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    IOException thrown = new InterruptedIOException("interrupted while waiting for the broker");
    thrown.initCause(e);
    return thrown;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
