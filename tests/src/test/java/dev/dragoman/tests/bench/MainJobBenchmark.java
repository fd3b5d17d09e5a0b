package dev.dragoman.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.tests.e2e.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Documents a second of the main job with one core and with two: the whole command in a process of
 * its own, bound to those cores (by {@code taskset}) with all its workers, over the samples and so
 * many tickets more; in turns, minimum and median of the rounds.
 *
 * <p>Arguments: tickets (default 2000) and rounds (default 3).
 */
public final class MainJobBenchmark {
  private MainJobBenchmark() {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    int tickets = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path work = Files.createTempDirectory("main-job");
    Path file = work.resolve("tickets.jsonl");
    ManyTickets.write(file, tickets);
    List<String> cores = List.of("0", "0,1");
    List<List<Double>> rates = List.of(new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < cores.size(); i++) {
        Path out = work.resolve("out-" + round + "-" + i);
        Cli.Result result =
            Cli.dragoman()
                .onCores(cores.get(i))
                .run("enrich", "samples", file.toString(), "--out", out.toString());
        if (result.code() != 0) {
          throw new IllegalStateException(result.err());
        }
        double rate = documentsPerSecond(out);
        rates.get(i).add(rate);
        System.out.printf(
            "round %d, cores %-3s %8.1f documents/s%n", round + 1, cores.get(i), rate);
      }
    }
    double one = median(rates.get(0));
    double two = median(rates.get(1));
    System.out.printf(
        "%none core: median %.1f, least %.1f documents/s%ntwo cores: median %.1f, least %.1f"
            + " documents/s%nratio of the medians: %.2f%n",
        one, Collections.min(rates.get(0)), two, Collections.min(rates.get(1)), two / one);
  }

  private static double documentsPerSecond(Path out) throws IOException {
    JsonNode report = new JsonMapper().readTree(out.resolve("run.json").toFile());
    return report.path("documents_in").asLong() / report.path("seconds").asDouble();
  }

  private static double median(List<Double> rates) {
    List<Double> sorted = rates.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
