package dev.dragoman.models.generate.constrain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A minimal deterministic automaton over bytes, its states numbered in breadth-first order from 0,
 * the start; so two automata of one language are equal.
 */
final class ByteDfa {
  static final int NONE = -1;

  private final byte[] classOf;
  private final int classes;
  private final int[] next;
  private final BitSet accepting;
  private final int hash;

  ByteDfa(byte[] classOf, int classes, int[] next, BitSet accepting) {
    this.classOf = classOf;
    this.classes = classes;
    this.next = next;
    this.accepting = accepting;
    this.hash = 31 * (31 * Arrays.hashCode(classOf) + Arrays.hashCode(next)) + accepting.hashCode();
  }

  int size() {
    return next.length / classes;
  }

  int classes() {
    return classes;
  }

  int classOf(int unsignedByte) {
    return classOf[unsignedByte] & 0xFF;
  }

  /** The state after one more byte, or {@link #NONE}. */
  int next(int state, int unsignedByte) {
    return next[state * classes + (classOf[unsignedByte] & 0xFF)];
  }

  int nextOfClass(int state, int byteClass) {
    return next[state * classes + byteClass];
  }

  boolean accepts(int state) {
    return accepting.get(state);
  }

  boolean isEmpty() {
    return accepting.isEmpty();
  }

  boolean matches(byte[] text) {
    int state = 0;
    for (byte b : text) {
      state = next(state, b & 0xFF);
      if (state == NONE) {
        return false;
      }
    }
    return accepts(state);
  }

  boolean matches(String text) {
    return matches(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof ByteDfa that
            && hash == that.hash
            && Arrays.equals(classOf, that.classOf)
            && Arrays.equals(next, that.next)
            && accepting.equals(that.accepting);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
