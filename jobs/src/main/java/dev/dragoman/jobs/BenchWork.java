package dev.dragoman.jobs;

import dev.dragoman.models.ClassifyOptions;
import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.TextGenerator;
import dev.dragoman.models.TokenClassifier;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.WeightType;
import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generated;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.GeneratorOptions;
import dev.dragoman.models.generate.TextListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A model that is run on the same texts over and over. */
abstract sealed class BenchWork implements AutoCloseable {
  /**
   * What a call did.
   *
   * @param tokens that went into the model, or, of a language model, came out
   * @param prompt tokens of prompts that were run, and the time that took
   * @param decoded tokens after the first of each text, and the time they took
   */
  record Done(long tokens, long prompt, double promptSeconds, long decoded, double decodeSeconds) {
    static final Done NOTHING = new Done(0, 0, 0, 0, 0);

    static Done of(long tokens) {
      return new Done(tokens, 0, 0, 0, 0);
    }

    static Done of(Generated text) {
      return new Done(
          text.ids().length,
          text.promptTokens() - text.reusedTokens(),
          text.prefillSeconds(),
          text.ids().length - 1,
          text.decodeSeconds());
    }

    Done plus(Done other) {
      return new Done(
          tokens + other.tokens,
          prompt + other.prompt,
          promptSeconds + other.promptSeconds,
          decoded + other.decoded,
          decodeSeconds + other.decodeSeconds);
    }

    double prefillRate() {
      return promptSeconds > 0 ? prompt / promptSeconds : 0;
    }

    double decodeRate() {
      return decodeSeconds > 0 ? decoded / decodeSeconds : 0;
    }
  }

  private final int texts;
  private int next;

  private BenchWork(int texts) {
    this.texts = texts;
  }

  static BenchWork embed(Path folder, List<String> texts, int threads, WeightType weights) {
    EmbedOptions how = EmbedOptions.defaults().withThreads(threads).withWeights(weights);
    TextEmbedder model = TextEmbedder.open(folder, how);
    List<String> prompted = texts.stream().map(text -> model.prompt() + text).toList();
    int[] tokens = tokens(model.tokenizer(), prompted, model.maxTokens());
    return new Encoded(texts, tokens, model::embed, model);
  }

  static BenchWork classify(Path folder, List<String> texts, int threads) {
    ClassifyOptions how = ClassifyOptions.defaults().withThreads(threads);
    if (TokenClassifier.isOne(folder)) {
      TokenClassifier model = TokenClassifier.open(folder, how);
      int[] tokens = tokens(model.tokenizer(), texts, Integer.MAX_VALUE);
      return new Encoded(texts, tokens, model::entities, model);
    }
    TextClassifier model = TextClassifier.open(folder, how);
    int[] tokens = tokens(model.tokenizer(), texts, model.maxTokens());
    return new Encoded(
        texts,
        tokens,
        some -> model.classify(some.stream().map(TextClassifier.Input::of).toList()),
        model);
  }

  /** Nothing is kept of a text for the next, so that each prompt is run. */
  static BenchWork generate(Path path, List<String> texts, int threads, int atOnce, int maxTokens) {
    GeneratorOptions plain = GeneratorOptions.defaults();
    GeneratorOptions shared =
        new GeneratorOptions(
            plain.context(), Math.max(plain.atOnce(), atOnce), plain.stepTokens(), 0);
    TextGenerator model = TextGenerator.open(path, shared, new LanguageModelOptions(threads));
    List<int[]> prompts = texts.stream().map(text -> model.tokens(text, false)).toList();
    return new Told(
        prompts,
        GenerateOptions.greedy().with(o -> o.maxTokens(maxTokens).stopAtEnd(false)),
        model);
  }

  private static int[] tokens(Tokenizer tokenizer, List<String> texts, int limit) {
    return texts.stream().mapToInt(text -> tokenizer.encodeForModel(text, limit).size()).toArray();
  }

  /** Runs so many of the texts together, the next ones each time. */
  abstract Done run(int together) throws InterruptedException;

  /** When the first result was there, as {@link System#nanoTime} has it. */
  abstract long firstResult();

  /** The number of the text that is next. */
  final int next() {
    int now = next;
    next = (next + 1) % texts;
    return now;
  }

  @Override
  public abstract void close();

  /** An encoder: texts in, something out that is not looked at. */
  private static final class Encoded extends BenchWork {
    private final List<String> texts;
    private final int[] tokens;
    private final Consumer<List<String>> model;
    private final AutoCloseable owner;
    private long first;

    Encoded(List<String> texts, int[] tokens, Consumer<List<String>> model, AutoCloseable owner) {
      super(texts.size());
      this.texts = texts;
      this.tokens = tokens;
      this.model = model;
      this.owner = owner;
    }

    @Override
    Done run(int together) {
      List<String> some = new ArrayList<>(together);
      long count = 0;
      for (int i = 0; i < together; i++) {
        int text = next();
        some.add(texts.get(text));
        count += tokens[text];
      }
      model.accept(some);
      if (first == 0) {
        first = System.nanoTime();
      }
      return Done.of(count);
    }

    @Override
    long firstResult() {
      return first;
    }

    @Override
    public void close() {
      try {
        owner.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A language model. */
  private static final class Told extends BenchWork {
    private final List<int[]> prompts;
    private final GenerateOptions wanted;
    private final TextGenerator model;
    private final AtomicLong first = new AtomicLong();
    private final TextListener listener = text -> first.compareAndSet(0, System.nanoTime());

    Told(List<int[]> prompts, GenerateOptions wanted, TextGenerator model) {
      super(prompts.size());
      this.prompts = prompts;
      this.wanted = wanted;
      this.model = model;
    }

    @Override
    Done run(int together) throws InterruptedException {
      List<Generation> started = new ArrayList<>(together);
      for (int i = 0; i < together; i++) {
        started.add(model.start(prompts.get(next()), wanted, listener));
      }
      Done done = Done.NOTHING;
      for (Generation generation : started) {
        done = done.plus(Done.of(generation.get()));
      }
      // Tokens that are no text are not heard of.
      first.compareAndSet(0, System.nanoTime());
      return done;
    }

    @Override
    long firstResult() {
      return first.get();
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
