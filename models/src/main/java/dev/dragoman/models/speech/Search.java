package dev.dragoman.models.speech;

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
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Writes the texts of windows, those of several together. Scores are sums of log-probabilities
 * under {@link TimestampRules}; of a window's texts the one with the best mean is taken, as the
 * reference implementation does. For one thread at a time.
 */
final class Search {
  private final Decoder decoder;
  private final Decoder.Session session;
  private final Kernels kernels;
  private final SpeechTokens tokens;
  private final TimestampRules rules;
  private final Step step = new Step();
  private final Deque<Sequence> pool = new ArrayDeque<>();

  Search(Ear ear, SpeechTokens tokens, TimestampRules rules) {
    this.decoder = ear.model.decoder();
    this.session = ear.session;
    this.kernels = ear.model.kernels();
    this.tokens = tokens;
    this.rules = rules;
  }

  /**
   * A window.
   *
   * @param opening what comes before its text
   * @param start where in it the token that starts a transcript is
   */
  record Window(Memory memory, int[] opening, int start) {}

  /**
   * A text.
   *
   * @param tokens without the end
   * @param logProbability the mean of the tokens', the end included
   * @param noSpeech how likely it is that nothing is said
   */
  record Text(int[] tokens, double logProbability, double noSpeech) {}

  /** How the next tokens are chosen. */
  sealed interface Choice {
    /** How many lines a window has. */
    int lines();

    /** The likeliest, of so many lines that are followed at once. */
    record Likeliest(int lines) implements Choice {}

    /** Drawn, for so many lines that know nothing of each other. */
    record Drawn(int lines, double temperature, RandomGenerator random) implements Choice {}
  }

  /** The lines of a window. */
  private static final class Group {
    final Window window;
    final List<Line> lines = new ArrayList<>();
    final List<Text> ended = new ArrayList<>();
    double noSpeech;
    int firstRow;

    Group(Window window) {
      this.window = window;
    }

    boolean done(int beams) {
      return ended.size() >= beams || lines.stream().allMatch(Line::ended);
    }
  }

  /** Writes the text of each window. */
  List<Text> run(List<Window> windows, Choice choice) {
    List<Group> groups = open(windows, choice);
    List<Group> open = new ArrayList<>(groups);
    int beams = choice.lines();
    while (true) {
      int row = 0;
      step.clear();
      for (Group group : open) {
        group.firstRow = row;
        for (Line line : group.lines) {
          if (!line.ended()) {
            step.add(line.sequence(), line.tokens()[line.count() - 1]);
            row++;
          }
        }
      }
      if (row == 0) {
        List<Text> texts = groups.stream().map(this::best).toList();
        release(groups);
        return texts;
      }
      session.run(step, Encoder.Layers.UNSEEN);
      float[] logits = session.logits();
      for (Group group : open) {
        advance(group, choice, logits, false);
      }
      open.removeIf(group -> group.done(beams));
    }
  }

