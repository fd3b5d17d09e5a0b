package dev.dragoman.operators.semantic;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource.Lease;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.util.ArrayList;
import java.util.List;

/** Cuts documents into passages that a model can embed whole. */
public final class Chunk implements Operator {
  static final String NAME = "Chunk";
  static final String VERSION = "1";

  /** Less than this is no passage. */
  private static final int LEAST_TOKENS = 16;

  /** How to cut. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Cuts documents into passages that a model can embed whole.",
      details =
          "Adds a chunk for every passage, in the order of the document, with its offsets, its page"
              + " and, in a transcript, its time. A passage lies in one text part and never has"
              + " more tokens than asked for. It starts at a heading where there is one, ends with a"
              + " paragraph or a sentence, and is cut inside a sentence only where the sentence"
              + " alone is too long. Chunks that the document has already are replaced. A document"
              + " without text gets none.")
  public record Config(
      @Param(
              value =
                  "The most tokens of a passage, by the model's own tokenizer, from 16 to what the"
                      + " model can take.",
              fallback = "200")
          int tokens,
      @Param(
              value =
                  "How many tokens at the end of a passage the next one repeats at most, in whole"
                      + " sentences where possible, so that what stands on a border is found too."
                      + " Less than half of tokens.",
              fallback = "40")
          int overlap,
      @Param(
              value = "The model whose tokens are counted: the one that Embed uses.",
              fallback = "\"" + Embedders.DEFAULT_MODEL + "\"")
          String model)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      Embedders.requireModel(NAME, model);
      if (tokens < LEAST_TOKENS) {
        throw new ConfigException(
            "tokens", NAME + ".tokens must be at least " + LEAST_TOKENS + ", not " + tokens);
      }
      if (overlap < 0 || 2 * (long) overlap >= tokens) {
        throw new ConfigException(
            "overlap",
            NAME + ".overlap must be from 0 to less than half of tokens, not " + overlap);
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
    public Chunk open(OperatorContext context) {
      return new Chunk(this, Embedders.lease(context, model));
    }
  }

  private final Config config;
  private final Lease<TextEmbedder> embedder;

  Chunk(Config config, Lease<TextEmbedder> embedder) {
    int room = Embedders.room(embedder.get());
    if (config.tokens > room) {
      embedder.close();
      throw new ConfigException(
          "tokens",
          "%s.tokens is %d, but %s takes no more than %d: the rest of a passage would not be seen"
              .formatted(NAME, config.tokens, config.model, room));
    }
    this.config = config;
    this.embedder = embedder;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().<Outcome>map(d -> new Outcome.Enriched(apply(d))).toList();
  }

  private Document apply(Document document) {
    List<Annotation> annotations = new ArrayList<>(document.annotations());
    annotations.removeIf(Annotation.Chunk.class::isInstance);
    List<Annotation.Interval> intervals = document.annotationsOf(Annotation.Interval.class);
    String language = Embedders.language(document);
    int ordinal = 0;
    for (TextPart part : document.textParts()) {
      Origin origin = new Origin(part.id(), NAME, VERSION, config.model);
      for (Passages.Passage passage :
          Passages.of(
              part.text(), language, embedder.get().tokenizer(), config.tokens, config.overlap)) {
        Time time = Time.of(passage, part.id(), intervals);
        annotations.add(
            new Annotation.Chunk(
                origin,
                ordinal++,
                part.text().substring(passage.start(), passage.end()),
                passage.start(),
                passage.end(),
                part.page(),
                time.start,
                time.end,
                null));
      }
    }
    return document.withAnnotations(annotations).with(Step.done(NAME, VERSION, config.model));
  }

  @Override
  public void close() {
    embedder.close();
  }

  /** When a passage was said, in seconds; NaN where it was not. */
  private record Time(double start, double end) {
    /** By its words, or by its segments where words have no times. */
    static Time of(Passages.Passage passage, PartId part, List<Annotation.Interval> intervals) {
      Time words = of(passage, part, intervals, "word");
      return Double.isNaN(words.start) ? of(passage, part, intervals, "segment") : words;
    }

    private static Time of(
        Passages.Passage passage, PartId part, List<Annotation.Interval> intervals, String kind) {
      double start = Double.NaN;
      double end = Double.NaN;
      for (Annotation.Interval interval : intervals) {
        if (interval.kind().equals(kind)
            && interval.start() >= 0
            && interval.start() < passage.end()
            && interval.end() > passage.start()
            && interval.origin().part().equals(part)) {
          start =
              Double.isNaN(start)
                  ? interval.startSeconds()
                  : Math.min(start, interval.startSeconds());
          end = Double.isNaN(end) ? interval.endSeconds() : Math.max(end, interval.endSeconds());
        }
      }
      return new Time(start, end);
    }
  }
}
