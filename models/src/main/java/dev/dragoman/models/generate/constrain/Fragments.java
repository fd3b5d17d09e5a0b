package dev.dragoman.models.generate.constrain;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds scalars to an automaton. A string has one form only: what JSON lets stand as itself stands
 * as itself, the control characters with a short escape have that, the others have lower-case
 * digits.
 */
final class Fragments {
  private static final String SHORT = "\b\t\n\f\r";
  private static final String SHORT_LETTERS = "btnfr";
  private static final String HEX = "0123456789abcdef";

  private final AutomatonBuilder builder;
  private final Map<ByteDfa, Integer> strings = new HashMap<>();
  private final Map<ByteDfa, Integer> words = new HashMap<>();
  private final Map<ByteDfa, Integer> plain = new HashMap<>();
  private int done = Automaton.NONE;

  Fragments(AutomatonBuilder builder) {
    this.builder = builder;
  }

  /** A final state that nothing follows. */
  int done() {
    if (done == Automaton.NONE) {
      done = builder.state();
      builder.makeFinal(done);
    }
    return done;
  }

  /** The automaton as it is; answers its start. */
  int bytes(ByteDfa dfa) {
    Integer known = plain.get(dfa);
    if (known == null) {
      known = addBytes(dfa);
      plain.put(dfa, known);
    }
    return known;
  }

  private int addBytes(ByteDfa dfa) {
    int first = builder.size();
    for (int s = 0; s < dfa.size(); s++) {
      int state = builder.state();
      if (dfa.accepts(s)) {
        builder.makeFinal(state);
      }
    }
    for (int s = 0; s < dfa.size(); s++) {
      ranges(dfa, s, 0, 0xFF, first + s, first);
    }
    return first;
  }

  /** Adds the moves of a state within a range of bytes. */
  private void ranges(ByteDfa dfa, int s, int from, int to, int state, int first) {
    int b = from;
    while (b <= to) {
      int target = dfa.next(s, b);
      int lo = b++;
      while (b <= to && dfa.next(s, b) == target) {
        b++;
      }
      if (target >= 0) {
        builder.edge(state, lo, b - 1, first + target);
      }
    }
  }

  /** The strings of a set; answers the state after the opening quote. */
  int string(ByteDfa dfa) {
    Integer known = strings.get(dfa);
    if (known == null) {
      known = addString(dfa, done());
      strings.put(dfa, known);
    }
    return known;
  }

  /** A rule for the strings of a set that must differ from other such strings. */
  int word(ByteDfa dfa) {
    Integer known = words.get(dfa);
    if (known == null) {
      int from = builder.size();
      int end = builder.state();
      builder.makeFinal(end);
      int opened = addString(dfa, end);
      int word = builder.newWord();
      for (int s = from; s < builder.size(); s++) {
        builder.inWord(s, word);
      }
      int opening = builder.state();
      builder.include(opening, opened);
      builder.inWord(opening, word);
      builder.opensWord(opening);
      int entry = builder.state();
      builder.edge(entry, '"', '"', opening);
      known = builder.rule();
      builder.entries(known, new int[] {entry});
      words.put(dfa, known);
    }
    return known;
  }

  private int addString(ByteDfa dfa, int end) {
    int first = builder.size();
    for (int s = 0; s < dfa.size(); s++) {
      builder.state();
    }
    Map<String, Integer> controls = new HashMap<>();
    for (int s = 0; s < dfa.size(); s++) {
      int state = first + s;
      ranges(dfa, s, ' ', '!', state, first);
      ranges(dfa, s, '#', '[', state, first);
      ranges(dfa, s, ']', 0xFF, state, first);
      if (dfa.accepts(s)) {
        builder.edge(state, '"', '"', end);
      }
      addEscapes(dfa, s, first, controls);
    }
    return first;
  }

  private void addEscapes(ByteDfa dfa, int s, int first, Map<String, Integer> controls) {
    StringBuilder key = new StringBuilder();
    boolean any = false;
    for (int c = 0; c < 0x22; c++) {
      int b = c < 0x20 ? c : c == 0x20 ? '"' : '\\';
      int to = dfa.next(s, b);
      any |= to >= 0;
      key.append(to).append(',');
    }
    if (any) {
      int escape = controls.computeIfAbsent(key.toString(), k -> addEscape(dfa, s, first));
      builder.edge(first + s, '\\', '\\', escape);
    }
  }

  private int addEscape(ByteDfa dfa, int s, int first) {
    int escape = builder.state();
    for (char c : new char[] {'"', '\\'}) {
      if (dfa.next(s, c) >= 0) {
        builder.edge(escape, c, c, first + dfa.next(s, c));
      }
    }
    for (int i = 0; i < SHORT.length(); i++) {
      int to = dfa.next(s, SHORT.charAt(i));
      if (to >= 0) {
        char letter = SHORT_LETTERS.charAt(i);
        builder.edge(escape, letter, letter, first + to);
      }
    }
    int[] upper = {Automaton.NONE, Automaton.NONE};
    for (int c = 0; c < 0x20; c++) {
      int to = dfa.next(s, c);
      if (to >= 0 && SHORT.indexOf(c) < 0) {
        if (upper[c >> 4] == Automaton.NONE) {
          upper[c >> 4] = builder.state();
        }
        char digit = HEX.charAt(c & 15);
        builder.edge(upper[c >> 4], digit, digit, first + to);
      }
    }
    if (upper[0] != Automaton.NONE || upper[1] != Automaton.NONE) {
      int u = builder.state();
      int zero = builder.state();
      int zeros = builder.state();
      builder.edge(escape, 'u', 'u', u);
      builder.edge(u, '0', '0', zero);
      builder.edge(zero, '0', '0', zeros);
      for (int i = 0; i < 2; i++) {
        if (upper[i] != Automaton.NONE) {
          builder.edge(zeros, '0' + i, '0' + i, upper[i]);
        }
      }
    }
    return escape;
  }

  /** The one form of a string, without its quotes. */
  static byte[] encoded(String text) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        form.append('\\').append(c);
      } else if (SHORT.indexOf(c) >= 0) {
        form.append('\\').append(SHORT_LETTERS.charAt(SHORT.indexOf(c)));
      } else if (c < ' ') {
        form.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        form.append(c);
      }
    }
    return form.toString().getBytes(StandardCharsets.UTF_8);
  }
}
