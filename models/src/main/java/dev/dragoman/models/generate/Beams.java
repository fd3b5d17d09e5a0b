package dev.dragoman.models.generate;

import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** The texts that are followed for one source, and those that have ended. */
class Beams {
  final SearchOptions options;
  final Candidates candidates;
  private final BeamSearch.Source source;
  private final int most;
  private final List<Hypothesis> ended = new ArrayList<>();
  private Beam[] running;
  private Beam[] spare;
  private int alive = 1;
  private int length;
  private boolean done;

  /** A text under way with one more token. */
  record Next(int parent, int token, float score) {}

  /** One text under way. */
  private static final class Beam {
    private int[] tokens;
    private float[] logProbabilities;
    private float score;
    private Sequence sequence;

    private Beam(int room, Sequence sequence) {
      this.tokens = new int[room];
      this.logProbabilities = new float[room];
      this.sequence = sequence;
    }

    private void follow(Beam parent, int length, int token, float total, Sequence own) {
      System.arraycopy(parent.tokens, 0, tokens, 0, length);
      System.arraycopy(parent.logProbabilities, 0, logProbabilities, 0, length);
      tokens[length] = token;
      logProbabilities[length] = total - parent.score;
      score = total;
      sequence = own;
    }
  }

  /**
   * Starts with the prompt.
   *
   * @param sequences one for each beam, empty
   */
  Beams(SearchOptions options, BeamSearch.Source source, int most, List<Sequence> sequences) {
    this.options = options;
    this.source = source;
    this.most = most;
    this.candidates = new Candidates(Math.max(2, 1 + options.ends().length) * options.beams());
    this.running = new Beam[options.beams()];
    this.spare = new Beam[options.beams()];
    for (int i = 0; i < options.beams(); i++) {
      running[i] = new Beam(most, sequences.get(i));
      spare[i] = new Beam(most, sequences.get(i));
    }
  }

  boolean done() {
    return done;
  }

  int alive() {
    return alive;
  }

  /** Adds what the model has to see next. */
  void fill(Step step) {
    if (length == 0) {
      int[] prompt = source.prompt();
      Sequence first = running[0].sequence;
      if (source.embedded().length > 0) {
        step.add(first, source.embedded(), 0, prompt.length, Step.Wanted.LAST);
      } else {
        step.add(first, prompt, 0, prompt.length, Step.Wanted.LAST);
      }
      return;
    }
    for (int i = 0; i < alive; i++) {
      step.add(running[i].sequence, running[i].tokens[length - 1]);
    }
  }

  /**
   * Takes the scores of the next tokens, one row for each text that is alive.
   *
   * @param zeros of each row, the score of a token whose probability is 1
   */
  void take(TokenRules rules, float[] logits, int row, int size, int stride, float[] zeros) {
    for (int i = 0; i < alive; i++) {
      int at = (row + i) * stride;
      Beam beam = running[i];
      rules.apply(source.prompt(), beam.tokens, length, most, zeros[row + i], logits, at, size);
      source.steering().steer(beam.tokens, length, logits, at, size);
    }
    if (options.beams() == 1) {
      takeBest(logits, row, size, stride, zeros[row]);
    } else {
      takeSeveral(logits, row, size, stride, zeros);
    }
  }

  private void takeBest(float[] logits, int row, int size, int stride, float zero) {
    int at = row * stride;
    int best = 0;
    for (int id = 1; id < size; id++) {
      if (logits[at + id] > logits[at + best]) {
        best = id;
      }
    }
    Beam beam = running[0];
    beam.tokens[length] = best;
    beam.logProbabilities[length] = logits[at + best] - zero;
    beam.score += logits[at + best] - zero;
    length++;
    boolean end = options.isEnd(best);
    if (end || length == most) {
      ended.add(
          new Hypothesis(
              Arrays.copyOf(beam.tokens, length),
              Arrays.copyOf(beam.logProbabilities, length),
              beam.score / length,
              end));
      done = true;
    }
  }

