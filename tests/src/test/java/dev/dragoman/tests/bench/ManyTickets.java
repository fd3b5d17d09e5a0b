package dev.dragoman.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.tests.e2e.Cli;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * As many tickets as asked for, put together from the sentences of the samples' tickets, so that
 * they have the length, the languages and the personal data of those, but hardly a duplicate.
 */
final class ManyTickets {
  private ManyTickets() {}

  static void write(Path file, int count) throws IOException {
    JsonMapper json = new JsonMapper();
    List<String> subjects = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    for (String line :
        Files.readAllLines(Cli.repository().resolve("samples/tickets/tickets.jsonl"))) {
      JsonNode ticket = json.readTree(line);
      subjects.add(ticket.path("subject").asText());
      sentences.addAll(List.of(ticket.path("body").asText().split("(?<=[.!?])\\s+")));
    }
    Random random = new Random(20_000);
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        StringBuilder body = new StringBuilder();
        for (int k = 3 + random.nextInt(5); k > 0; k--) {
          body.append(sentences.get(random.nextInt(sentences.size()))).append(' ');
        }
        lines.write(
            json.writeValueAsString(
                Map.of(
                    "id",
                    "M-%06d".formatted(i),
                    "subject",
                    subjects.get(random.nextInt(subjects.size())),
                    "body",
                    body.toString().strip())));
        lines.newLine();
      }
    }
  }
}
