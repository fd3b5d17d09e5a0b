package dev.dragoman.models.generate;

import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.MarianStudent;
import dev.dragoman.models.architecture.StudentSession;
import dev.dragoman.models.format.LexicalShortlist;
import dev.dragoman.models.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds translations with a {@link MarianStudent}, of many sources at once, each word among those
 * of the source's own shortlist. A beam gets narrower with every translation that ends, as in <a
 * href="https://github.com/marian-nmt/marian-dev/blob/master/src/translator/beam_search.cpp">the
 * reference</a>. For one thread.
 */
public final class StudentSearch {
  /**
   * How it searches.
   *
   * @param end the word that ends sources and translations
   * @param unknown the word that is never chosen; -1 for none
   * @param beams how many translations of a source are followed at once
   * @param lengthPenalty the exponent of the length that scores are divided by
   * @param lengthFactor how many words a translation may have for each word of the source
   * @param longest words of a translation at most; 0 for what the factor allows
   * @param aligned whether it is found out where words are from
   */
  public record Settings(
      int end,
      int unknown,
      int beams,
      double lengthPenalty,
      double lengthFactor,
      int longest,
      boolean aligned) {}

  /**
   * A translation.
   *
   * @param words its words, the end included if it ended
   * @param logProbabilities of each of them
   * @param looked for each, which word of the source it is from; all 0 unless asked for
   * @param finished whether it ended, or was cut off
   * @param score by which it was chosen
   */
  public record Found(
      int[] words, double[] logProbabilities, int[] looked, boolean finished, double score) {}

  private static final int NONE = -1;

  /** How many texts are followed at least for a source with terms. */
  private static final int TERM_BEAMS = 6;

  /** Those that have ended suffice for a source with terms. */
  private static final int TERM_ENDS = 2;

  /** Puts a translation with one more term before any without it. */
  private static final double TERM = 1e4;

  private final MarianStudent model;
  private final Kernels kernels;
  private final Optional<LexicalShortlist> shortlist;
  private final boolean shared;
  private final StudentSession session;
  private final BitSet chosen = new BitSet();

  private int[][] words = new int[0][]; // [sources][those that may be chosen]
  private int[] counts = new int[0]; // [sources]
  private float[] scores = new float[0];

  // Words that were chosen, each with the one before it.
  private int nodes;
  private int[] nodeWord = new int[256];
  private int[] nodeBefore = new int[256];
  private int[] nodeLooked = new int[256];
  private float[] nodeLog = new float[256];

  private int[] rowNode = new int[0];
  private int[] rowWord = new int[0];
  private int[] rowSource = new int[0];
  private int[] rowParent = new int[0];
  private double[] rowSum = new double[0];
  private int[] nextNode = new int[0];
  private int[] nextSource = new int[0];
  private double[] nextSum = new double[0];
  private double[] bestSum = new double[0];
  private float[] bestLog = new float[0];
  private int[] bestRow = new int[0];
  private int[] bestWord = new int[0];
  private Terms.State[] rowState = new Terms.State[0];
  private Terms.State[] nextState = new Terms.State[0];
  private Terms.State[] bestState = new Terms.State[0];
  private final TermChoice choice = new TermChoice();

  /**
   * A search.
   *
   * @param shortlist the words to choose among, all if there is none
   * @param shared whether sources and translations have one vocabulary
   */
  public StudentSearch(
      MarianStudent model, Kernels kernels, Optional<LexicalShortlist> shortlist, boolean shared) {
    this.model = model;
    this.kernels = kernels;
    this.shortlist = shortlist;
    this.shared = shared;
    this.session = model.session();
  }

  /** Translates sources whose translations may be anything. */
  public List<List<Found>> run(int[] ids, int[] starts, Settings settings) {
    return run(ids, starts, Collections.nCopies(starts.length - 1, Terms.NONE), settings);
  }

