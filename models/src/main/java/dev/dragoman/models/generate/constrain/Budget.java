package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;

/** Bounds the work that one schema or regular expression may cause. Neither is trusted. */
final class Budget {
  static final int DFA_STATES = 60_000;
  static final int NFA_EDGES = 1_000_000;
  static final int AUTOMATON_STATES = 400_000;
  private static final long STEPS = 150_000_000;

  private long left = STEPS;

  /** Takes so many elementary steps. */
  void spend(long steps) {
    left -= steps;
    if (left < 0) {
      throw new ModelException(
          "The schema or regular expression takes more than %,d steps to compile; make it smaller"
              .formatted(STEPS));
    }
  }

  static void limit(String what, long value, long most) {
    if (value > most) {
      throw new ModelException(
          "The schema or regular expression needs more than %,d %s; make it smaller"
              .formatted(most, what));
    }
  }
}
