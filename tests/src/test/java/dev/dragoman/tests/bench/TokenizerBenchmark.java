package dev.dragoman.tests.bench;

import dev.dragoman.models.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast a tokenizer is on one thread, beside Hugging Face tokenizers in a Python that has it.
 * Takes a {@code tokenizer.json}, a text whose documents are separated by a line with {@code ---},
 * the Python program, and tests/parity/tokenizers_speed.py.
 */
final class TokenizerBenchmark {
  private static final int ROUNDS = 7;

  private TokenizerBenchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Tokenizer tokenizer = Tokenizer.open(Path.of(args[0]));
    List<String> documents = List.of(Files.readString(Path.of(args[1])).split("\n---\n", -1));
    List<Double> ours = new ArrayList<>();
    long tokens = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      tokens = 0;
      for (String document : documents) {
        tokens += tokenizer.encode(document).size();
      }
      ours.add((System.nanoTime() - start) / 1e9);
    }
    ProcessBuilder builder =
        new ProcessBuilder(args[2], args[3], args[0], args[1], String.valueOf(ROUNDS));
    builder.environment().put("TOKENIZERS_PARALLELISM", "false");
    Process python = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    if (python.waitFor() != 0 || lines.size() != ROUNDS + 1) {
      throw new IOException("Hugging Face tokenizers did not run: " + lines);
    }
    List<Double> theirs = lines.stream().skip(1).map(Double::valueOf).sorted().toList();
    List<Double> sorted = ours.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: %d documents, %d tokens (theirs: %s)%n"
            + "  ours   best %.2f, median %.2f, first %.2f million tokens/s%n"
            + "  theirs best %.2f, median %.2f million tokens/s, first round %s s%n"
            + "  ratio  best %.2f, median %.2f%n",
        args[0],
        documents.size(),
        tokens,
        lines.getFirst(),
        tokens / sorted.getFirst() / 1e6,
        tokens / sorted.get(ROUNDS / 2) / 1e6,
        tokens / ours.getFirst() / 1e6,
        tokens / theirs.getFirst() / 1e6,
        tokens / theirs.get(ROUNDS / 2) / 1e6,
        lines.get(1),
        theirs.getFirst() / sorted.getFirst(),
        theirs.get(ROUNDS / 2) / sorted.get(ROUNDS / 2));
  }
}
