package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import java.util.Arrays;

/** Runs a {@link Regex}. */
final class RegexFinder implements Delimiter.Finder {
  private static final int NONE = -1;
  private static final int FRAME = 3;
  private static final int WIDTH = 4;

  private final Regex regex;
  private Pieces pieces = new Pieces(0);
  private int from;
  private int to;
  private int search;
  private int start;
  private int end;
  private long steps;
  private int[] stack = new int[96];
  private int top;

  RegexFinder(Regex regex) {
    this.regex = regex;
  }

  @Override
  public void reset(Pieces pieces, int from, int to) {
    this.pieces = pieces;
    this.from = from;
    this.to = to;
    this.search = from;
    this.end = NONE;
    this.steps = 100_000 + 2_000L * (to - from);
  }

  @Override
  public boolean next() {
    for (int i = search; i <= to; i++) {
      int stop = run(0, i);
      if (stop == NONE || (stop == i && i == end)) {
        continue;
      }
      start = i;
      end = stop;
      search = stop == i ? i + 1 : stop;
      return stop > i || i < to || i > from;
    }
    search = to + 1;
    return false;
  }

  @Override
  public int start() {
    return start;
  }

  @Override
  public int end() {
    return end;
  }

  /** Where a match that starts here ends. */
  private int run(int program, int position) {
    int bottom = top;
    int pc = program;
    int at = position;
    while (true) {
      if (--steps < 0) {
        top = bottom;
        throw new ModelException(
            "the regular expression " + regex.pattern() + " takes too long on this text");
      }
      int a = regex.code(pc + 1);
      int b = regex.code(pc + 2);
      boolean ok = true;
      switch (regex.code(pc)) {
        case Regex.ONE -> {
          ok = at < to && regex.set(a).get(pieces.codePoint(at));
          at++;
          pc += WIDTH;
        }
        case Regex.RUN -> {
          int stop = runOf(a, at, regex.code(pc + 3));
          ok = stop - at >= b;
          pc += WIDTH;
          if (ok && stop - at > b) {
            push(pc, at + b, stop - 1);
          }
          at = stop;
        }
        case Regex.FORK -> {
          push(b, at, at);
          pc = a;
        }
        case Regex.JUMP -> pc = a;
        case Regex.LOOK -> {
          ok = (run(pc + WIDTH, at) == NONE) == (b == 1);
          pc = a;
        }
        case Regex.LOOK_BEHIND -> {
          boolean found = at > from && run(pc + WIDTH, at - 1) != NONE;
          ok = found != (b == 1);
          pc = a;
        }
        case Regex.ATOMIC -> {
          int stop = run(pc + WIDTH, at);
          ok = stop != NONE;
          at = stop;
          pc = a;
        }
        case Regex.LINE -> {
          ok =
              a == 1
                  ? at == from || pieces.codePoint(at - 1) == '\n'
                  : at == to || pieces.codePoint(at) == '\n';
          pc += WIDTH;
        }
        case Regex.MATCH -> {
          top = bottom;
          return at;
        }
        default -> throw new IllegalStateException("instruction " + regex.code(pc));
      }
      if (!ok) {
        if (top == bottom) {
          return NONE;
        }
        pc = stack[top - FRAME];
        at = stack[top - 1];
        if (at == stack[top - 2]) {
          top -= FRAME;
        } else {
          stack[top - 1]--;
        }
      }
    }
  }

  private int runOf(int set, int at, int max) {
    int stop = max < to - at ? at + max : to;
    int i = at;
    while (i < stop && regex.set(set).get(pieces.codePoint(i))) {
      i++;
    }
    return i;
  }

  /** Remembers to go on at {@code pc} from the last of these positions, then the one before. */
  private void push(int pc, int first, int last) {
    if (top + FRAME > stack.length) {
      stack = Arrays.copyOf(stack, 2 * stack.length);
    }
    stack[top++] = pc;
    stack[top++] = first;
    stack[top++] = last;
  }
}
