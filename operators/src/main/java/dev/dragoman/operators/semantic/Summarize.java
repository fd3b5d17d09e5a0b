package dev.dragoman.operators.semantic;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Quotes the sentences that say most of a document: those nearest to what all sentences have in
 * common, and not too near to each other (maximal marginal relevance, Carbonell and Goldstein 1998,
 * on sentence embeddings).
 */
public final class Summarize implements Operator {
  static final String NAME = "Summarize";
  static final String VERSION = "1";

  /** Shorter sentences ("Yes.", "Kind regards,") say nothing. */
  private static final int FEWEST_LETTERS = 12;

  private static final int BATCH_TOKENS = 4096;

  /** How to summarise. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Quotes the few sentences of a document that say most of it, or writes a summary.",
      details =
          "Adds a rewrite of kind summary, in the language of the text and in its order, and a span"
              + " of kind sentence for every sentence quoted, with its place. Nothing is made up:"
              + " every sentence stands in the document; only line breaks inside it become blanks."
              + " A text with no more sentences than asked for is its own summary. A model that"
              + " writes (BART, T5, or a language model that takes instructions) says it in its own"
              + " words instead, with a confidence and without spans; a long document is summarised"
              + " passage by passage, and then the summaries. A document without text, or whose"
              + " written summary repeats itself, goes on with the step marked as skipped.")
  public record Config(
      @Param(value = "How many sentences a summary has at most.", fallback = "3") int maxSentences,
      @Param(
              value =
                  "How much to avoid saying the same thing twice, from 0 (not at all) to 1 (above"
                      + " all).",
              fallback = "0.3")
          double diversity,
      @Param(
              value =
                  "How many sentences of a long document are read: as many of them, spread evenly"
                      + " over it.",
              fallback = "300")
          int readSentences,
      @Param(
              value =
                  "A name from 'dragoman model list', or a path: an embedding model to quote, or one"
                      + " that writes.",
              fallback = "\"" + Embedders.DEFAULT_MODEL + "\"")
          String model)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      Embedders.requireModel(NAME, model);
      if (maxSentences < 1) {
        throw new ConfigException(
            "max_sentences", NAME + ".max_sentences must be at least 1, not " + maxSentences);
      }
      if (!(diversity >= 0 && diversity <= 1)) {
        throw new ConfigException(
            "diversity", NAME + ".diversity must be from 0 to 1, not " + diversity);
      }
      if (readSentences < maxSentences) {
        throw new ConfigException(
            "read_sentences",
            NAME + ".read_sentences must be at least max_sentences, not " + readSentences);
      }
    }

    /** Every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    @Override
    public List<String> models() {
      return List.of(model);
    }

    @Override
    public Operator open(OperatorContext context) {
      Path path = context.models().require(model);
      if (SummaryWriter.isOne(path)) {
        return new WrittenSummaries(
            this,
            SharedResource.lease(
                SummaryWriter.class,
                new WriterKey(path, maxSentences),
                () -> SummaryWriter.open(path, maxSentences)));
      }
      return new Summarize(this, Embedders.lease(context, model));
    }
  }

  private record WriterKey(Path model, int sentences) {}

  private final Config config;
  private final Lease<TextEmbedder> embedder;

  Summarize(Config config, Lease<TextEmbedder> embedder) {
    this.config = config;
    this.embedder = embedder;
  }

  /** A sentence and where it stands. */
  private record Sentence(TextPart part, int start, int end, boolean heading) {
    String text() {
      return part.text().substring(start, end);
    }

    /** On one line. */
    String flat() {
      return text().replaceAll("[\\s\\u0085\\u00a0\\u2028\\u2029]+", " ");
    }