  /** Shows each window's opening to a sequence, and chooses the first tokens of its lines. */
  private List<Group> open(List<Window> windows, Choice choice) {
    List<Group> groups = new ArrayList<>();
    for (Window window : windows) {
      Group group = new Group(window);
      int limit = Math.min(decoder.positions() / 2, decoder.positions() - window.opening.length);
      group.lines.add(new Line(sequence(window), limit));
      groups.add(group);
    }
    show(groups, 0, true);
    float[] logits = session.logits();
    for (int i = 0; i < groups.size(); i++) {
      int at = i * decoder.vocabulary();
      double sum = kernels.logSum(decoder.vocabulary(), logits, at);
      groups.get(i).noSpeech =
          tokens.noSpeech() < 0 ? 0 : Math.exp(logits[at + tokens.noSpeech()] - sum);
    }
    if (tokens.multilingual()) {
      show(groups, 1, false);
      logits = session.logits();
    }
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      group.firstRow = i;
      Line first = group.lines.getFirst();
      for (int line = 1; choice instanceof Choice.Drawn && line < choice.lines(); line++) {
        Sequence copy = sequence(group.window);
        copy.copy(first.sequence(), group.window.opening.length);
        group.lines.add(new Line(copy, first.tokens().length));
      }
      advance(group, choice, logits, true);
    }
    return groups;
  }

  private Sequence sequence(Window window) {
    Sequence idle = pool.poll();
    if (idle == null) {
      return decoder.sequence(decoder.positions(), CacheType.F32, Adapter.NONE, window.memory);
    }
    idle.restart(window.memory);
    return idle;
  }

  private void release(List<Group> groups) {
    for (Group group : groups) {
      for (Line line : group.lines) {
        line.sequence().restart(Memory.NONE);
        pool.add(line.sequence());
      }
    }
  }

  /** Shows what is up to the start of the transcript, or what is after it. */
  private void show(List<Group> groups, int from, boolean upToStart) {
    step.clear();
    for (Group group : groups) {
      int[] opening = group.window.opening;
      int first = upToStart ? from : group.window.start + 1;
      int end = upToStart ? group.window.start + 1 : opening.length;
      step.add(group.lines.getFirst().sequence(), opening, first, end - first, Step.Wanted.LAST);
    }
    session.run(step, Encoder.Layers.UNSEEN);
  }

  /**
   * Chooses the next tokens.
   *
   * @param shared whether all lines have the logits of the first, since nothing is written yet
   */
  private void advance(Group group, Choice choice, float[] logits, boolean shared) {
    switch (choice) {
      case Choice.Drawn drawn -> draw(group, drawn, logits, shared);
      case Choice.Likeliest likeliest -> {
        if (likeliest.lines == 1) {
          follow(group.lines.getFirst(), logits, group.firstRow * decoder.vocabulary());
        } else {
          spread(group, likeliest.lines, logits);
        }
      }
    }
  }

  private void follow(Line line, float[] logits, int at) {
    int end = at + decoder.vocabulary();
    rules.apply(kernels, line.tokens(), line.count(), logits, at);
    int next = Logits.argmax(logits, at, end);
    take(line, next - at, logits[next] - kernels.logSum(end - at, logits, at));
  }

  private void take(Line line, int token, double logProbability) {
    if (token == tokens.end()) {
      line.end(logProbability);
    } else {
      line.write(token, logProbability);
    }
  }

  private void draw(Group group, Choice.Drawn drawn, float[] logits, boolean shared) {
    int row = group.firstRow;
    for (Line line : group.lines) {
      if (line.ended()) {
        continue;
      }
      int at = row * decoder.vocabulary();
      int end = at + decoder.vocabulary();
      rules.apply(kernels, line.tokens(), line.count(), logits, at);
      int next = Logits.draw(logits, at, end, drawn.temperature, drawn.random);
      take(line, next - at, logits[next] - kernels.logSum(end - at, logits, at));
      row += shared ? 0 : 1;
    }
  }

  /** One token more of a line. */
  private record Candidate(Line line, int token, double logProbability) {}

  /** Follows the likeliest continuations of all lines. */
  private void spread(Group group, int beams, float[] logits) {
    int[] best = new int[beams + 1];
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < group.lines.size(); i++) {
      Line line = group.lines.get(i);
      int at = (group.firstRow + i) * decoder.vocabulary();
      int end = at + decoder.vocabulary();
      rules.apply(kernels, line.tokens(), line.count(), logits, at);
      double sum = kernels.logSum(end - at, logits, at);
      Logits.best(logits, at, end, best);
      for (int next : best) {
        if (next >= 0) {
          candidates.add(
              new Candidate(line, next - at, line.logProbability() + logits[next] - sum));
        }
      }
    }
    candidates.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.token == tokens.end()) {
        if (group.ended.size() < beams) {
          group.ended.add(text(group, candidate.line, candidate.logProbability));
        }
      } else {
        kept.add(candidate);
        if (kept.size() == beams) {
          break;
        }
      }
    }
    if (!group.done(beams)) {
      keep(group, kept);
    }
  }

  /**
   * Makes the lines what was kept. A sequence goes on with the first that continues its line; the
   * others that do get a copy of it in place of one that nobody continues.
   */
  private void keep(Group group, List<Candidate> kept) {
    List<Line> free = new ArrayList<>(group.lines);
    kept.forEach(candidate -> free.remove(candidate.line));
    List<Line> next = new ArrayList<>();
    List<Line> used = new ArrayList<>();
    for (Candidate candidate : kept) {
      Line parent = candidate.line;
      Sequence own = parent.sequence();
      if (used.contains(parent)) {
        own = free.isEmpty() ? sequence(group.window) : free.removeFirst().sequence();
        own.copy(parent.sequence(), parent.sequence().length());
      }
      used.add(parent);
      Line line = new Line(own, parent.tokens().length);
      line.become(parent.tokens(), parent.count(), candidate.logProbability, own);
      line.write(candidate.token, 0);
      next.add(line);
    }
    group.lines.clear();
    group.lines.addAll(next);
  }

  private static Text text(Group group, Line line, double logProbability) {
    return new Text(line.text(), logProbability / (line.count() + 1), group.noSpeech);
  }

  /**
   * The text with the best mean; texts that have not come to their end only if there are too few.
   */
  private Text best(Group group) {
    List<Text> texts = new ArrayList<>(group.ended);
    group.lines.stream()
        .sorted(Comparator.comparingDouble(Line::logProbability).reversed())
        .limit(group.lines.size() - Math.min(group.lines.size(), texts.size()))
        .forEach(line -> texts.add(text(group, line, line.logProbability())));
    return texts.stream()
        .max(
            Comparator.comparingDouble(text ->
                text.logProbability * (text.tokens.length + 1) / Math.max(1, text.tokens.length)))
        .orElseThrow();
  }
}
