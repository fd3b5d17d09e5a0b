package dev.dragoman.models.generate.constrain;

import java.util.BitSet;
import java.util.StringJoiner;

/** From which states a vocabulary can surely go on to the end, byte by byte. */
final class Liveness {
  private Liveness() {}

  static BitSet live(Automaton automaton, Vocabulary vocabulary) {
    BitSet bytes = new BitSet();
    for (int b = 0; b < 256; b++) {
      bytes.set(b, vocabulary.hasByte(b));
    }
    BitSet live = new BitSet();
    if (bytes.cardinality() == 256) {
      live.set(0, automaton.size());
      return live;
    }
    BitSet productive = new BitSet();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int s = automaton.size() - 1; s >= 0; s--) {
        if (!live.get(s) && isLive(automaton, s, bytes, live, productive)) {
          live.set(s);
          changed = true;
        }
      }
      for (int r = 0; r < automaton.rules(); r++) {
        for (int entry : automaton.entries(r)) {
          if (!productive.get(r) && live.get(entry)) {
            productive.set(r);
            changed = true;
          }
        }
      }
    }
    return live;
  }

  private static boolean isLive(
      Automaton automaton, int state, BitSet bytes, BitSet live, BitSet productive) {
    if (automaton.isFinal(state)) {
      return true;
    }
    for (int i = automaton.firstRange(state); i < automaton.endOfRanges(state); i++) {
      int next = bytes.nextSetBit(automaton.lo(i));
      if (next >= 0 && next <= automaton.hi(i) && live.get(automaton.target(i))) {
        return true;
      }
    }
    for (int i = automaton.firstCall(state); i < automaton.endOfCalls(state); i++) {
      if (productive.get(automaton.calledRule(i)) && live.get(automaton.returnsTo(i))) {
        return true;
      }
    }
    return false;
  }

  /** The bytes that no token stands for alone, for a message. */
  static String missing(Vocabulary vocabulary) {
    StringJoiner missing = new StringJoiner(", ");
    for (int b = 0; b < 256; b++) {
      if (!vocabulary.hasByte(b)) {
        missing.add(b > ' ' && b < 0x7F ? Character.toString(b) : "0x%02X".formatted(b));
      }
    }
    return missing.toString();
  }
}