  /**
   * Translates.
   *
   * @param ids the words of all sources, each source with its end
   * @param starts where each begins, and after the last one where it ends
   * @param terms what must be in the translation of each
   * @return the translations of each, best first
   */
  public List<List<Found>> run(int[] ids, int[] starts, List<Terms> terms, Settings settings) {
    int sources = starts.length - 1;
    boolean bound = terms.stream().anyMatch(each -> each != Terms.NONE);
    int beams = bound ? Math.max(TERM_BEAMS, settings.beams) : settings.beams;
    List<List<Found>> found = new ArrayList<>();
    makeRoom(sources, beams);
    for (int i = 0; i < sources; i++) {
      found.add(new ArrayList<>());
      choose(i, ids, starts, terms.get(i), settings);
      rowSource[i] = i;
      rowParent[i] = StudentSession.START;
      rowNode[i] = NONE;
      rowWord[i] = StudentSession.START;
      rowSum[i] = 0;
      rowState[i] = terms.get(i).start();
    }
    nodes = 0;
    session.encode(ids, sources, starts, settings.aligned, Encoder.Layers.UNSEEN);
    int rows = sources;
    boolean moved = true;
    for (int position = 0; rows > 0; position++) {
      if (moved) {
        session.follow(rows, rowParent);
      }
      session.step(rowWord, rowSource, position, Encoder.Layers.UNSEEN);
      int next = 0;
      for (int row = 0; row < rows; ) {
        int source = rowSource[row];
        int to = row + 1;
        while (to < rows && rowSource[to] == source) {
          to++;
        }
        List<Found> ended = found.get(source);
        Terms own = terms.get(source);
        boolean last = position + 1 >= limit(starts[source + 1] - starts[source], settings);
        int best =
            own == Terms.NONE
                ? best(row, to, settings.beams - ended.size())
                : bound(row, to, beams - ended.size(), last, own, settings);
        for (int i = 0; i < best; i++) {
          int node = node(bestWord[i], rowNode[bestRow[i]], bestLog[i], bestRow[i], settings);
          boolean finished = bestWord[i] == settings.end;
          if (finished || last) {
            double more = own == Terms.NONE ? 0 : TERM * own.met(bestState[i]);
            ended.add(collect(node, position + 1, bestSum[i], more, finished, settings));
          } else {
            nextNode[next] = node;
            nextSource[next] = source;
            nextSum[next] = bestSum[i];
            nextState[next] = own == Terms.NONE ? rowState[row] : bestState[i];
            rowParent[next] = bestRow[i];
            next++;
          }
        }
        if (own != Terms.NONE && ended.size() >= TERM_ENDS) {
          while (next > 0 && nextSource[next - 1] == source) {
            next--;
          }
        }
        row = to;
      }
      moved = move(rows, next);
      rows = next;
    }
    found.forEach(list -> list.sort(Comparator.comparingDouble(Found::score).reversed()));
    return found;
  }

  /** Makes the next rows those of the next step; whether any of them is another than before. */
  private boolean move(int rows, int next) {
    boolean moved = next != rows;
    for (int i = 0; i < next; i++) {
      moved |= rowParent[i] != i;
      rowNode[i] = nextNode[i];
      rowSource[i] = nextSource[i];
      rowSum[i] = nextSum[i];
      rowState[i] = nextState[i];
      rowWord[i] = nodeWord[nextNode[i]];
    }
    return moved;
  }

  private static int limit(int sourceWords, Settings settings) {
    double most = Math.max(1, settings.lengthFactor * sourceWords);
    return (int) (settings.longest == 0 ? most : Math.min(most, settings.longest));
  }

  /** The words that a source's translation may be made of. */
  private void choose(int source, int[] ids, int[] starts, Terms terms, Settings settings) {
    if (shortlist.isPresent()) {
      shortlist
          .get()
          .choose(ids, starts[source], starts[source + 1], shared, model.targets(), chosen);
    } else {
      chosen.set(0, model.targets());
    }
    terms.addTo(chosen);
    chosen.set(settings.end);
    if (settings.unknown >= 0) {
      chosen.clear(settings.unknown);
    }
    int count = chosen.cardinality();
    if (words[source].length < count) {
      words[source] = new int[count];
    }
    int at = 0;
    for (int word = chosen.nextSetBit(0); word >= 0; word = chosen.nextSetBit(word + 1)) {
      words[source][at++] = word;
    }
    counts[source] = count;
    if (scores.length < count) {
      scores = new float[count];
    }
  }