    boolean saysSomething() {
      return !heading
          && part.text()
                  .substring(start, end)
                  .codePoints()
                  .map(c -> Character.isIdeographic(c) ? 3 : Character.isLetter(c) ? 1 : 0)
                  .sum()
              >= FEWEST_LETTERS;
    }
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<List<Sentence>> candidates = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Document document : batch) {
      List<Sentence> sentences = candidates(document);
      candidates.add(sentences);
      if (sentences.size() > config.maxSentences) {
        sentences.forEach(sentence -> texts.add(sentence.flat()));
      }
    }
    float[][] vectors = texts.isEmpty() ? new float[0][] : Embedders.alike(embedder.get(), texts);
    List<Outcome> outcomes = new ArrayList<>(batch.size());
    int from = 0;
    for (int i = 0; i < batch.size(); i++) {
      List<Sentence> sentences = candidates.get(i);
      List<Sentence> quoted = sentences;
      if (sentences.size() > config.maxSentences) {
        float[][] own = new float[sentences.size()][];
        System.arraycopy(vectors, from, own, 0, own.length);
        from += own.length;
        quoted = choose(own).stream().map(sentences::get).toList();
      }
      outcomes.add(new Outcome.Enriched(summarized(batch.get(i), quoted)));
    }
    return outcomes;
  }

  /** What may be quoted: sentences that say something, or whatever there is. */
  private List<Sentence> candidates(Document document) {
    List<Sentence> all = new ArrayList<>();
    String language = Embedders.language(document);
    for (TextPart part : document.textParts()) {
      for (Segmenter.Segment segment : Segmenter.segments(part.text(), language)) {
        all.add(new Sentence(part, segment.start(), segment.end(), segment.heading()));
      }
    }
    if (all.size() <= config.maxSentences) {
      return all;
    }
    List<Sentence> telling = all.stream().filter(Sentence::saysSomething).toList();
    List<Sentence> usable = telling.isEmpty() ? all : telling;
    if (usable.size() <= config.readSentences) {
      return usable;
    }
    List<Sentence> spread = new ArrayList<>(config.readSentences);
    for (long i = 0; i < config.readSentences; i++) {
      spread.add(usable.get((int) (i * usable.size() / config.readSentences)));
    }
    return spread;
  }

  /** The numbers of the sentences to quote, rising. */
  private List<Integer> choose(float[][] vectors) {
    double[] sum = new double[vectors[0].length];
    for (float[] vector : vectors) {
      Embedders.add(sum, vector, 1);
    }
    float[] middle = Embedders.unit(sum);
    double[] central = new double[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      central[i] = Embedders.dot(vectors[i], middle);
    }
    double[] nearest = new double[vectors.length];
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < config.maxSentences) {
      int best = -1;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < vectors.length; i++) {
        double score = (1 - config.diversity) * central[i] - config.diversity * nearest[i];
        if (!chosen.contains(i) && score > bestScore) {
          best = i;
          bestScore = score;
        }
      }
      if (best < 0) {
        break;
      }
      chosen.add(best);
      for (int i = 0; i < vectors.length; i++) {
        nearest[i] = Math.max(nearest[i], Embedders.dot(vectors[i], vectors[best]));
      }
    }
    return chosen.stream().sorted().toList();
  }

  private Document summarized(Document document, List<Sentence> quoted) {
    if (quoted.isEmpty()) {
      return document.with(
          Step.skipped(NAME, VERSION, config.model, "the document has no text to summarise"));
    }
    List<Annotation> found = new ArrayList<>();
    for (Sentence sentence : quoted) {
      found.add(
          new Annotation.TextSpan(
              origin(sentence.part),
              "sentence",
              sentence.text(),
              Double.NaN,
              sentence.start,
              sentence.end));
    }
    found.add(
        new Annotation.Rewrite(
            origin(quoted.getFirst().part),
            "summary",
            quoted.stream().map(Sentence::flat).collect(Collectors.joining(" ")),
            Embedders.language(document),
            Double.NaN));
    return document.plus(found).with(Step.done(NAME, VERSION, config.model));
  }

  private Origin origin(TextPart part) {
    return new Origin(part.id(), NAME, VERSION, config.model);
  }

  @Override
  public long weight(Document document) {
    long tokens = 0;
    for (TextPart part : document.textParts()) {
      tokens += Embedders.tokens(part.text().length());
    }
    return tokens;
  }

  @Override
  public long batchWeight() {
    return BATCH_TOKENS;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
