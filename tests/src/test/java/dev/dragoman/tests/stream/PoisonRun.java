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
  private static final String NO_REASON = "NO_REASON";

  private final Path folder;
  private final int tickets;
  private final int rounds;
  private final TicketSource source =
      new TicketSource(3, Instant.parse("2026-03-01T00:00:00Z"), Duration.ofMillis(200));

  PoisonRun(Path folder, int tickets, int rounds) throws Exception {
    this.folder = folder;
    this.tickets = tickets;
    this.rounds = rounds;
  }

  /**
   * What was found.
   *
   * @param wrong what is missing, doubled or without a reason
   * @param clean messages a second without poison, measured before and after each round
   * @param poisoned the same with it, one a round, until the last ticket and the last dead letter
   *     are there
   */
  record Result(
      List<String> wrong,
      SortedMap<String, Long> codes,
      List<Double> clean,
      List<Double> poisoned) {
    Result {
      wrong = List.copyOf(wrong);
      codes = new TreeMap<>(codes);
      clean = List.copyOf(clean);
      poisoned = List.copyOf(poisoned);
    }

    /**
     * Each round's throughput with poison as a part of the mean of those beside it, which takes out
     * that a machine and its JVMs grow faster or slower; in ascending order.
     */
    List<Double> ratios() {
      return IntStream.range(0, poisoned.size())
          .mapToObj(round -> 2 * poisoned.get(round) / (clean.get(round) + clean.get(round + 1)))
          .sorted()
          .toList();
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

  private static List<Integer> poisonsOf(int from, int to) {
    return IntStream.range(from, to).filter(PoisonRun::isPoison).boxed().toList();
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
          Counted letters = Counted.of(bootstrap, "letters", PoisonRun::letter)) {
        // Also the steps that only broken messages reach are warm before anything is measured.
        int warm = tickets / 2;
        int good = warm - poisonsOf(0, warm).size();
        send(bootstrap, 0, warm, this::message);
        Progress.await("the first tickets", seen::names, good);
        Progress.await("the first letters", letters::records, warm - good);
        int next = warm;
        List<Double> clean = new ArrayList<>();
        clean.add(rate(bootstrap, next, false, seen, letters));
        next += tickets;
        List<Double> poisoned = new ArrayList<>();
        List<Integer> sent = new ArrayList<>(poisonsOf(0, warm));
        for (int round = 0; round < rounds; round++) {
          sent.addAll(poisonsOf(next, next + tickets));
          poisoned.add(rate(bootstrap, next, true, seen, letters));
          next += tickets;
          clean.add(rate(bootstrap, next, false, seen, letters));
          next += tickets;
        }
        int all = sent.size();
        world.awaitCheckpoint();
        world.awaitCheckpoint();

        SortedMap<String, Long> expected = new TreeMap<>();
        sent.forEach(number -> expected.merge(name(message(number)), 1L, Long::sum));
        SortedMap<String, Long> found = new TreeMap<>();
        SortedMap<String, Long> codes = new TreeMap<>();
        letters
            .counts()
            .forEach((letter, count) -> {
              int space = letter.indexOf(' ');
              codes.merge(letter.substring(0, space), count, Long::sum);
              found.merge(letter.substring(space + 1), count, Long::sum);
            });
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
        codes.forEach((code, count) -> {
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
        if (codes.containsKey(NO_REASON)) {
          wrong.add(codes.get(NO_REASON) + " letters have no reason");
        }
        return new Result(wrong, codes, clean, poisoned);
      }
    }
  }

  /** Sends messages and waits until what becomes of each is there; answers how many a second. */
  private double rate(String bootstrap, int from, boolean withPoison, Counted seen, Counted letters)
      throws Exception {
    int broken = withPoison ? poisonsOf(from, from + tickets).size() : 0;
    long already = seen.names();
    long alreadyLetters = letters.records();
    long start = System.nanoTime();
    send(bootstrap, from, from + tickets, withPoison ? this::message : source::ticket);
    Progress.await("the tickets", seen::names, already + tickets - broken);
    Progress.await("the letters", letters::records, alreadyLetters + broken);
    long end = withPoison ? Math.max(seen.newest(), letters.newest()) : seen.newest();
    return tickets / ((end - start) / 1e9);
  }

  private static void send(String bootstrap, int from, int to, Producing.Message message)
      throws Exception {
    try (Producing producing =
        Producing.start(bootstrap, "tickets", PARTITIONS, from, to, 0, message)) {
      producing.await();
    }
  }

  /** The code of a letter, a space, and what its bytes are called. */
  private static String letter(ConsumerRecord<byte[], byte[]> letter) {
    return code(letter) + " " + name(letter.value());
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

  /** By hand: {@code tickets rounds folder}. */
  public static void main(String[] arguments) throws Exception {
    Result result =
        new PoisonRun(
                Path.of(arguments[2]),
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]))
            .run();
    List<Double> ratios = result.ratios();
    System.out.printf(
        Locale.ROOT,
        "clean %s messages/s, poisoned %s: %s of the clean ones beside them, median %.3f; letters %s%n",
        rounded(result.clean(), 0),
        rounded(result.poisoned(), 0),
        rounded(ratios, 3),
        (ratios.get((ratios.size() - 1) / 2) + ratios.get(ratios.size() / 2)) / 2,
        result.codes());
    result.wrong().stream().limit(20).forEach(System.out::println);
    System.exit(result.wrong().isEmpty() ? 0 : 1);
  }

  private static List<String> rounded(List<Double> numbers, int places) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%." + places + "f", number))
        .toList();
  }
}
