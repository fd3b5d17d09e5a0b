package dev.dragoman.tests.bench;

import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.WeightType;
import dev.dragoman.tests.StarterModels;
import dev.dragoman.tests.bench.OnnxEmbedder.Model;
import dev.dragoman.tests.parity.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Embedding beside ONNX Runtime: same weights, same tokenizer, same pooling, from text to vectors,
 * in one process, in turns. Prints tokens per second (real tokens, no padding counted) for each
 * thread setting of both, and the ratio of the best of ours to the best of theirs; then how long
 * one short query takes. Texts sorted by length are also measured beside ONNX Runtime's int8, by
 * our weights of 8 bits and by our singles.
 *
 * <p>Arguments: rounds (default 7) and seconds for each measurement (default 2).
 */
public final class EmbeddingBenchmark {
  private static final int BATCH = 32;
  private static final int QUERIES = 200;

  private EmbeddingBenchmark() {}

  private interface Embedder {
    float[][] embed(List<String> texts) throws Exception;
  }

  private record Setting(String name, boolean ours, int callers, Embedder embedder) {}

  private record Corpus(String name, List<List<String>> batches, long[] tokens) {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
    int cores = Runtime.getRuntime().availableProcessors();
    Path model = StarterModels.minilm();
    EmbedOptions options = EmbedOptions.defaults();
    try (TextEmbedder one = TextEmbedder.open(model, options.withThreads(1));
        TextEmbedder all = TextEmbedder.open(model, options.withThreads(cores));
        OnnxEmbedder onnxOne = onnx(Model.F32, one, 1);
        OnnxEmbedder onnxAll = onnx(Model.F32, one, cores)) {
      List<Setting> ours = settings("dragoman", true, one::embed, all::embed, cores);
      List<Setting> theirs = settings("onnxruntime", false, onnxOne::embed, onnxAll::embed, cores);
      System.out.printf("%d cores, %s%n", cores, System.getProperty("java.vm.version"));
      List<Corpus> corpora = corpora(one);
      for (Corpus corpus : corpora) {
        check(corpus, one::embed, onnxOne::embed, 0.9999);
        compare(corpus, both(ours, theirs), rounds, seconds);
      }
      latency(both(ours, theirs), rounds);
      options = options.withWeights(WeightType.INT8);
      try (TextEmbedder bytesOne = TextEmbedder.open(model, options.withThreads(1));
          TextEmbedder bytesAll = TextEmbedder.open(model, options.withThreads(cores));
          OnnxEmbedder int8One = onnx(Model.INT8, one, 1);
          OnnxEmbedder int8All = onnx(Model.INT8, one, cores)) {
        Corpus sorted = corpora.getLast();
        check(sorted, one::embed, bytesOne::embed, 0.99);
        check(sorted, one::embed, int8One::embed, 0.9);
        List<Setting> bytes =
            settings("dragoman int8", true, bytesOne::embed, bytesAll::embed, cores);
        List<Setting> int8 =
            settings("onnxruntime int8", false, int8One::embed, int8All::embed, cores);
        compare(sorted, both(bytes, int8), rounds, seconds);
        compare(sorted, both(ours, int8), rounds, seconds);
      }
    }
  }

  private static OnnxEmbedder onnx(Model model, TextEmbedder same, int threads) throws Exception {
    return new OnnxEmbedder(model, same.tokenizer(), same.maxTokens(), threads);
  }

  private static List<Setting> settings(
      String name, boolean ours, Embedder one, Embedder all, int cores) {
    return List.of(
        new Setting(name + ", 1 thread", ours, 1, one),
        new Setting(name + ", " + cores + " threads", ours, 1, all),
        new Setting(name + ", " + cores + " callers", ours, cores, one));
  }

  private static List<Setting> both(List<Setting> ours, List<Setting> theirs) {
    return Stream.concat(ours.stream(), theirs.stream()).toList();
  }

  private static List<Corpus> corpora(TextEmbedder embedder) throws Exception {
    List<String> sentences = Goldens.sentences();
    // The real sentences come last; before them stand 100 paragraphs of several comments each.
    List<String> real =
        new ArrayList<>(sentences.subList(sentences.size() - 500, sentences.size()));
    Collections.shuffle(real, new Random(1));
    List<String> mixed = new ArrayList<>(real.subList(0, 340));
    for (int i = 340; i + 6 <= real.size(); i += 6) {
      mixed.add(String.join(" ", real.subList(i, i + 6)));
    }
    Collections.shuffle(mixed, new Random(2));
    String uniform = "house ".repeat(126).strip();
    return List.of(
        corpus("uniform, 32 x 128 tokens", Collections.nCopies(2 * BATCH, uniform), embedder),
        corpus("single sentences, as they come", real, embedder),
        corpus("sentences and short paragraphs, as they come", mixed, embedder),
        corpus("5 to 256 tokens, as they come", spread(real), embedder),
        corpus("5 to 256 tokens, sorted by length", sorted(spread(real), embedder), embedder));
  }

