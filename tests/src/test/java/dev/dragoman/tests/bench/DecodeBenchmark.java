package dev.dragoman.tests.bench;

import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Language models beside llama.cpp: the same file, the same number of threads, in turns. Prints
 * tokens per second of both (medians) and the ratio of ours to theirs, the least and the median of
 * the rounds.
 *
 * <p>Arguments: the GGUF file, a Python that has xllamacpp, the path of {@code
 * tests/parity/llamacpp_bench.py}, rounds (default 5), threads (default the cores).
 */
public final class DecodeBenchmark {
  private static final int PREFILL = 512;
  private static final int DECODE = 128;
  private static final int REQUESTS = 16;
  private static final int STEPS = 32;
  private static final int WARM_UPS = 3;

  private final Decoder decoder;
  private final Decoder.Session session;
  private final Step step = new Step();

  private DecodeBenchmark(LanguageModel model) {
    this.decoder = model.decoder();
    this.session = decoder.session();
  }

  private record Work(String name, String request, int tokens, Runnable ours) {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    LanguageModelOptions options = LanguageModelOptions.defaults();
    if (args.length > 4) {
      options = options.withThreads(Integer.parseInt(args[4]));
    }
    long started = System.nanoTime();
    try (LanguageModel model = LanguageModel.open(file, options)) {
      DecodeBenchmark ours = new DecodeBenchmark(model);
      ours.prefill(4);
      double first = seconds(started);
      Process process =
          new ProcessBuilder(
                  args[1], args[2], args[0], "" + options.threads(), String.valueOf(REQUESTS))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
          PrintWriter requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8))) {
        System.out.printf(
            "%s, %d threads, %d rounds%nload to first token: %.2f s, llama.cpp %.2f s%n",
            file.getFileName(), options.threads(), rounds, first, answer(answers));
        for (Work work : ours.works()) {
          compare(work, rounds, requests, answers);
        }
      } finally {
        process.destroy();
      }
    }
  }

  private List<Work> works() {
    return List.of(
        new Work("prefill of " + PREFILL, "prefill " + PREFILL, PREFILL, () -> prefill(PREFILL)),
        new Work("decode of " + DECODE, "decode " + DECODE, DECODE, () -> decode(1, DECODE)),
        new Work(
            REQUESTS + " requests at once",
            "many " + REQUESTS + " " + STEPS,
            REQUESTS * STEPS,
            () -> decode(REQUESTS, STEPS)));
  }

  private static void compare(Work work, int rounds, PrintWriter requests, BufferedReader answers)
      throws IOException {
    for (int i = 0; i < WARM_UPS; i++) {
      work.ours().run();
    }
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      long before = System.nanoTime();
      work.ours().run();
      double seconds = seconds(before);
      requests.println(work.request());
      requests.flush();
      double other = answer(answers);
      ours.add(work.tokens() / seconds);
      theirs.add(work.tokens() / other);
      ratios.add(other / seconds);
    }
    System.out.printf(
        "%-20s %8.1f tokens/s, llama.cpp %8.1f; ratio %.2f (least), %.2f (median)%n",
        work.name(),
        median(ours),
        median(theirs),
        ratios.stream().mapToDouble(r -> r).min().orElseThrow(),
        median(ratios));
  }

  private static double answer(BufferedReader answers) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("llama.cpp has ended; start the script by hand to see why");
    }
    return Double.parseDouble(line);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void prefill(int tokens) {
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = 100 + i * 37 % 4000;
    }
    step.clear();
    step.add(decoder.sequence(tokens), ids, 0, tokens, Step.Wanted.LAST);
    session.run(step, Encoder.Layers.UNSEEN);
    best(0);
  }

  /** Each of some sequences goes on by itself, from a token of its own. */
  private void decode(int sequences, int tokens) {
    Sequence[] all = new Sequence[sequences];
    int[] next = new int[sequences];
    for (int i = 0; i < sequences; i++) {
      all[i] = decoder.sequence(tokens);
      next[i] = 100 + i * 37;
    }
    for (int token = 0; token < tokens; token++) {
      step.clear();
      for (int i = 0; i < sequences; i++) {
        step.add(all[i], next[i]);
      }
      session.run(step, Encoder.Layers.UNSEEN);
      for (int i = 0; i < sequences; i++) {
        next[i] = best(i);
      }
    }
  }

  private int best(int row) {
    float[] logits = session.logits();
    int from = row * decoder.vocabulary();
    int best = from;
    for (int i = from; i < from + decoder.vocabulary(); i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best - from;
  }
}
