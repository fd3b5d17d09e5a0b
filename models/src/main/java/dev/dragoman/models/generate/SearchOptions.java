package dev.dragoman.models.generate;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * How a text is searched for, in the terms of transformers' {@code generation_config.json}.
 *
 * @param beams how many texts are followed at once; 1 is greedy
 * @param best how many texts are wanted of each source, at most {@code beams}
 * @param lengthPenalty the exponent of a text's length that its log-probability is divided by
 * @param stop when a search with several beams ends
 * @param maxTokens how many tokens a text has at most, the prompt not counted
 * @param minTokens how many it has at least, its end not counted
 * @param noRepeat no so many tokens in a row come twice, the prompt among them; 0 for no such rule
 * @param repetitionPenalty what the scores of tokens that were there are divided by; 1 for none
 * @param forcedFirst the only token that may come first; -1 for none
 * @param forcedLast the only token that may come last where a text is cut off; -1 for none
 * @param suppressed tokens that never come
 * @param suppressedFirst tokens that do not come first
 * @param ends tokens that end a text
 */
public record SearchOptions(
    int beams,
    int best,
    double lengthPenalty,
    Stop stop,
    int maxTokens,
    int minTokens,
    int noRepeat,
    double repetitionPenalty,
    int forcedFirst,
    int forcedLast,
    int[] suppressed,
    int[] suppressedFirst,
    int[] ends) {
  /** When a search with several beams ends: when so many texts have ended, and ... */
  public enum Stop {
    /** None that is under way has a better score by now. */
    HEURISTIC,
    /** Nothing else. */
    WHEN_FULL,
    /** None that is under way could come to have a better score. */
    NEVER
  }

  /** Checks the numbers. */
  public SearchOptions {
    if (beams < 1 || best < 1 || best > beams || maxTokens < 1 || noRepeat < 0) {
      throw new IllegalArgumentException(
          "beams %d, best %d, maxTokens %d, noRepeat %d"
              .formatted(beams, best, maxTokens, noRepeat));
    }
  }

  /** Greedy, with no rules. */
  public static SearchOptions greedy(int maxTokens, int... ends) {
    return new SearchOptions(
        1, 1, 1, Stop.HEURISTIC, maxTokens, 0, 0, 1, -1, -1, new int[0], new int[0], ends);
  }

  /**
   * What a folder's {@code generation_config.json} says, or else its {@code config.json}.
   *
   * @param maxTokens if they say nothing
   * @throws ModelException if they ask for something that is not supported
   */
  public static SearchOptions read(Path folder, int maxTokens) {
    Path own = folder.resolve("generation_config.json");
    return of(
        Files.isRegularFile(own) ? ModelConfig.readFile(own) : ModelConfig.read(folder), maxTokens);
  }

  /**
   * What a file, or a section of one, says.
   *
   * @param maxTokens if it says nothing
   * @throws ModelException if it asks for something that is not supported
   */
  public static SearchOptions of(ModelConfig file, int maxTokens) {
    file.one("num_beam_groups");
    file.off("encoder_no_repeat_ngram_size");
    int most = file.positive("max_length", maxTokens + 1) - 1;
    int[] suppressed = file.wholes("suppress_tokens");
    for (int[] words : file.wholeLists("bad_words_ids")) {
      if (words.length != 1) {
        throw file.wrong("bad_words_ids", "lists of one token each");
      }
      suppressed = with(suppressed, words[0]);
    }
    return new SearchOptions(
        file.positive("num_beams", 1),
        1,
        file.number("length_penalty", 1),
        stop(file),
        file.positive("max_new_tokens", Math.max(1, most)),
        Math.max(0, file.whole("min_length", 0) - 1),
        file.whole("no_repeat_ngram_size", 0),
        file.above0("repetition_penalty", 1),
        single(file, "forced_bos_token_id"),
        single(file, "forced_eos_token_id"),
        suppressed,
        file.wholes("begin_suppress_tokens"),
        file.wholes("eos_token_id"));
  }

  private static int single(ModelConfig file, String key) {
    int[] ids = file.wholes(key);
    if (ids.length > 1) {
      throw file.wrong(key, "one token");
    }
    return ids.length == 0 ? -1 : ids[0];
  }

  private static Stop stop(ModelConfig file) {
    if (file.isText("early_stopping")) {
      if (!file.text("early_stopping").equals("never")) {
        throw file.wrong("early_stopping", "true, false or never");
      }
      return Stop.NEVER;
    }
    return file.flag("early_stopping", false) ? Stop.WHEN_FULL : Stop.HEURISTIC;
  }

  private static int[] with(int[] ids, int one) {
    int[] more = Arrays.copyOf(ids, ids.length + 1);
    more[ids.length] = one;
    return more;
  }

  /** The same with so many beams, and so many texts wanted of each source. */
  public SearchOptions withBeams(int count, int wanted) {
    return with(o -> {
      o.beams = count;
      o.best = wanted;
    });
  }

  /** The same with this penalty. */
  public SearchOptions withLengthPenalty(double penalty) {
    return with(o -> o.lengthPenalty = penalty);
  }

  /** The same with texts of so many tokens. */
  public SearchOptions withTokens(int least, int most) {
    return with(o -> {
      o.minTokens = least;
      o.maxTokens = most;
    });
  }

  /** The same with these tokens as ends. */
  public SearchOptions withEnds(int... others) {
    return with(o -> o.ends = others);
  }

  /** The same with this token first; -1 for none. */
  public SearchOptions withForcedFirst(int id) {
    return with(o -> o.forcedFirst = id);
  }

  /** The same with this way to stop. */
  public SearchOptions withStop(Stop other) {
    return with(o -> o.stop = other);
  }

  /** The same with no so many tokens in a row twice; 0 for no such rule. */
  public SearchOptions withNoRepeat(int tokens) {
    return with(o -> o.noRepeat = tokens);
  }

  /** The same without these tokens. */
  public SearchOptions withSuppressed(int... tokens) {
    return with(o -> o.suppressed = tokens);
  }

  private SearchOptions with(Consumer<Changed> change) {
    Changed changed = new Changed();
    change.accept(changed);
    return new SearchOptions(
        changed.beams,
        changed.best,
        changed.lengthPenalty,
        changed.stop,
        changed.maxTokens,
        changed.minTokens,
        changed.noRepeat,
        repetitionPenalty,
        changed.forcedFirst,
        forcedLast,
        changed.suppressed,
        suppressedFirst,
        changed.ends);
  }

  /** The components that may be changed, at first as they are. */
  private final class Changed {
    private int beams = SearchOptions.this.beams;
    private int best = SearchOptions.this.best;
    private double lengthPenalty = SearchOptions.this.lengthPenalty;
    private Stop stop = SearchOptions.this.stop;
    private int maxTokens = SearchOptions.this.maxTokens;
    private int minTokens = SearchOptions.this.minTokens;
    private int noRepeat = SearchOptions.this.noRepeat;
    private int forcedFirst = SearchOptions.this.forcedFirst;
    private int[] suppressed = SearchOptions.this.suppressed;
    private int[] ends = SearchOptions.this.ends;
  }

  boolean isEnd(int id) {
    for (int end : ends) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }
}
