package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stacks an automaton may have, which share their lower frames. A frame is a state, the frame
 * below, and the words its object or array has. Sets of stacks are ranges of one list of top
 * frames. Grows where needed, and allocates nothing after that.
 */
final class Stacks {
  static final int BOTTOM = -1;
  private static final int MOST = 4096;

  private final Automaton automaton;
  private final @Nullable UsedWords log;
  private int[] states = new int[64];
  private int[] below = new int[64];
  private int[] words = new int[64];
  private int frames;
  private int[] tops = new int[64];
  private int size;
  private int setStart;

  /** Words are only kept, and only refused, where there is a log. */
  Stacks(Automaton automaton, @Nullable UsedWords log) {
    this.automaton = automaton;
    this.log = log;
  }

  int frames() {
    return frames;
  }

  /** The length of the list of top frames. */
  int size() {
    return size;
  }

  int top(int index) {
    return tops[index];
  }

  int state(int frame) {
    return states[frame];
  }

  int below(int frame) {
    return below[frame];
  }

  int words(int frame) {
    return words[frame];
  }

  /** Forgets what was added since there were so many. */
  void cut(int frameCount, int topCount) {
    frames = frameCount;
    size = topCount;
  }

  int frame(int state, int lower, int used) {
    if (frames == states.length) {
      states = Arrays.copyOf(states, frames * 2);
      below = Arrays.copyOf(below, frames * 2);
      words = Arrays.copyOf(words, frames * 2);
    }
    states[frames] = state;
    below[frames] = lower;
    words[frames] = used;
    return frames++;
  }

  void addTop(int frame) {
    if (size == tops.length) {
      tops = Arrays.copyOf(tops, size * 2);
    }
    tops[size++] = frame;
  }

  /** Adds the set of stacks after one more byte; skips the stacks that open a word if told so. */
  void step(int from, int to, int unsignedByte, boolean skipOpening) {
    setStart = size;
    for (int i = from; i < to; i++) {
      int frame = tops[i];
      if (!skipOpening || !automaton.opensWord(states[frame])) {
        advance(frame, states[frame], below[frame], words[frame], unsignedByte);
      }
    }
  }

  private void advance(int frame, int state, int lower, int used, int unsignedByte) {
    int to = automaton.next(state, unsignedByte);
    if (to >= 0) {
      push(to, lower, used);
    }
    for (int call = automaton.firstCall(state); call < automaton.endOfCalls(state); call++) {
      int caller = BOTTOM;
      for (int entry : automaton.entries(automaton.calledRule(call))) {
        int inside = automaton.next(entry, unsignedByte);
        if (inside >= 0) {
          if (caller == BOTTOM) {
            caller = frame(automaton.returnsTo(call), lower, used);
          }
          push(inside, caller, UsedWords.NONE);
        }
      }
    }
    if (lower != BOTTOM && automaton.isFinal(state)) {
      advance(lower, states[lower], below[lower], words[lower], unsignedByte);
    }
  }

  private void push(int state, int lower, int used) {
    if (lower != BOTTOM && automaton.isDone(state)) {
      int longer = words[lower];
      int word = automaton.wordOf(state);
      if (log != null && word != Automaton.NONE) {
        longer = log.add(longer, word);
        if (longer == UsedWords.REPEATED) {
          return;
        }
      }
      push(states[lower], below[lower], longer);
      return;
    }
    if (size - setStart >= MOST) {
      return;
    }
    for (int i = setStart; i < size; i++) {
      int other = tops[i];
      if (states[other] == state && below[other] == lower && words[other] == used) {
        return;
      }
    }
    addTop(frame(state, lower, used));
    if (log != null && automaton.opensWord(state)) {
      log.open();
    }
  }

  /** Whether the text may end with this stack. */
  boolean mayEnd(int frame) {
    int at = frame;
    while (automaton.isFinal(states[at])) {
      at = below[at];
      if (at == BOTTOM) {
        return true;
      }
    }
    return false;
  }

  /** Copies a stack of another list to this one; moved tells where frames went, or -1. */
  int copy(Stacks from, int frame, int[] moved) {
    if (frame == BOTTOM) {
      return BOTTOM;
    }
    if (moved[frame] < 0) {
      int lower = copy(from, from.below[frame], moved);
      moved[frame] = frame(from.states[frame], lower, from.words[frame]);
    }
    return moved[frame];
  }
}
