package dev.dragoman.models;

import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.tokenizer.PipelineTokenizer;
import java.util.ArrayList;
import java.util.List;

/** An encoder whose token vectors are pooled into one a text. */
final class PooledEmbedder implements TextEmbedder {
  private final PipelineTokenizer tokenizer;
  private final Encoder encoder;
  private final Kernels kernels;
  private final Sessions<Encoder.Session> sessions;
  private final EmbedOptions options;
  private final Pooling pooling;
  private final int maxTokens;
  private final Team team;

  PooledEmbedder(
      PipelineTokenizer tokenizer,
      Encoder encoder,
      Kernels kernels,
      Weights weights,
      SentenceSettings settings,
      EmbedOptions options) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.kernels = kernels;
    this.sessions = new Sessions<>(encoder::session, weights);
    this.options = options;
    this.pooling = options.pooling().orElse(settings.pooling());
    int limit =
        options.maxTokens() > 0
            ? options.maxTokens()
            : settings.maxTokens().orElse(encoder.positions());
    this.maxTokens = Math.min(limit, encoder.positions());
    this.team = new Team(options.threads());
  }

  /** The texts from one index up to another. */
  private record Group(int from, int to) {}

  @Override
  public int dimensions() {
    return encoder.width();
  }

  @Override
  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public float[][] embed(List<String> texts) {
    List<String> all = List.copyOf(texts);
    int[][] ids = new int[all.size()][];
    team.each(
        all.size(),
        i -> ids[i] = tokenizer.encodeForModel(options.prefix() + all.get(i), maxTokens).ids());
    List<Group> groups = groups(ids);
    float[][] vectors = new float[ids.length][];
    team.each(groups.size(), i -> embed(groups.get(i), ids, vectors));
    return vectors;
  }

  /** Cuts the texts, in their order, into groups of about as many tokens each. */
  private List<Group> groups(int[][] ids) {
    long total = 0;
    for (int[] text : ids) {
      total += text.length;
    }
    long count = Math.max(1, Math.ceilDiv(total, options.batchTokens()));
    count = Math.ceilDiv(count, options.threads()) * options.threads();
    long share = Math.ceilDiv(total, count);
    List<Group> groups = new ArrayList<>();
    int from = 0;
    long tokens = 0;
    for (int i = 0; i < ids.length; i++) {
      if (i > from && tokens + ids[i].length / 2 > share) {
        groups.add(new Group(from, i));
        from = i;
        tokens = 0;
      }
      tokens += ids[i].length;
    }
    if (from < ids.length) {
      groups.add(new Group(from, ids.length));
    }
    return groups;
  }

  private void embed(Group group, int[][] ids, float[][] vectors) {
    Batch batch = new Batch();
    for (int i = group.from(); i < group.to(); i++) {
      batch.add(ids[i]);
    }
    sessions.with(session -> {
      float[] hidden = session.run(batch, Encoder.Layers.UNSEEN);
      for (int i = 0; i < batch.sequences(); i++) {
        vectors[group.from() + i] = pool(hidden, batch.start(i), batch.start(i + 1));
      }
      return vectors;
    });
  }

  private float[] pool(float[] hidden, int from, int to) {
    int width = dimensions();
    float[] vector = new float[width];
    System.arraycopy(hidden, from * width, vector, 0, width);
    switch (pooling) {
      case CLS -> {}
      case MEAN -> {
        for (int row = from + 1; row < to; row++) {
          kernels.add(width, hidden, row * width, vector, 0);
        }
        for (int i = 0; i < width; i++) {
          vector[i] /= to - from;
        }
      }
      case MAX -> {
        for (int row = from + 1; row < to; row++) {
          kernels.max(width, hidden, row * width, vector, 0);
        }
      }
    }
    if (options.unitLength()) {
      kernels.unitLength(vector);
    }
    return vector;
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
  }
}
