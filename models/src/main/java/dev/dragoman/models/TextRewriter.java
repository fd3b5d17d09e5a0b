package dev.dragoman.models;

import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.Terms;
import dev.dragoman.models.kernel.ParallelKernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link TextToText} in a folder of Hugging Face. */
final class TextRewriter implements TextToText {
  /** What is written if the files do not say how long it may be. */
  private static final int USUAL_TOKENS = 128;

  private static final int BATCH_TOKENS = 4096;

  private final Path folder;
  private final ModelConfig config;
  private final Tokenizer tokenizer;
  private final SequenceRunner runner;
  private final int maxTokens;
  private final int start;

  private TextRewriter(
      Path folder, ModelConfig config, Tokenizer tokenizer, SequenceRunner runner, int maxTokens) {
    this.folder = folder;
    this.config = config;
    this.tokenizer = tokenizer;
    this.runner = runner;
    this.maxTokens = maxTokens;
    this.start = StartTokens.start(folder);
  }

  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("config.json"))
        && Architectures.isEncoderDecoder(ModelConfig.read(folder));
  }

  static TextRewriter open(Path folder, int threads) {
    Weights weights = Weights.open(folder);
    try {
      ParallelKernels kernels = new ParallelKernels(Models.kernels(), threads);
      try {
        ModelConfig config = ModelConfig.read(folder);
        EncoderDecoder model = Architectures.encoderDecoder(config, weights, kernels);
        Tokenizer tokenizer = Tokenizer.open(folder);
        int limit =
            Math.min(
                SentenceSettings.tokenizerLimit(folder).orElse(Integer.MAX_VALUE),
                Math.min(model.encoder().positions(), StartTokens.USUAL_SOURCE));
        return new TextRewriter(
            folder, config, tokenizer, new SequenceRunner(model, weights, kernels, threads), limit);
      } catch (RuntimeException e) {
        kernels.close();
        throw e;
      }
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public WriteOptions options(String task) {
    SearchOptions search = SearchOptions.read(folder, USUAL_TOKENS);
    ModelConfig own = config.section("task_specific_params").section(task);
    search =
        search
            .withBeams(own.positive("num_beams", search.beams()), 1)
            .withLengthPenalty(own.number("length_penalty", search.lengthPenalty()))
            .withNoRepeat(own.whole("no_repeat_ngram_size", search.noRepeat()))
            .withTokens(
                Math.max(0, own.whole("min_length", search.minTokens() + 1) - 1),
                own.positive("max_length", search.maxTokens() + 1) - 1);
    return new WriteOptions(own.text("prefix", ""), search, BATCH_TOKENS);
  }

  @Override
  public List<List<Written>> write(List<String> texts, WriteOptions options) {
    List<SequenceRunner.Input> inputs = new ArrayList<>();
    for (String text : texts) {
      int[] ids = tokenizer.encodeForModel(options.prefix() + text, maxTokens).ids();
      inputs.add(
          new SequenceRunner.Input(
              ids, new int[] {start}, options.search().maxTokens(), Steering.NONE, Terms.NONE));
    }
    List<List<Hypothesis>> found = runner.run(inputs, options.search(), options.batchTokens());
    List<List<Written>> all = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      int source = inputs.get(i).ids().length;
      all.add(found.get(i).stream().map(one -> written(one, source)).toList());
    }
    return all;
  }

  private Written written(Hypothesis one, int source) {
    return new Written(
        tokenizer.decode(one.tokens(), true).strip(),
        one.meanLogProbability(),
        source,
        Arrays.stream(one.tokens()).boxed().toList(),
        one.finished());
  }

  @Override
  public void close() {
    runner.close();
  }
}
