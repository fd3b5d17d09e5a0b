package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UpgradeTest {
  private static final int BEFORE = 300;
  private static final int ALL = 600;
  private static final int PARTITIONS = 2;
  private static final Instant FIRST = Instant.parse("2026-03-01T00:00:00Z");

  private final ConcurrentMap<String, List<JsonNode>> read = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, List<JsonNode>> joined = new ConcurrentHashMap<>();

  @TempDir private Path folder;

  private static String recipe(StreamWorld world) {
    return """
    pipeline:
      type: composite
      transforms:
        - type: ReadKafka
          name: Tickets
          config:
            bootstrap_servers: "%1$s"
            topics: [tickets]
            group: tickets
            event_time: created_at
            id_field: ticket_id
            text: [text]
            idle_after: 0s
        - type: ReadKafka
          name: Calls
          config:
            bootstrap_servers: "%1$s"
            topics: [calls]
            group: calls
            event_time: created_at
            id_field: ticket_id
            text: [text]
            idle_after: 0s
        - {type: DetectLanguage, input: Tickets, config: {languages: [en, nl]}}
        - type: Join
          input: DetectLanguage
          config:
            with: Calls
            left_key: "column:ticket_id"
            right_key: "column:ticket_id"
            within: 1h
            unmatched: drop
        - type: WriteKafka
          input: DetectLanguage
          config: {bootstrap_servers: "%1$s", topic: read, group: read-sink}
        - type: WriteKafka
          name: WriteJoined
          input: Join
          config: {bootstrap_servers: "%1$s", topic: joined, group: joined-sink}
        - type: WriteKafka
          name: WriteLetters
          input: rejected
          config: {bootstrap_servers: "%1$s", topic: letters, group: letters-sink}
    options: {max_latency: 100ms, checkpoint_every: 500ms}
    """
        .formatted(world.broker().address());
  }

  private static byte[] message(int number, String text) {
    return """
    {"ticket_id": "%s", "created_at": "%s", "text": "%s %d"}\
    """
        .formatted(TicketSource.id(number), FIRST.plusSeconds(number), text, number)
        .getBytes(UTF_8);
  }

  /** Two of each topic, one a partition, so late that nothing waits for anything any more. */
  private static byte[] closing(int number) {
    return """
    {"ticket_id": "closing-%d", "created_at": "%s", "text": "no one reads this"}\
    """
        .formatted(number, FIRST.plus(Duration.ofDays(1)))
        .getBytes(UTF_8);
  }

  private static void send(
      StreamWorld world, String topic, int from, int to, Producing.Message message)
      throws Exception {
    try (Producing producing =
        Producing.start(world.broker().address(), topic, PARTITIONS, from, to, 0, message)) {
      producing.await();
    }
  }

  private static Committed collect(
      StreamWorld world, String topic, ConcurrentMap<String, List<JsonNode>> rows) {
    return Committed.read(
        world.broker().address(),
        topic,
        (record, _) -> {
          JsonNode row = Committed.json(record);
          rows.computeIfAbsent(
                  row.path("fields").path("ticket_id").asText(), _ -> new CopyOnWriteArrayList<>())
              .add(row);
        });
  }

  private static String region(JsonNode row) {
    return row.path("fields").path("region").asText("none");
  }

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void aNewerReleaseWithAnAddedFieldGoesOnFromASavepointAndLosesAndDoublesNothing()
      throws Exception {
    List<Path> newer = NewerRelease.compile(folder.resolve("newer"));
    try (StreamWorld world = StreamWorld.start(folder.resolve("world"), 1, 1, 900, false)) {
      world.broker().createTopic("tickets", PARTITIONS);
      world.broker().createTopic("calls", PARTITIONS);
      for (String topic : List.of("read", "joined", "letters")) {
        world.broker().createTopic(topic, 1);
      }
      world.run(recipe(world));
      try (Committed _ = collect(world, "read", read);
          Committed _ = collect(world, "joined", joined)) {
        send(
            world,
            "tickets",
            0,
            BEFORE,
            number -> message(number, "The parcel never came, ticket"));
        Progress.await("the first tickets", read::size, BEFORE);
        assertThat(joined).as("tickets wait for their calls").isEmpty();

        String savepoint = world.stop();
        send(
            world,
            "tickets",
            BEFORE,
            ALL,
            number -> message(number, "The parcel never came, ticket"));
        world.upgrade(newer);
        world.from(savepoint);
        send(world, "calls", 0, ALL, number -> message(number, "I called about it, call"));
        Progress.await("the other tickets", read::size, ALL);
        send(world, "tickets", 0, PARTITIONS, UpgradeTest::closing);
        send(world, "calls", 0, PARTITIONS, UpgradeTest::closing);
        Progress.await("every ticket with its call", joined::size, ALL);
        world.awaitCheckpoint();
        world.awaitCheckpoint();
        world.stop();
      }
    }
    List<String> ids = IntStream.range(0, ALL).mapToObj(TicketSource::id).toList();
    assertThat(joined.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(read.keySet()).containsAll(ids);
    for (int i = 0; i < ALL; i++) {
      String id = TicketSource.id(i);
      assertThat(read.get(id)).as("read %s", id).hasSize(1);
      assertThat(joined.get(id)).as("joined %s", id).hasSize(1);
      JsonNode row = joined.get(id).getFirst();
      assertThat(row.path("text").asText())
          .contains("The parcel never came, ticket " + i)
          .contains("I called about it, call " + i);
      assertThat(region(row)).isEqualTo(i < BEFORE ? "unknown" : "europe");
      assertThat(region(read.get(id).getFirst())).isEqualTo(i < BEFORE ? "none" : "europe");
    }
  }
}
