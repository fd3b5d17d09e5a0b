package dev.dragoman.tests.semantic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Support questions with their intents: the first ten of each to learn from, the rest to ask. */
record Tickets(Map<String, List<String>> examples, List<Ticket> questions) {
  private static final int EXAMPLES = 10;

  record Ticket(String intent, String text) {}

  /** Fifteen intents of banking77, twenty questions each. */
  static Tickets banking() {
    Map<String, List<String>> examples = new LinkedHashMap<>();
    List<Ticket> questions = new ArrayList<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                requireNonNull(Tickets.class.getResourceAsStream("banking77.tsv")), UTF_8))) {
      for (String line : lines.lines().toList()) {
        int tab = line.indexOf('\t');
        String intent = line.substring(0, tab);
        List<String> own = examples.computeIfAbsent(intent, _ -> new ArrayList<>());
        if (own.size() < EXAMPLES) {
          own.add(line.substring(tab + 1));
        } else {
          questions.add(new Ticket(intent, line.substring(tab + 1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Tickets(examples, questions);
  }
}
