package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.tests.e2e.Cli;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Tickets without end, the same for the same seed: texts of the samples, each with an id, a
 * customer and a time that goes on by {@code step} from one to the next, a little out of order.
 */
final class TicketSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CHANNELS = List.of("mail", "chat", "phone", "form");

  /** How far the time of a ticket is from its place in the order. */
  static final Duration OUT_OF_ORDER = Duration.ofSeconds(20);

  private final List<String> texts = new ArrayList<>();
  private final long seed;
  private final Instant first;
  private final Duration step;

  TicketSource(long seed, Instant first, Duration step) throws IOException {
    this.seed = seed;
    this.first = first;
    this.step = step;
    try (Stream<String> lines =
        Files.lines(Cli.repository().resolve("samples/tickets/tickets.jsonl"))) {
      for (String line : (Iterable<String>) lines::iterator) {
        JsonNode sample = JSON.readTree(line);
        String text = sample.path("text").asText(sample.path("body").asText());
        if (text.length() > 20) {
          texts.add(text.length() > 280 ? text.substring(0, 280) : text);
        }
      }
    }
    if (texts.isEmpty()) {
      throw new IOException("the samples have no tickets");
    }
  }

  static String id(int number) {
    return "T-%07d".formatted(number);
  }

  /** What tickets say. */
  List<String> texts() {
    return Collections.unmodifiableList(texts);
  }

  Instant time(int number) {
    return first.plus(step.multipliedBy(number));
  }

  /** The JSON of a ticket. */
  byte[] ticket(int number) {
    return object(number).toString().getBytes(UTF_8);
  }

  private ObjectNode object(int number) {
    Random random = new Random(seed * 1_000_003 + number);
    long early = random.nextLong(OUT_OF_ORDER.toMillis() / 2);
    return JSON.createObjectNode()
        .put("ticket_id", id(number))
        .put("created_at", time(number).minusMillis(early).toString())
        .put("customer", "C-%04d".formatted(random.nextInt(5_000)))
        .put("channel", CHANNELS.get(random.nextInt(CHANNELS.size())))
        .put("subject", "Ticket " + number)
        .put("text", texts.get(random.nextInt(texts.size())));
  }

  /** The JSON of a ticket of this moment. */
  byte[] ticketAt(int number, Instant now) {
    return object(number).put("created_at", now.toString()).toString().getBytes(UTF_8);
  }

  /** A ticket so much later that every window before it is over. */
  byte[] closing(int number, int after) {
    return object(number)
        .put("ticket_id", "closing-" + number)
        .put("created_at", time(after).plus(Duration.ofDays(2)).toString())
        .put("channel", "closing")
        .toString()
        .getBytes(UTF_8);
  }

  /** Writes the tickets from 0 to {@code count} as JSON Lines. */
  void write(Path file, int count) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        out.write(object(i).toString());
        out.newLine();
      }
    }
  }
}
