package dev.dragoman.tests.bench;

import dev.dragoman.models.TextToText;
import dev.dragoman.models.WriteOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Encoder-decoders beside CTranslate2: the same random weights in real sizes, the same sources, as
 * many tokens written, the same number of threads, in turns. Prints seconds of both (medians) and
 * the ratio of ours to theirs, the least and the median of the rounds.
 *
 * <p>Arguments: a folder that {@code tests/parity/ctranslate2_bench.py make} wrote, a Python that
 * has ctranslate2, the path of that script, rounds (default 5), threads (default the cores).
 */
public final class SequenceBenchmark {
  private static final int TOKENS = 32;

  private SequenceBenchmark() {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    int threads =
        args.length > 4 ? Integer.parseInt(args[4]) : Runtime.getRuntime().availableProcessors();
    List<String> sources = Files.readAllLines(folder.resolve("sources.txt"));
    Process process =
        new ProcessBuilder(args[1], args[2], "run", args[0], "" + threads)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (TextToText model = TextToText.open(folder, threads);
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8))) {
      System.out.printf("%s, %d threads, %d rounds%n", folder.getFileName(), threads, rounds);
      compare(model, sources.subList(0, 128), 1, rounds, requests, answers);
      compare(model, sources.subList(0, 48), 4, rounds, requests, answers);
    } finally {
      process.destroy();
    }
  }

  private static void compare(
      TextToText model,
      List<String> sources,
      int beams,
      int rounds,
      PrintWriter requests,
      BufferedReader answers)
      throws IOException {
    WriteOptions own = model.options("");
    WriteOptions options =
        own.withSearch(own.search().withBeams(beams, 1).withTokens(TOKENS, TOKENS));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      long started = System.nanoTime();
      model.write(sources, options);
      double seconds = (System.nanoTime() - started) / 1e9;
      requests.printf("%d %d %d%n", beams, sources.size(), TOKENS);
      requests.flush();
      double other = Double.parseDouble(answers.readLine());
      if (round >= 0) {
        ours.add(seconds);
        theirs.add(other);
        ratios.add(other / seconds);
      }
    }
    ours.sort(null);
    theirs.sort(null);
    ratios.sort(null);
    System.out.printf(
        "%d sources, %s: %.2f s, CTranslate2 %.2f s; %.2f times as fast at least, %.2f in the"
            + " median%n",
        sources.size(),
        beams == 1 ? "greedy" : beams + " beams",
        ours.get(rounds / 2),
        theirs.get(rounds / 2),
        ratios.getFirst(),
        ratios.get(rounds / 2));
  }
}
