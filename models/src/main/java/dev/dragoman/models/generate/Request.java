package dev.dragoman.models.generate;

import dev.dragoman.models.TokenStream;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.generate.Generated.TokenScores;
import dev.dragoman.models.generate.constrain.ConstraintCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One text under way: its prompt, then what the model adds to it. The sequence holds the tokens
 * that the model has seen; the last one drawn is not yet among them.
 */
final class Request {
  private final GenerateOptions options;
  private final Generation generation;
  private final TextListener listener;
  private final TokenStream stream;
  private final StopStrings stops;
  private final Optional<ConstraintCursor> cursor;
  private final SplittableRandom random;
  private final Sequence sequence;
  private final int prompt;
  private final int vocabulary;
  private final long[] seen;
  private final long[] allowed;
  private final int[] guessed;
  private final StringBuilder text = new StringBuilder();
  private final List<TokenScores> scores = new ArrayList<>();
  private int[] tokens;
  private int length;
  private int reused;
  private int drafts;
  private int drafted;
  private int rows;
  private long began;
  private long first;
  private @Nullable Finish finish;

  Request(
      int[] prompt,
      GenerateOptions options,
      Generation generation,
      TextListener listener,
      TokenStream stream,
      Optional<ConstraintCursor> cursor,
      Sequence sequence,
      int vocabulary,
      int maskLength) {
    this.vocabulary = vocabulary;
    this.options = options;
    this.generation = generation;
    this.listener = listener;
    this.stream = stream;
    this.stops = new StopStrings(options.stop());
    this.cursor = cursor;
    this.random = new SplittableRandom(options.seed());
    this.sequence = sequence;
    this.prompt = prompt.length;
    this.tokens = Arrays.copyOf(prompt, prompt.length + Math.min(options.maxTokens(), 1024));
    this.length = prompt.length;
    int words = (vocabulary + Long.SIZE - 1) / Long.SIZE;
    this.seen = new long[options.repetitionPenalty() == 1 ? 0 : words];
    this.allowed = new long[maskLength];
    this.guessed = new int[options.drafts()];
    for (int id : prompt) {
      see(id);
    }
    // The first token's text may depend on what stands before it.
    stream.next(prompt[prompt.length - 1]);
  }

  Sequence sequence() {
    return sequence;
  }

  int[] tokens() {
    return tokens;
  }

  int promptLength() {
    return prompt;
  }

  boolean decoding() {
    return length > prompt;
  }

  /** How many rows of scores the step gives for it. */
  int rows() {
    return rows;
  }

  boolean cancelled() {
    return generation.cancelled();
  }

  boolean finished() {
    return finish != null;
  }

  void begin(int reusedTokens) {
    began = System.nanoTime();
    reused = reusedTokens;
  }

  /** Adds the token drawn last, and what may come after it. */
  void decode(Step step) {
    int room = Math.min(sequence.limit() - length, options.maxTokens() - (length - prompt) - 1);
    drafts = Drafts.guess(tokens, length, Math.clamp(room, 0, guessed.length), guessed);
    if (drafts == 0) {
      rows = 1;
      step.add(sequence, tokens[length - 1]);
      return;
    }
    rows = 1 + drafts;
    reserve(drafts);
    System.arraycopy(guessed, 0, tokens, length, drafts);
    step.add(sequence, tokens, length - 1, rows, Step.Wanted.ALL);
  }

  /**
   * Adds some more of the prompt.
   *
   * @return how many tokens
   */
  int prefill(Step step, int most) {
    drafts = 0;
    int done = sequence.length();
    int count = Math.min(most, prompt - done);
    boolean last = done + count == prompt;
    rows = last ? 1 : 0;
    step.add(sequence, tokens, done, count, last ? Step.Wanted.LAST : Step.Wanted.NONE);
    return count;
  }

  /**
   * Draws from what the step gave for this request.
   *
   * @param row of the first of its scores
   * @return the row after its last
   */
  int take(Sampler sampler, float[] logits, int row, int stride, Ends ends) {
    int before = sequence.length() - drafts;
    int right = 0;
    for (int i = 0; i < rows && finish == null; i++) {
      int id = draw(sampler, logits, (row + i) * stride);
      add(id, ends);
      if (i < drafts && id == guessed[i]) {
        right++;
      } else {
        break;
      }
    }
    if (drafts > 0) {
      drafted += right;
      sequence.truncate(before + right);
    }
    return row + rows;
  }

  private int draw(Sampler sampler, float[] logits, int at) {
    cursor.ifPresent(c -> c.mask(allowed));
    int id = sampler.draw(logits, at, options, seen, allowed, random);
    cursor.ifPresent(c -> c.accept(id));
    if (options.logProbabilities() >= 0) {
      scores.add(sampler.scores(logits, at, id, options.logProbabilities()));
    }
    return id;
  }

  private void add(int id, Ends ends) {
    if (length == prompt) {
      first = System.nanoTime();
    }
    reserve(1);
    tokens[length++] = id;
    see(id);
    if (ends.contains(id) && (options.stopAtEnd() || cursor.isPresent())) {
      finish(Finish.END);
      return;
    }
    give(stops.take(stream.next(id)));
    if (stops.stopped()) {
      finish(Finish.STOP);
    } else if (length - prompt == options.maxTokens() || length > sequence.limit()) {
      finish(Finish.LENGTH);
    }
  }

  private void see(int id) {
    if (seen.length > 0 && id < vocabulary) {
      seen[id >> 6] |= 1L << id;
    }
  }

  private void reserve(int more) {
    if (length + more > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(length + more, tokens.length * 3 / 2));
    }
  }

  private void give(String more) {
    if (!more.isEmpty()) {
      text.append(more);
      listener.text(more);
    }
  }

  void finish(Finish reason) {
    if (!stops.stopped()) {
      give(stops.take(stream.finish()));
      give(stops.finish());
    }
    finish = stops.stopped() ? Finish.STOP : reason;
  }

  /** Tells whoever waits. */
  void complete() {
    long now = System.nanoTime();
    long decoded = decoding() ? first : now;
    generation.complete(
        new Generated(
            text.toString(),
            Arrays.copyOfRange(tokens, prompt, length),
            Objects.requireNonNull(finish, "not finished"),
            List.copyOf(scores),
            prompt,
            reused,
            drafted,
            began == 0 ? 0 : (decoded - began) / 1e9,
            (now - decoded) / 1e9));
  }

  void fail(Throwable failure) {
    generation.fail(failure);
  }
}
