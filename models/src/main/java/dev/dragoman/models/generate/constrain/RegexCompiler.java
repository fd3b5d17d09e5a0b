package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.generate.constrain.RegexNode.Chars;
import dev.dragoman.models.generate.constrain.RegexNode.Choice;
import dev.dragoman.models.generate.constrain.RegexNode.End;
import dev.dragoman.models.generate.constrain.RegexNode.Repeat;
import dev.dragoman.models.generate.constrain.RegexNode.Sequence;
import dev.dragoman.models.generate.constrain.RegexNode.Start;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a regular expression into an automaton over UTF-8 bytes: Thompson's construction, character
 * sets as alternatives of byte ranges, then the subset construction.
 */
final class RegexCompiler {
  private final Nfa nfa;

  private RegexCompiler(Budget budget) {
    nfa = new Nfa(budget);
  }

  /** The texts that match as a whole. */
  static ByteDfa whole(RegexNode regex, Budget budget) {
    RegexCompiler compiler = new RegexCompiler(budget);
    compiler.nfa.accept(compiler.add(regex, 0));
    return compiler.nfa.determinize();
  }

  /** The texts that match anywhere, as the keyword {@code pattern} of JSON Schema has it. */
  static ByteDfa anywhere(RegexNode regex, Budget budget) {
    RegexNode any = new Repeat(new Chars(RuneSet.ALL), 0, RegexNode.UNBOUNDED);
    return whole(new Sequence(List.of(any, regex, any)), budget);
  }

  /** Adds the expression after a state and answers the state it ends in. */
  private int add(RegexNode regex, int from) {
    return switch (regex) {
      case Chars(RuneSet set) -> {
        int to = nfa.state();
        addSet(set, from, to);
        yield to;
      }
      case Sequence(List<RegexNode> parts) -> {
        int state = from;
        for (RegexNode part : parts) {
          state = add(part, state);
        }
        yield state;
      }
      case Choice(List<RegexNode> branches) -> {
        int to = nfa.state();
        for (RegexNode branch : branches) {
          int start = nfa.state();
          nfa.empty(from, start);
          nfa.empty(add(branch, start), to);
        }
        yield to;
      }
      case Repeat repeat -> addRepeat(repeat, from);
      case Start() -> {
        int to = nfa.state();
        nfa.atStart(from, to);
        yield to;
      }
      case End() -> {
        int to = nfa.state();
        nfa.atEnd(from, to);
        yield to;
      }
    };
  }

  private int addRepeat(Repeat repeat, int from) {
    int state = from;
    for (int i = 0; i < repeat.min(); i++) {
      state = add(repeat.body(), state);
    }
    if (repeat.max() == RegexNode.UNBOUNDED) {
      int loop = nfa.state();
      nfa.empty(state, loop);
      nfa.empty(add(repeat.body(), loop), loop);
      return loop;
    }
    int to = nfa.state();
    nfa.empty(state, to);
    for (int i = repeat.min(); i < repeat.max(); i++) {
      int start = nfa.state();
      nfa.empty(state, start);
      state = add(repeat.body(), start);
      nfa.empty(state, to);
    }
    return to;
  }

  private record Tail(List<Integer> ranges) {}

  private void addSet(RuneSet set, int from, int to) {
    Map<Tail, Integer> tails = new HashMap<>();
    Utf8.ranges(
        set,
        sequence -> {
          int state = to;
          for (int i = sequence.size() - 2; i >= 2; i -= 2) {
            Tail tail = new Tail(List.copyOf(sequence.subList(i, sequence.size())));
            Integer known = tails.get(tail);
            if (known == null) {
              known = nfa.state();
              nfa.range(known, sequence.get(i), sequence.get(i + 1), state);
              tails.put(tail, known);
            }
            state = known;
          }
          nfa.range(from, sequence.get(0), sequence.get(1), state);
        });
  }
}
