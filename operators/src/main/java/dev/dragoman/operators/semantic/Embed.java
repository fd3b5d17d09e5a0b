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
import dev.dragoman.operators.record.Step;
import java.util.ArrayList;
import java.util.List;

/** Gives every chunk a vector, so that it can be found by what it means. */
public final class Embed implements Operator {
  static final String NAME = "Embed";
  static final String VERSION = "1";

  /** How to embed. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Gives every chunk a vector of unit length, so that it can be found by meaning.",
      details =
          "Needs Chunk before it, with the same model. Vectors that chunks have already are"
              + " replaced. A document without chunks goes on as it is.")
  public record Config(
      @Param(
              value = "The embedding model: a name from 'dragoman model list', or a folder.",
              fallback = "\"" + Embedders.DEFAULT_MODEL + "\"")
          String model,
      @Param(
              value =
                  "What is put before each text because the model was trained that way; if empty,"
                      + " what the model's own files say, such as 'passage: ' for the E5 family. It"
                      + " counts among the model's tokens.",
              fallback = "\"\"")
          String prefix,
      @Param(
              value =
                  "About how many tokens to gather from several documents before the model runs.",
              fallback = "4096")
          int batchTokens)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      Embedders.requireModel(NAME, model);
      if (batchTokens < 1) {
        throw new ConfigException(
            "batch_tokens", NAME + ".batch_tokens must be at least 1, not " + batchTokens);
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
    public void checkAfter(List<? extends OperatorConfig> before) {
      Chunk.Config chunk = null;
      for (OperatorConfig config : before) {
        if (config instanceof Chunk.Config found) {
          chunk = found;
        }
      }
      if (chunk == null) {
        throw new ConfigException("", NAME + " embeds chunks: put Chunk before it");
      }
      if (!chunk.model().equals(model)) {
        throw new ConfigException(
            "model",
            "Chunk counts the tokens of %s, but %s uses %s: set Chunk.model to %s"
                .formatted(chunk.model(), NAME, model, model));
      }
    }

    @Override
    public Embed open(OperatorContext context) {
      return new Embed(this, Embedders.lease(context, model));
    }
  }

  private final Config config;
  private final Lease<TextEmbedder> embedder;

  Embed(Config config, Lease<TextEmbedder> embedder) {
    this.config = config;
    this.embedder = embedder;
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    List<String> texts = new ArrayList<>();
    String prefix =
        config.prefix.isEmpty()
            ? Embedders.prompt(embedder.get(), "passage", "document")
            : config.prefix;
    for (Document document : batch) {
      for (Annotation.Chunk chunk : document.annotationsOf(Annotation.Chunk.class)) {
        texts.add(prefix + chunk.text());
      }
    }
    float[][] vectors = texts.isEmpty() ? new float[0][] : embedder.get().embed(texts);
    List<Outcome> outcomes = new ArrayList<>(batch.size());
    int next = 0;
    for (Document document : batch) {
      List<Annotation> annotations = new ArrayList<>(document.annotations().size());
      for (Annotation annotation : document.annotations()) {
        if (annotation instanceof Annotation.Chunk chunk) {
          Origin origin = new Origin(chunk.origin().part(), NAME, VERSION, config.model);
          annotations.add(chunk.withEmbedding(new Annotation.Embedding(origin, vectors[next++])));
        } else {
          annotations.add(annotation);
        }
      }
      outcomes.add(
          new Outcome.Enriched(
              document.withAnnotations(annotations).with(Step.done(NAME, VERSION, config.model))));
    }
    return outcomes;
  }

  @Override
  public long weight(Document document) {
    long tokens = 0;
    for (Annotation.Chunk chunk : document.annotationsOf(Annotation.Chunk.class)) {
      tokens += Embedders.tokens(config.prefix.length() + chunk.text().length());
    }
    return tokens;
  }

  @Override
  public long batchWeight() {
    return config.batchTokens;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