  /** Texts of all lengths that the model takes, as many short ones as long ones. */
  private static List<String> spread(List<String> sentences) {
    Random random = new Random(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 8 * BATCH; i++) {
      int words = (int) Math.round(4 * Math.pow(45, random.nextDouble()));
      StringBuilder text = new StringBuilder();
      for (int have = 0; have < words; ) {
        for (String word : sentences.get(random.nextInt(sentences.size())).split(" ")) {
          if (have++ < words) {
            text.append(word).append(' ');
          }
        }
      }
      texts.add(text.toString().strip());
    }
    return texts;
  }

  private static List<String> sorted(List<String> texts, TextEmbedder embedder) {
    return texts.stream()
        .sorted(Comparator.comparingInt(text -> embedder.tokenizer().count(text)))
        .toList();
  }

  private static void latency(List<Setting> settings, int rounds) throws Exception {
    System.out.printf("%none short query, milliseconds%n");
    List<String> query = List.of("where can I find the invoice of last month?");
    for (Setting setting : settings) {
      if (setting.callers() > 1) {
        continue;
      }
      double[] times = new double[QUERIES * rounds];
      for (int i = -QUERIES; i < times.length; i++) {
        long start = System.nanoTime();
        setting.embedder().embed(query);
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      Arrays.sort(times);
      System.out.printf(
          "  %-24s p50 %6.2f   p99 %6.2f%n",
          setting.name(), times[times.length / 2], times[times.length * 99 / 100]);
    }
  }

  private static Corpus corpus(String name, List<String> texts, TextEmbedder embedder) {
    List<List<String>> batches = new ArrayList<>();
    for (int i = 0; i + BATCH <= texts.size(); i += BATCH) {
      batches.add(List.copyOf(texts.subList(i, i + BATCH)));
    }
    long[] tokens = new long[batches.size()];
    for (int i = 0; i < tokens.length; i++) {
      for (String text : batches.get(i)) {
        tokens[i] += embedder.tokenizer().encodeForModel(text, embedder.maxTokens()).size();
      }
    }
    return new Corpus(name, batches, tokens);
  }

  private static void check(Corpus corpus, Embedder ours, Embedder theirs, double close)
      throws Exception {
    for (List<String> batch : corpus.batches()) {
      float[][] a = ours.embed(batch);
      float[][] b = theirs.embed(batch);
      for (int i = 0; i < a.length; i++) {
        double cosine = 0;
        for (int k = 0; k < a[i].length; k++) {
          cosine += (double) a[i][k] * b[i][k];
        }
        if (cosine < close) {
          throw new IllegalStateException("cosine " + cosine + ": " + batch.get(i));
        }
      }
    }
  }

  private static void compare(Corpus corpus, List<Setting> settings, int rounds, double seconds)
      throws Exception {
    System.out.printf(
        "%n%s: %d batches of %d texts, %.1f tokens a text%n",
        corpus.name(),
        corpus.batches().size(),
        BATCH,
        (double) Arrays.stream(corpus.tokens()).sum() / corpus.batches().size() / BATCH);
    double[][] rates = new double[settings.size()][rounds];
    for (Setting setting : settings) {
      rate(corpus, setting, seconds);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < rates.length; i++) {
        rates[i][round] = rate(corpus, settings.get(i), seconds);
      }
    }
    double ours = 0;
    double theirs = 0;
    for (int i = 0; i < rates.length; i++) {
      Setting setting = settings.get(i);
      double[] sorted = rates[i];
      Arrays.sort(sorted);
      double median = sorted[rounds / 2];
      System.out.printf(
          "  %-28s median %7.0f tokens/s   (%.0f to %.0f)%n",
          setting.name(), median, sorted[0], sorted[rounds - 1]);
      if (setting.ours()) {
        ours = Math.max(ours, median);
      } else {
        theirs = Math.max(theirs, median);
      }
    }
    System.out.printf("  ratio of the best of each: %.2f%n", ours / theirs);
  }

  /** Real tokens per second. */
  private static double rate(Corpus corpus, Setting setting, double seconds) throws Exception {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    AtomicInteger next = new AtomicInteger();
    AtomicLong tokens = new AtomicLong();
    Callable<Void> caller =
        () -> {
          while (System.nanoTime() < end) {
            int batch = next.getAndIncrement() % corpus.batches().size();
            setting.embedder().embed(corpus.batches().get(batch));
            tokens.addAndGet(corpus.tokens()[batch]);
          }
          return null;
        };
    try (ExecutorService callers = Executors.newFixedThreadPool(setting.callers())) {
      for (Future<Void> done : callers.invokeAll(Collections.nCopies(setting.callers(), caller))) {
        done.get();
      }
    }
    return tokens.get() / ((System.nanoTime() - start) / 1e9);
  }
}
