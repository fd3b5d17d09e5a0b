package dev.dragoman.models.generate;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.Adapter;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Searches for the texts that a decoder finds most likely, for many sources at once: greedily, or
 * by following several texts of each source (beam search). What is found is what transformers'
 * {@code generate} finds; what is found for a source does not depend on the others. A source whose
 * search is over costs nothing more. For one thread.
 */
public final class BeamSearch {
  private final Decoder decoder;
  private final Decoder.Session session;
  private final Kernels kernels;
  private final Step step = new Step();
  private final Deque<Sequence> pool = new ArrayDeque<>();
  private int poolLimit;
  private float[] zeros = new float[16];

  /**
   * What is searched for.
   *
   * @param memory what the decoder looks at; {@link Memory#NONE} if it only sees its own text
   * @param prompt the tokens that the text begins with, at least one; they are not part of it
   * @param embedded [prompt, width of the decoder]: what the decoder takes in place of the prompt's
   *     ids; empty for the ids themselves
   * @param maxTokens of its text; at most what the options say
   * @param steering has a say in each token
   * @param terms what must be in the text; for a search with several beams
   */
  public record Source(
      Memory memory,
      int[] prompt,
      float[] embedded,
      int maxTokens,
      Steering steering,
      Terms terms) {
    /** A source whose prompt is its ids. */
    public Source(Memory memory, int[] prompt, int maxTokens, Steering steering, Terms terms) {
      this(memory, prompt, new float[0], maxTokens, steering, terms);
    }

    /** A source whose text need not have anything in it. */
    public Source(Memory memory, int[] prompt, int maxTokens, Steering steering) {
      this(memory, prompt, maxTokens, steering, Terms.NONE);
    }
  }

  /**
   * A search with a decoder.
   *
   * @param session of that decoder; only this search may use it meanwhile
   */
  public BeamSearch(Decoder decoder, Decoder.Session session, Kernels kernels) {
    this.decoder = decoder;
    this.session = session;
    this.kernels = kernels;
  }

  /**
   * Searches.
   *
   * @return for each source the best texts, best first: {@link SearchOptions#best} or fewer, at
   *     least one
   */
  public List<List<Hypothesis>> search(List<Source> sources, SearchOptions options) {
    TokenRules rules = new TokenRules(options);
    List<Beams> all = begin(sources, options);
    List<Beams> active = new ArrayList<>(all);
    while (!active.isEmpty()) {
      step.clear();
      active.forEach(beams -> beams.fill(step));
      session.run(step, Encoder.Layers.UNSEEN);
      float[] logits = session.logits();
      int vocabulary = decoder.vocabulary();
      int rows = step.wanted();
      if (zeros.length < rows) {
        zeros = new float[2 * rows];
      }
      for (int row = 0; row < rows; row++) {
        zeros[row] = kernels.logSum(vocabulary, logits, row * vocabulary);
      }
      int row = 0;
      for (Beams beams : active) {
        int own = beams.alive();
        beams.take(rules, logits, row, vocabulary, vocabulary, zeros);
        row += own;
        if (beams.done()) {
          beams.release(pool);
        }
      }
      active.removeIf(Beams::done);
    }
    return all.stream().map(Beams::found).toList();
  }

  private List<Beams> begin(List<Source> sources, SearchOptions options) {
    int limit = 1;
    for (Source source : sources) {
      limit = Math.max(limit, source.prompt().length + tokens(source, options));
    }
    limit = Math.min(limit, decoder.positions());
    if (limit > poolLimit) {
      // With some room, so that not every longer text makes all sequences anew.
      poolLimit = Math.min(decoder.positions(), Math.max(limit, 2 * poolLimit));
      pool.clear();
    }
    List<Beams> all = new ArrayList<>();
    for (Source source : sources) {
      List<Sequence> sequences = new ArrayList<>();
      for (int i = 0; i < options.beams(); i++) {
        sequences.add(sequence(source.memory()));
      }
      int most = tokens(source, options);
      all.add(
          source.terms() == Terms.NONE
              ? new Beams(options, source, most, sequences)
              : new TermBeams(options, source, most, sequences));
    }
    return all;
  }

  private Sequence sequence(Memory memory) {
    Sequence sequence = pool.poll();
    if (sequence == null) {
      return decoder.sequence(poolLimit, CacheType.F32, Adapter.NONE, memory);
    }
    sequence.restart(memory);
    return sequence;
  }

  /** How many tokens a source's text may have. */
  private int tokens(Source source, SearchOptions options) {
    int room = decoder.positions() - source.prompt().length;
    if (room < 1) {
      throw new ModelException(
          "%d tokens leave no room for an answer: the model has %d positions"
              .formatted(source.prompt().length, decoder.positions()));
    }
    return Math.min(room, Math.min(source.maxTokens(), options.maxTokens()));
  }
}
