package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One message in a hundred is broken, in thirty ways: each must come to the topic of dead letters
 * once, with a reason and the bytes it had, and the others must be as fast as without.
 */
final class PoisonRun {
  private static final int PARTITIONS = 4;
  private static final int ONE_IN = 100;
  private static final String NO_REASON = "no reason";

  private final Path folder;
  private final int tickets;
  private final TicketSource source =
      new TicketSource(3, Instant.parse("2026-03-01T00:00:00Z"), Duration.ofMillis(200));

  PoisonRun(Path folder, int tickets) throws Exception {
    this.folder = folder;
    this.tickets = tickets;
  }

  /**
   * What was found.
   *
   * @param wrong what is missing, doubled or without a reason
   * @param before tickets a second without poison, before it
   * @param after the same, after it
   * @param poisoned tickets a second with it
   */
  record Result(
      List<String> wrong,
      SortedMap<String, Long> codes,
      double before,
      double poisoned,
      double after) {
    Result {
      wrong = List.copyOf(wrong);
      codes = new TreeMap<>(codes);
    }
  }

  private static String recipe(StreamWorld world) {
    return """
    pipeline:
      type: chain
      source:
        type: ReadKafka
        config:
          bootstrap_servers: "%1$s"
          topics: [tickets]
          group: poison
          event_time: created_at
          id_field: ticket_id
          text: [text]
      transforms:
        - {type: DetectLanguage, config: {languages: [en, nl]}}
      sink:
        type: WriteKafka
        config: {bootstrap_servers: "%1$s", topic: enriched, group: enriched-sink}
      extra_transforms:
        - type: WriteKafka
          name: WriteLetters
          input: rejected
          config: {bootstrap_servers: "%1$s", topic: letters, group: letters-sink, shards: 1}
    options: {max_latency: 100ms, checkpoint_every: 500ms}
    """
        .formatted(world.broker().address());
  }

  private static boolean isPoison(int number) {
    return number % ONE_IN == ONE_IN / 2;
  }

  private static int poisons(int from, int to) {
    return (int) IntStream.range(from, to).filter(PoisonRun::isPoison).count();
  }

  private byte[] message(int number) {
    return isPoison(number)
        ? Poison.message(number / ONE_IN % Poison.kinds(), TicketSource.id(number))
        : source.ticket(number);
  }

  Result run() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (StreamWorld world = StreamWorld.start(folder.resolve("world"), 1, 1, 900, false)) {
      world.broker().createTopic("tickets", PARTITIONS);
      world.broker().createTopic("enriched", PARTITIONS);
      world.broker().createTopic("letters", 1);
      world.run(recipe(world));
      String bootstrap = world.broker().address();
      try (Counted seen = Counted.byField(bootstrap, "enriched", "ticket_id");
          Counted letters = Counted.of(bootstrap, "letters", record -> name(record.value()));
          Counted codes = Counted.of(bootstrap, "letters", PoisonRun::code)) {
        // Also the steps that only broken messages reach are warm before anything is measured.
        int warm = tickets / 2;
        int good = warm - poisons(0, warm);
        send(bootstrap, 0, warm, this::message);
        Progress.await("the first tickets", seen::names, good);
        double before = rate(bootstrap, warm, source::ticket, tickets, seen);
        int from = warm + tickets;
        int poisons = poisons(from, from + tickets);
        double poisonedRate = rate(bootstrap, from, this::message, tickets - poisons, seen);
        double after = rate(bootstrap, from + tickets, source::ticket, tickets, seen);
        int all = poisons(0, warm) + poisons;
        Progress.await("every letter", letters::records, all);
        world.awaitCheckpoint();
        world.awaitCheckpoint();

        SortedMap<String, Long> expected = new TreeMap<>();
        IntStream.concat(IntStream.range(0, warm), IntStream.range(from, from + tickets))
            .filter(PoisonRun::isPoison)
            .forEach(number -> expected.merge(name(message(number)), 1L, Long::sum));
        SortedMap<String, Long> found = letters.counts();
        expected.forEach((bytes, count) -> {
          if (!count.equals(found.get(bytes))) {
            wrong.add(found.get(bytes) + " times instead of " + count + ": " + bytes);
          }
        });
        found.forEach((bytes, _) -> {
          if (!expected.containsKey(bytes)) {
            wrong.add("never sent: " + bytes);
          }
        });
        seen.counts()
            .forEach((id, count) -> {
              if (count != 1) {
                wrong.add(id + " " + count + " times");
              }
            });
        codes
            .counts()
            .forEach((code, count) -> {
              long told =
                  world.metric(
                      "dragoman_rejected_documents_total",
                      "step=\"ReadKafka\"",
                      "code=\"" + code + "\"");
              if (told != count) {
                wrong.add(told + " of " + code + " in the metrics instead of " + count);
              }
            });
        long told = world.metric("dragoman_written_total", "step=\"WriteLetters\"");
        if (told != all) {
          wrong.add(told + " letters written in the metrics instead of " + all);
        }
        if (codes.counts().containsKey(NO_REASON)) {
          wrong.add(codes.counts().get(NO_REASON) + " letters have no reason");
        }
        return new Result(wrong, codes.counts(), before, poisonedRate, after);
      }
    }
  }

  /** Sends tickets and waits until the good ones have come out; answers how many a second. */
  private double rate(String bootstrap, int from, Producing.Message message, int good, Counted seen)
      throws Exception {
    long already = seen.names();
    long start = System.nanoTime();
    send(bootstrap, from, from + tickets, message);
    Progress.await("the tickets", seen::names, already + good);
    return good / ((seen.newest() - start) / 1e9);
  }

  private static void send(String bootstrap, int from, int to, Producing.Message message)
      throws Exception {
    try (Producing producing =
        Producing.start(bootstrap, "tickets", PARTITIONS, from, to, 0, message)) {
      producing.await();
    }
  }

  private static String code(ConsumerRecord<byte[], byte[]> letter) {
    Header code = letter.headers().lastHeader("dragoman-code");
    Header message = letter.headers().lastHeader("dragoman-message");
    return code == null || message == null || message.value().length < 10
        ? NO_REASON
        : new String(code.value(), UTF_8);
  }

  /** Names bytes, of which there may be a megabyte: how they begin, and their digest. */
  private static String name(byte @Nullable [] bytes) {
    return bytes == null
        ? "nothing"
        : new String(bytes, 0, Math.min(120, bytes.length), UTF_8) + " " + Sha256.of(bytes);
  }

  /** By hand: {@code tickets folder}. */
  public static void main(String[] arguments) throws Exception {
    Result result = new PoisonRun(Path.of(arguments[1]), Integer.parseInt(arguments[0])).run();
    System.out.printf(
        Locale.ROOT,
        "clean %.0f tickets/s, poisoned %.0f (%.1f %%), clean %.0f; letters %s%n",
        result.before(),
        result.poisoned(),
        200 * result.poisoned() / (result.before() + result.after()),
        result.after(),
        result.codes());
    result.wrong().stream().limit(20).forEach(System.out::println);
    System.exit(result.wrong().isEmpty() ? 0 : 1);
  }
}
