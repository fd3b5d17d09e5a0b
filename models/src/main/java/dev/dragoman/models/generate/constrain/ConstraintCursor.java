package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;
import java.util.Arrays;

/**
 * One generation under a constraint. Before each token {@link #mask} says which may come, {@link
 * #accept} takes the one that was chosen. After the first steps nothing is allocated where the
 * masks are known already. For one thread; cursors of one constraint may run in many.
 */
public final class ConstraintCursor {
  private static final int MOST_STACKS = 64;
  private static final int MOST_FORCED = 4096;

  private final MaskTable table;
  private final Automaton automaton;
  private final UsedWords text;
  private final long[] scratch;
  private Stacks stacks;
  private Stacks spare;
  private int[] moved = new int[64];
  private boolean ended;

  ConstraintCursor(MaskTable table) {
    this(table, new UsedWords());
    for (int entry : automaton.entries(automaton.root())) {
      if (table.isLive(entry)) {
        stacks.addTop(stacks.frame(entry, Stacks.BOTTOM, UsedWords.NONE));
      }
    }
  }

  private ConstraintCursor(MaskTable table, UsedWords text) {
    this.table = table;
    this.automaton = table.automaton();
    this.text = text;
    this.scratch = new long[table.vocabulary().maskLength()];
    this.stacks = new Stacks(automaton, text);
    this.spare = new Stacks(automaton, text);
  }

  /** A cursor at the same place that goes its own way from here. */
  public ConstraintCursor copy() {
    ConstraintCursor copy = new ConstraintCursor(table, text.copy());
    copy.take(stacks, 0, stacks.size(), Integer.MAX_VALUE);
    copy.ended = ended;
    return copy;
  }

  /**
   * Writes the mask of the tokens that may come next: bit {@code id & 63} of {@code bits[id >> 6]}.
   * The ids that end the generation are among them where the text may end. There is always at least
   * one, if the vocabulary has a token for each single byte; until an end token was accepted.
   *
   * @param bits at least {@link Vocabulary#maskLength} long; what is beyond that is left alone
   * @throws ModelException where the vocabulary has no token to go on with
   */
  public void mask(long[] bits) {
    int length = scratch.length;
    Arrays.fill(bits, 0, length, 0);
    if (ended) {
      return;
    }
    for (int i = 0; i < stacks.size(); i++) {
      int frame = stacks.top(i);
      long[] allowed = table.mask(stacks, frame);
      if (repeatsMatter(frame)) {
        System.arraycopy(allowed, 0, scratch, 0, length);
        int used = stacks.words(stacks.below(frame));
        TokenTrie trie = table.vocabulary().trie();
        text.forbidRepeats(scratch, trie, automaton, stacks.state(frame), used);
        allowed = scratch;
      }
      for (int w = 0; w < length; w++) {
        bits[w] |= allowed[w];
      }
    }
    if (mayEnd()) {
      table.vocabulary().allowEnds(bits);
      return;
    }
    for (int w = 0; w < length; w++) {
      if (bits[w] != 0) {
        return;
      }
    }
    throw new ModelException(
        "No token of the vocabulary can go on with the constrained text; it lacks tokens for the"
            + " single bytes "
            + Liveness.missing(table.vocabulary()));
  }

  private boolean repeatsMatter(int frame) {
    int below = stacks.below(frame);
    return below != Stacks.BOTTOM
        && automaton.wordOf(stacks.state(frame)) != Automaton.NONE
        && stacks.words(below) != UsedWords.NONE;
  }

  /** Whether the text so far is complete. */
  public boolean mayEnd() {
    for (int i = 0; i < stacks.size(); i++) {
      if (stacks.mayEnd(stacks.top(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether an end token was accepted. */
  public boolean ended() {
    return ended;
  }

  /**
   * Takes the token that comes next.
   *
   * @throws IllegalArgumentException if it may not come; the cursor is where it was
   */
  public void accept(int token) {
    Vocabulary vocabulary = table.vocabulary();
    boolean isEnd = vocabulary.isEnd(token);
    byte[] bytes = vocabulary.bytes(token);
    if (ended || (isEnd ? !mayEnd() : bytes.length == 0 || !accepts(bytes))) {
      throw new IllegalArgumentException("Token %d may not come here".formatted(token));
    }
    ended = isEnd;
  }

  /** Takes bytes as if they were a token; whether they may come. If not, nothing changes. */
  boolean accepts(byte[] bytes) {
    int topCount = stacks.size();
    int frameCount = stacks.frames();
    int length = text.length();
    int words = text.count();
    int opened = text.opened();
    int from = 0;
    int to = topCount;
    for (byte b : bytes) {
      text.append(b);
      stacks.step(from, to, b & 0xFF, false);
      from = to;
      to = stacks.size();
      if (from == to) {
        stacks.cut(frameCount, topCount);
        text.cut(length, words, opened);
        return false;
      }
    }
    take(stacks, from, to, MOST_STACKS);
    return true;
  }

  /** Makes some stacks the cursor's own, as far as the vocabulary can finish them. */
  private void take(Stacks source, int from, int to, int most) {
    if (moved.length < source.frames()) {
      moved = new int[source.frames() * 2];
    }
    Arrays.fill(moved, 0, source.frames(), -1);
    spare.cut(0, 0);
    for (int i = from; i < to && spare.size() < most; i++) {
      int frame = source.top(i);
      if (table.isLive(source.state(frame)) || to - from == 1) {
        spare.addTop(spare.copy(source, frame, moved));
      }
    }
    Stacks taken = spare;
    spare = stacks;
    stacks = taken;
  }

  /**
   * The only token that may come next, or -1 where there are several. A generator need not ask the
   * model then.
   */
  public int forcedToken() {
    long[] bits = new long[scratch.length];
    mask(bits);
    int forced = -1;
    for (int w = 0; w < bits.length; w++) {
      if (bits[w] != 0) {
        if (forced >= 0 || Long.bitCount(bits[w]) > 1) {
          return -1;
        }
        forced = w * 64 + Long.numberOfTrailingZeros(bits[w]);
      }
    }
    return forced;
  }

  /**
   * The text that must come next whatever the tokens, in UTF-8; empty where there is a choice. A
   * generator may cut it into tokens in its own way and jump ahead.
   */
  public byte[] forcedText() {
    ConstraintCursor ahead = copy();
    byte[] forced = new byte[16];
    int length = 0;
    while (length < MOST_FORCED && !ahead.mayEnd()) {
      int only = ahead.onlyByte();
      if (only < 0 || !ahead.accepts(new byte[] {(byte) only})) {
        break;
      }
      if (length == forced.length) {
        forced = Arrays.copyOf(forced, length * 2);
      }
      forced[length++] = (byte) only;
    }
    return Arrays.copyOf(forced, length);
  }

  private int onlyByte() {
    int only = -1;
    int topCount = stacks.size();
    int frameCount = stacks.frames();
    int words = text.count();
    int opened = text.opened();
    for (int b = 0; b < 256; b++) {
      text.append((byte) b);
      stacks.step(0, topCount, b, false);
      boolean possible = stacks.size() > topCount;
      stacks.cut(frameCount, topCount);
      text.cut(text.length() - 1, words, opened);
      if (possible) {
        if (only >= 0) {
          return -1;
        }
        only = b;
      }
    }
    return only;
  }
}
