package dev.dragoman.models;

import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.Terms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link TextToText} in a folder of Hugging Face or of CTranslate2. */
final class TextRewriter implements TextToText {
  /** What is written if the files do not say how long it may be. */
  private static final int USUAL_TOKENS = 128;

  private static final int BATCH_TOKENS = 4096;

  private final Path folder;
  private final Tokenizer reading;
  private final Tokenizer writing;
  private final SequenceRunner runner;
  private final int maxTokens;
  private final int start;
  private final SearchOptions search;

  private TextRewriter(
      Path folder,
      Tokenizer reading,
      Tokenizer writing,
      SequenceRunner runner,
      int maxTokens,
      int start,
      SearchOptions search) {
    this.folder = folder;
    this.reading = reading;
    this.writing = writing;
    this.runner = runner;
    this.maxTokens = maxTokens;
    this.start = start;
    this.search = search;
  }

  static TextRewriter open(Path folder, int threads) {
    return Models.open(
        ConvertedFolder.weights(folder),
        threads,
        (weights, kernels) -> {
          EncoderDecoder model = Architectures.encoderDecoder(folder, weights, kernels);
          int limit =
              Math.min(
                  SentenceSettings.tokenizerLimit(folder).orElse(Integer.MAX_VALUE),
                  Math.min(model.encoder().positions(), StartTokens.USUAL_SOURCE));
          if (weights.ctranslate2().isPresent()) {
            ConvertedFolder converted = ConvertedFolder.read(folder, model);
            ConvertedFolder.Tokenizers tokenizers = converted.tokenizers();
            int start = converted.start();
            SearchOptions search = converted.search(USUAL_TOKENS, tokenizers.writing());
            return new TextRewriter(
                folder,
                tokenizers.reading(),
                tokenizers.writing(),
                new SequenceRunner(model, weights, kernels, threads),
                limit,
                start,
                search);
          }
          Tokenizer tokenizer = Tokenizer.open(folder);
          int start = StartTokens.start(folder);
          SearchOptions search = SearchOptions.read(folder, USUAL_TOKENS);
          return new TextRewriter(
              folder,
              tokenizer,
              tokenizer,
              new SequenceRunner(model, weights, kernels, threads),
              limit,
              start,
              search);
        });
  }

  @Override
  public Tokenizer tokenizer() {
    return reading;
  }

  @Override
  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public WriteOptions options(String task) {
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      return new WriteOptions("", search, BATCH_TOKENS);
    }
    ModelConfig own = ModelConfig.readFile(config).section("task_specific_params").section(task);
    return new WriteOptions(
        own.text("prefix", ""),
        search
            .withBeams(own.positive("num_beams", search.beams()), 1)
            .withLengthPenalty(own.number("length_penalty", search.lengthPenalty()))
            .withNoRepeat(own.whole("no_repeat_ngram_size", search.noRepeat()))
            .withTokens(
                Math.max(0, own.whole("min_length", search.minTokens() + 1) - 1),
                own.positive("max_length", search.maxTokens() + 1) - 1),
        BATCH_TOKENS);
  }

  @Override
  public List<List<Written>> write(List<String> texts, WriteOptions options) {
    List<SequenceRunner.Input> inputs = new ArrayList<>();
    for (String text : texts) {
      int[] ids = reading.encodeForModel(options.prefix() + text, maxTokens).ids();
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
        writing.decode(one.tokens(), true).strip(),
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