  /**
   * The best next words of some rows of one source, best first.
   *
   * @return how many there are
   */
  private int best(int from, int to, int wanted) {
    int source = rowSource[from];
    int[] among = words[source];
    int count = counts[source];
    int have = 0;
    for (int row = from; row < to; row++) {
      session.scores(row, count, among, scores);
      float all = kernels.logSum(count, scores, 0);
      if (wanted == 1 && to == from + 1) {
        int top = 0;
        for (int i = 1; i < count; i++) {
          top = scores[i] > scores[top] ? i : top;
        }
        put(0, rowSum[row] + scores[top] - all, scores[top] - all, row, among[top]);
        return 1;
      }
      for (int i = 0; i < count; i++) {
        double sum = rowSum[row] + scores[i] - all;
        if (have < wanted || sum > bestSum[have - 1]) {
          int at = have < wanted ? have++ : have - 1;
          while (at > 0 && bestSum[at - 1] < sum) {
            put(at, bestSum[at - 1], bestLog[at - 1], bestRow[at - 1], bestWord[at - 1]);
            at--;
          }
          put(at, sum, scores[i] - all, row, among[i]);
        }
      }
    }
    return have;
  }

  /** The same for a source with terms. */
  private int bound(int from, int to, int places, boolean last, Terms terms, Settings settings) {
    int source = rowSource[from];
    choice.clear();
    for (int row = from; row < to; row++) {
      Terms.State state = rowState[row];
      int have = best(row, row + 1, 2 * TERM_BEAMS);
      for (int i = 0; i < have; i++) {
        choice.add(row, bestWord[i], bestLog[i], bestSum[i], terms.after(state, bestWord[i]));
      }
      float all = kernels.logSum(counts[source], scores, 0);
      for (int word : terms.wanted(state)) {
        int at = Arrays.binarySearch(words[source], 0, counts[source], word);
        if (at >= 0) {
          float log = scores[at] - all;
          choice.add(row, word, log, rowSum[row] + log, terms.after(state, word));
        }
      }
    }
    List<TermChoice.Option> options = choice.choose(places, settings.end, last, terms);
    for (int i = 0; i < options.size(); i++) {
      TermChoice.Option option = options.get(i);
      put(i, option.sum(), option.log(), option.row(), option.word());
      bestState[i] = option.state();
    }
    return options.size();
  }

  private void put(int at, double sum, float log, int row, int word) {
    bestSum[at] = sum;
    bestLog[at] = log;
    bestRow[at] = row;
    bestWord[at] = word;
  }

  private int node(int word, int before, float log, int row, Settings settings) {
    if (nodes == nodeWord.length) {
      nodeWord = Arrays.copyOf(nodeWord, 2 * nodes);
      nodeBefore = Arrays.copyOf(nodeBefore, 2 * nodes);
      nodeLooked = Arrays.copyOf(nodeLooked, 2 * nodes);
      nodeLog = Arrays.copyOf(nodeLog, 2 * nodes);
    }
    nodeWord[nodes] = word;
    nodeBefore[nodes] = before;
    nodeLog[nodes] = log;
    nodeLooked[nodes] = settings.aligned ? session.looked(row) : 0;
    return nodes++;
  }

  private Found collect(
      int last, int length, double sum, double more, boolean finished, Settings settings) {
    int[] chain = new int[length];
    double[] logs = new double[length];
    int[] looked = new int[length];
    int node = last;
    for (int i = length - 1; i >= 0; i--) {
      chain[i] = nodeWord[node];
      logs[i] = nodeLog[node];
      looked[i] = nodeLooked[node];
      node = nodeBefore[node];
    }
    return new Found(
        chain, logs, looked, finished, more + sum / Math.pow(length, settings.lengthPenalty));
  }

  private void makeRoom(int sources, int beams) {
    if (words.length < sources) {
      int before = words.length;
      words = Arrays.copyOf(words, sources);
      Arrays.fill(words, before, sources, new int[0]);
      counts = new int[sources];
    }
    int rows = Math.multiplyExact(sources, beams);
    if (rowNode.length < rows) {
      rowNode = new int[rows];
      rowWord = new int[rows];
      rowSource = new int[rows];
      rowParent = new int[rows];
      rowSum = new double[rows];
      nextNode = new int[rows];
      nextSource = new int[rows];
      nextSum = new double[rows];
      rowState = new Terms.State[rows];
      nextState = new Terms.State[rows];
    }
    int most = Math.max(beams, 2 * TERM_BEAMS);
    if (bestSum.length < most) {
      bestSum = new double[most];
      bestLog = new float[most];
      bestRow = new int[most];
      bestWord = new int[most];
      bestState = new Terms.State[most];
    }
  }
}
