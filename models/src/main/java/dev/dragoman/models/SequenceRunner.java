package dev.dragoman.models;

import dev.dragoman.models.architecture.Batch;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.BeamSearch;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.Terms;
import dev.dragoman.models.kernel.ParallelKernels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs many texts through a model that writes another text for each: those of about the same length
 * together, on several threads. Safe for use by many threads.
 */
final class SequenceRunner implements AutoCloseable {
  /** Texts that are followed at once, beams included: their keys and values take memory. */
  private static final int MAX_ROWS = 128;

  private final EncoderDecoder model;
  private final ParallelKernels kernels;
  private final Sessions<Session> sessions;
  private final Team team;
  private final int threads;

  /**
   * A text.
   *
   * @param ids of the source
   * @param prompt that what is written begins with, at least one token
   * @param maxTokens of what is written
   * @param terms what must be in it
   */
  record Input(int[] ids, int[] prompt, int maxTokens, Steering steering, Terms terms) {}

  private record Session(Encoder.Session reading, Decoder.Session writing, BeamSearch search) {}

  /**
   * A runner. What it is given ends with it.
   *
   * @param kernels those of the model; one group alone is shared out by them
   */
  SequenceRunner(EncoderDecoder model, Weights weights, ParallelKernels kernels, int threads) {
    this.model = model;
    this.kernels = kernels;
    this.threads = threads;
    this.team = new Team(threads);
    this.sessions =
        new Sessions<>(
            () -> {
              Decoder.Session writing = model.decoder().session();
              return new Session(
                  model.encoder().session(),
                  writing,
                  new BeamSearch(model.decoder(), writing, kernels));
            },
            weights);
  }

  /**
   * What is found for each text, best first.
   *
   * @param batchTokens how many tokens of sources go through the encoder at once
   */
  List<List<Hypothesis>> run(List<Input> inputs, SearchOptions options, int batchTokens) {
    List<List<Integer>> groups = groups(inputs, options.beams(), batchTokens);
    List<@Nullable List<Hypothesis>> found = new ArrayList<>();
    inputs.forEach(_ -> found.add(null));
    team.each(groups.size(), i -> run(groups.get(i), inputs, options, found));
    return found.stream().map(one -> one == null ? List.<Hypothesis>of() : one).toList();
  }

  /** The longest first, so that no long one is left for the end. */
  private List<List<Integer>> groups(List<Input> inputs, int beams, int batchTokens) {
    List<Integer> order =
        IntStream.range(0, inputs.size())
            .boxed()
            .sorted(Comparator.comparing(i -> -inputs.get(i).ids.length))
            .toList();
    int most = Math.max(1, MAX_ROWS / beams);
    // With few texts each thread gets a share.
    most = Math.max(1, Math.min(most, Math.ceilDiv(inputs.size(), threads)));
    List<List<Integer>> groups = new ArrayList<>();
    List<Integer> group = new ArrayList<>();
    int tokens = 0;
    for (int i : order) {
      int own = inputs.get(i).ids.length;
      if (!group.isEmpty() && (group.size() == most || tokens + own > batchTokens)) {
        groups.add(group);
        group = new ArrayList<>();
        tokens = 0;
      }
      group.add(i);
      tokens += own;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private void run(
      List<Integer> group,
      List<Input> inputs,
      SearchOptions options,
      List<@Nullable List<Hypothesis>> found) {
    Batch batch = new Batch();
    group.forEach(i -> batch.add(inputs.get(i).ids));
    kernels.enter();
    try {
      List<List<Hypothesis>> own =
          sessions.with(session -> {
            float[] states = session.reading.run(batch, Encoder.Layers.UNSEEN);
            int width = model.encoder().width();
            List<BeamSearch.Source> sources = new ArrayList<>();
            for (int n = 0; n < group.size(); n++) {
              Input input = inputs.get(group.get(n));
              Memory memory =
                  session.writing.remember(states, batch.start(n) * width, input.ids.length);
              sources.add(
                  new BeamSearch.Source(
                      memory,
                      input.prompt,
                      start(input.prompt.length),
                      input.maxTokens,
                      input.steering,
                      input.terms));
            }
            return session.search.search(sources, options);
          });
      for (int n = 0; n < own.size(); n++) {
        found.set(group.get(n), own.get(n));
      }
    } finally {
      kernels.leave();
    }
  }

  /** What the decoder takes in place of the prompt's ids, if anything. */
  private float[] start(int tokens) {
    if (!model.startsFromZeros()) {
      return new float[0];
    }
    if (tokens != 1) {
      throw new IllegalArgumentException(tokens + " tokens after a start from zeros");
    }
    return new float[model.decoder().width()];
  }

  @Override
  public void close() {
    team.close();
    sessions.close();
    kernels.close();
  }
}
