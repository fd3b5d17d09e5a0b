package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done is not done again, and nothing is doubled. */
class ResumeTest {
  private static final int TICKETS = 80;

  @TempDir private Path folder;

  private static JsonNode report(Path out) throws IOException {
    return new ObjectMapper().readTree(out.resolve("run.json").toFile());
  }

  private static List<List<JsonNode>> rows(Path out) {
    return SampleRun.rows(
        out,
        "SELECT document_id, text, masked_text, summary, category, models FROM documents"
            + " ORDER BY document_id");
  }

  @Test
  void aSecondRunDoesNoModelWorkAndChangesNoRow() throws IOException {
    Path out = folder.resolve("out");
    copy(SampleRun.get().out(), out);
    Cli.Result again =
        Cli.dragoman().run("enrich", "samples", "--out", out.toString(), "--resume", "--json");
    assertThat(again.code()).as(again.err()).isZero();
    JsonNode report = report(out);
    for (JsonNode operator : report.get("operators")) {
      assertThat(operator.get("tokens").asLong()).as(operator.toString()).isZero();
      assertThat(operator.get("documents_in").asLong()).as(operator.toString()).isZero();
    }
    assertThat(report.get("documents_in")).isEqualTo(SampleRun.get().report().get("documents_in"));
    assertThat(rows(out)).isEqualTo(rows(SampleRun.get().out()));
  }

  @Test
  void aRunThatWasKilledGoesOnWhereItWasAndEndsWithTheSameRows() throws Exception {
    Path tickets = folder.resolve("tickets.jsonl");
    try (Stream<String> samples =
        Files.lines(Cli.repository().resolve("samples/tickets/tickets.jsonl"))) {
      Files.write(tickets, samples.limit(TICKETS).toList());
    }
    String[] whole = {
      "enrich",
      tickets.toString(),
      "--out",
      folder.resolve("whole").toString(),
      "--recipe",
      withoutTranslation().toString(),
      "--runner",
      "direct"
    };
    Cli.Result first = Cli.dragoman().run(whole);
    assertThat(first.code()).as(first.err()).isZero();

    Path out = folder.resolve("killed");
    String[] killed = whole.clone();
    killed[3] = out.toString();
    Process process =
        Cli.dragoman().start(folder.resolve("o.txt"), folder.resolve("e.txt"), killed);
    while (process.isAlive() && journalBytes(out) == 0) {
      Thread.sleep(5);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(out.resolve("run.json")).doesNotExist();
    assertThat(out.resolve("documents")).doesNotExist();

    String[] resumed =
        Stream.concat(Stream.of(killed), Stream.of("--resume")).toArray(String[]::new);
    Cli.Result second = Cli.dragoman().run(resumed);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(rows(out)).isEqualTo(rows(folder.resolve("whole")));
    long normalised = 0;
    for (JsonNode operator : report(out).get("operators")) {
      if (operator.get("name").asText().equals("Normalize")) {
        normalised = operator.get("documents_in").asLong();
      }
    }
    assertThat(normalised).as("documents that were paid for again").isLessThan(TICKETS);
  }

  /** The recipe for tickets, without its slowest step: it would only make the test longer. */
  private Path withoutTranslation() throws IOException {
    String recipe =
        Files.readString(
            Cli.repository()
                .resolve(
                    "pipelines/src/main/resources/dev/dragoman/pipelines/recipes/tickets.yaml"));
    String shorter = recipe.replaceFirst("(?s)    - type: Translate\n.*?(?=    - type: )", "");
    assertThat(shorter).isNotEqualTo(recipe);
    return Files.writeString(folder.resolve("recipe.yaml"), shorter);
  }

  private static long journalBytes(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(out)) {
      long bytes = 0;
      for (Path file : files.filter(f -> f.toString().endsWith(".seg")).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