  private void takeSeveral(float[] logits, int row, int size, int stride, float[] zeros) {
    candidates.clear();
    for (int i = 0; i < alive; i++) {
      candidates.offer(i, running[i].score, logits, (row + i) * stride, size, zeros[row + i]);
    }
    List<Next> chosen = choose(length + 1 == most, logits, row, stride, zeros);
    if (chosen.isEmpty()) {
      done = true;
      return;
    }
    goOn(chosen);
    length++;
    done = !worthwhile();
  }

  /**
   * Ends those candidates that end, and says which ones go on.
   *
   * @param last whether none can go on
   */
  List<Next> choose(boolean last, float[] logits, int row, int stride, float[] zeros) {
    List<Next> chosen = new ArrayList<>();
    for (int i = 0; i < candidates.count(); i++) {
      Next next = candidates.at(i);
      boolean end = options.isEnd(next.token);
      if (end || last) {
        if (i < options.beams()) {
          end(next, end, 0);
        }
      } else if (chosen.size() < options.beams()) {
        chosen.add(next);
      }
    }
    return chosen;
  }

  /** The score of a text that is under way. */
  float score(int beam) {
    return running[beam].score;
  }

  /** What was chosen becomes what is running. */
  private void goOn(List<Next> chosen) {
    boolean[] taken = new boolean[alive];
    int kept = chosen.size();
    // The first child of a text goes on with its sequence; the others get one that is free.
    Sequence[] own = new Sequence[kept];
    for (int i = 0; i < kept; i++) {
      int parent = chosen.get(i).parent;
      if (!taken[parent]) {
        taken[parent] = true;
        own[i] = running[parent].sequence;
      }
    }
    int free = 0;
    for (int i = 0; i < kept; i++) {
      if (own[i] == null) {
        while (free < alive && taken[free]) {
          free++;
        }
        Sequence parent = running[chosen.get(i).parent].sequence;
        own[i] = running[free++].sequence;
        own[i].copy(parent, parent.length());
      }
    }
    for (int i = 0; i < kept; i++) {
      Next next = chosen.get(i);
      spare[i].follow(running[next.parent], length, next.token, next.score, own[i]);
    }
    // Sequences that nobody uses stay with the places after the last one.
    int rest = kept;
    for (int i = free; i < running.length && rest < running.length; i++) {
      if (i >= alive || !taken[i]) {
        spare[rest++].sequence = running[i].sequence;
      }
    }
    Beam[] other = running;
    running = spare;
    spare = other;
    alive = kept;
  }

  /**
   * Puts a text among those that have ended.
   *
   * @param end whether the model has ended it
   * @param bonus for the order among those that have ended
   */
  void end(Next next, boolean end, double bonus) {
    Beam beam = running[next.parent];
    float total = next.score;
    int[] tokens = Arrays.copyOf(beam.tokens, length + 1);
    float[] logProbabilities = Arrays.copyOf(beam.logProbabilities, length + 1);
    tokens[length] = next.token;
    logProbabilities[length] = total - beam.score;
    double score = total / (float) Math.pow(length + 1, options.lengthPenalty()) + bonus;
    ended.add(new Hypothesis(tokens, logProbabilities, score, end));
    ended.sort(Comparator.comparingDouble(Hypothesis::score).reversed());
    if (ended.size() > options.beams()) {
      ended.removeLast();
    }
  }

  /** How many texts have to end before the search may. */
  int enough() {
    return options.beams();
  }

  /** Whether what is running could still be better than what has ended. */
  private boolean worthwhile() {
    if (ended.size() < enough()) {
      return true;
    }
    if (options.stop() == SearchOptions.Stop.WHEN_FULL) {
      return false;
    }
    boolean never = options.stop() == SearchOptions.Stop.NEVER && options.lengthPenalty() > 0;
    double possible = running[0].score / Math.pow(never ? most : length, options.lengthPenalty());
    return possible > ended.getLast().score();
  }

  /** What was found, best first. */
  List<Hypothesis> found() {
    return List.copyOf(ended.subList(0, Math.min(options.best(), ended.size())));
  }

  /** Gives the sequences back. */
  void release(Deque<Sequence> pool) {
    for (Beam beam : running) {
      pool.add(beam.sequence);
    }
  }
}
