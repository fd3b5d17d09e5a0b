package dev.dragoman.models;

import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.ParallelKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs many sequences through an encoder, packed into batches of about as many tokens each with no
 * padding between them, on several threads. Safe for use by many threads.
 */
final class RaggedRunner implements AutoCloseable {
  private final Sessions<Encoder.Session> sessions;
  private final int batchTokens;
  private final int threads;
  private final Team team;
  private final ParallelKernels kernels;

  /**
   * A runner.
   *
   * @param kernels those of the encoder; one batch alone is shared out by them
   */
  RaggedRunner(
      Encoder encoder, Weights weights, ParallelKernels kernels, int batchTokens, int threads) {
    this.sessions = new Sessions<>(encoder::session, weights);
    this.batchTokens = batchTokens;
    this.threads = threads;
    this.team = new Team(threads);
    this.kernels = kernels;
  }

  /** A sequence: its token ids, and for each which of two texts it belongs to. */
  record Input(int[] ids, int[] types) {
    /** Of one text. */
    static Input of(int[] ids) {
      return new Input(ids, new int[ids.length]);
    }
  }

  /** Looks at what a sequence gave. */
  @FunctionalInterface
  interface Look {
    /**
     * The last hidden state of one sequence.
     *
     * @param hidden [tokens of the batch, width]
     * @param from the sequence's first token
     * @param to the one after its last
     */
    void at(int sequence, float[] hidden, int from, int to);
  }

  /** The inputs from one index up to another. */
  private record Group(int from, int to) {}

  /** Does the work for 0 to count - 1, on all threads. */
  void each(int count, IntConsumer work) {
    team.each(count, work);
  }

  /** Runs all sequences; each is looked at once, by any thread. */
  void run(Input[] inputs, Look look) {
    List<Group> groups = groups(inputs);
    team.each(groups.size(), i -> run(groups.get(i), inputs, look));
  }

  /** Cuts the inputs, in their order, into groups of about as many tokens each. */
  private List<Group> groups(Input[] inputs) {
    long total = 0;
    for (Input input : inputs) {
      total += input.ids.length;
    }
    long count = Math.max(1, Math.ceilDiv(total, batchTokens));
    count = Math.ceilDiv(count, threads) * threads;
    long share = Math.ceilDiv(total, count);
    List<Group> groups = new ArrayList<>();
    int from = 0;
    long tokens = 0;
    for (int i = 0; i < inputs.length; i++) {
      if (i > from && tokens + inputs[i].ids.length / 2 > share) {
        groups.add(new Group(from, i));
        from = i;
        tokens = 0;
      }
      tokens += inputs[i].ids.length;
    }
    if (from < inputs.length) {
      groups.add(new Group(from, inputs.length));
    }
    return groups;
  }

  private void run(Group group, Input[] inputs, Look look) {
    Batch batch = new Batch();
    for (int i = group.from; i < group.to; i++) {
      batch.add(inputs[i].ids, inputs[i].types);
    }
    kernels.enter();
    try {
      sessions.with(session -> {
        float[] hidden = session.run(batch, Encoder.Layers.UNSEEN);
        for (int i = 0; i < batch.sequences(); i++) {
          look.at(group.from + i, hidden, batch.start(i), batch.start(i + 1));
        }
        return hidden;
      });
    } finally {
      kernels.leave();
    }
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
    kernels.close();
  }
}
