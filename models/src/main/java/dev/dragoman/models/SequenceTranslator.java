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
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A {@link Translator} in a folder of Hugging Face or of CTranslate2: Marian, M2M-100 or NLLB; of
 * CTranslate2 also others that read and write pieces.
 */
final class SequenceTranslator implements Translator {
  private static final Set<String> TYPES = Set.of("marian", "m2m_100");

  /** How many beams a search for a text with terms has at least. */
  private static final int TERM_BEAMS = 6;

  private final Path folder;
  private final Pairing pairing;
  private final SequenceRunner runner;
  private final int maxTokens;
  private final int start;
  private final SearchOptions own;

  private SequenceTranslator(
      Path folder,
      Pairing pairing,
      SequenceRunner runner,
      int maxTokens,
      int start,
      SearchOptions own) {
    this.folder = folder;
    this.pairing = pairing;
    this.runner = runner;
    this.maxTokens = maxTokens;
    this.start = start;
    this.own = own;
  }

  static boolean isOne(Path folder) {
    if (ConvertedFolder.isOne(folder)) {
      return ConvertedFolder.translates(folder);
    }
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      return false;
    }
    ModelConfig config = ModelConfig.read(folder);
    return config.has("model_type") && TYPES.contains(config.text("model_type"));
  }

  static SequenceTranslator open(Path folder, int threads) {
    return Models.open(
        ConvertedFolder.weights(folder),
        threads,
        (weights, kernels) -> {
          EncoderDecoder model = Architectures.encoderDecoder(folder, weights, kernels);
          int limit =
              Math.min(
                  SentenceSettings.tokenizerLimit(folder).orElse(Integer.MAX_VALUE),
                  model.encoder().positions());
          Pairing pairing;
          int start;
          SearchOptions own;
          if (weights.ctranslate2().isPresent()) {
            ConvertedFolder converted = ConvertedFolder.read(folder, model);
            ConvertedFolder.Tokenizers tokenizers = converted.tokenizers();
            pairing = Pairing.of(converted, tokenizers);
            start = converted.start();
            own = converted.search(limit, tokenizers.writing());
          } else {
            pairing = Pairing.of(folder, ModelConfig.read(folder));
            start = StartTokens.start(folder);
            own = SearchOptions.read(folder, limit);
          }
          SequenceRunner runner = new SequenceRunner(model, weights, kernels, threads);
          return new SequenceTranslator(folder, pairing, runner, limit, start, own);
        });
  }

  /** A model in a file of Marian itself, searched as its {@code .yml} says. */
  static SequenceTranslator open(Path folder, MarianFolder files, int threads) {
    return Models.open(
        files.model(),
        threads,
        (weights, kernels) -> {
          EncoderDecoder model = Architectures.encoderDecoder(files.model(), weights, kernels);
          ConvertedFolder.Tokenizers tokenizers =
              files.tokenizers(model.encoder().vocabulary(), model.decoder().vocabulary());
          int limit = model.encoder().positions();
          SearchOptions own = files.search(tokenizers.writing(), limit);
          return new SequenceTranslator(
              folder,
              Pairing.Marian.of(folder, tokenizers, true),
              new SequenceRunner(model, weights, kernels, threads),
              limit,
              own.ends()[0],
              own);
        });
  }

  @Override
  public Set<String> sources() {
    return pairing.sources();
  }

  @Override
  public Set<String> targets() {
    return pairing.targets();
  }

  @Override
  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public int tokens(String source) {
    return pairing.reading().count(source) + 2;
  }

  @Override
  public List<List<Translation>> translate(List<Source> sources, TranslateOptions options) {
    String from = known("from", options.from(), pairing.sources());
    String to = known("to", options.to(), pairing.targets());
    SearchOptions search = search(options).withForcedFirst(pairing.first(to));
    List<SequenceRunner.Input> inputs = new ArrayList<>();
    for (Source source : sources) {
      int[] ids = pairing.source(source.text(), from, to, maxTokens).ids();
      int most = options.maxTokens() > 0 ? options.maxTokens() : search.maxTokens();
      inputs.add(
          new SequenceRunner.Input(
              ids,
              new int[] {start},
              Math.min(most, search.maxTokens()),
              Steering.NONE,
              terms(source)));
    }
    List<List<Hypothesis>> found = search(inputs, search, options.batchTokens());
    List<List<Translation>> all = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      int source = inputs.get(i).ids().length;
      all.add(found.get(i).stream().map(one -> translation(one, source)).toList());
    }
    return all;
  }

  /** Those with terms go through a search of their own: it takes more beams. */
  private List<List<Hypothesis>> search(
      List<SequenceRunner.Input> inputs, SearchOptions search, int batchTokens) {
    List<SequenceRunner.Input> plain =
        inputs.stream().filter(input -> input.terms() == Terms.NONE).toList();
    List<SequenceRunner.Input> bound =
        inputs.stream().filter(input -> input.terms() != Terms.NONE).toList();
    Iterator<List<Hypothesis>> free = runner.run(plain, search, batchTokens).iterator();
    SearchOptions wide = search.withBeams(Math.max(TERM_BEAMS, search.beams()), search.best());
    Iterator<List<Hypothesis>> forced = runner.run(bound, wide, batchTokens).iterator();
    return inputs.stream()
        .map(input -> input.terms() == Terms.NONE ? free.next() : forced.next())
        .toList();
  }

  private Terms terms(Source source) {
    return source.terms().isEmpty()
        ? Terms.NONE
        : new Terms(
            source.terms().stream()
                .map(term ->
                    term.forms().stream()
                        .map(form -> pairing.writing().encode(form).ids())
                        .toList())
                .toList());
  }

  private SearchOptions search(TranslateOptions options) {
    int beams = options.beams() > 0 ? options.beams() : own.beams();
    SearchOptions search = own.withBeams(beams, options.best());
    return Double.isNaN(options.lengthPenalty())
        ? search
        : search.withLengthPenalty(options.lengthPenalty());
  }

  /** The language that is asked for, or the only one there is. */
  private String known(String which, String asked, Set<String> known) {
    if (asked.isEmpty() && known.size() == 1) {
      return known.iterator().next();
    }
    String language = asked.contains("_") ? asked : Pairing.Languages.shortest(asked);
    if (known.isEmpty() || known.contains(language)) {
      return language;
    }
    throw new ModelException(
        "%s translates %s %s, not \"%s\""
            .formatted(folder.getFileName(), which, String.join(", ", known), asked));
  }

  private Translation translation(Hypothesis one, int source) {
    return new Translation(
        pairing.writing().decode(one.tokens(), true).strip(),
        one.meanLogProbability(),
        source,
        one.tokens().length,
        List.of(),
        one.finished());
  }

  @Override
  public void close() {
    runner.close();
  }
}
