package dev.dragoman.models.generate;

import dev.dragoman.models.architecture.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Beams for a text that must have some terms in it: texts that have got as far with the terms
 * compete with each other, and the places are shared out among those groups in turn (<a
 * href="https://arxiv.org/abs/1804.06609">Post and Vilar, 2018</a>).
 */
final class TermBeams extends Beams {
  /** Puts a text with one more term before any text without it. */
  private static final double TERM = 1e4;

  private final Terms terms;
  private List<Terms.State> states;

  TermBeams(SearchOptions options, BeamSearch.Source source, int most, List<Sequence> sequences) {
    super(options, source, most, sequences);
    this.terms = source.terms();
    this.states = List.of(terms.start());
  }

  /** Texts with all terms are rarer than others: waiting for many takes long and gains little. */
  @Override
  int enough() {
    return Math.min(2, options.beams());
  }

  private record Option(Next next, Terms.State state) {}

  @Override
  List<Next> choose(boolean last, float[] logits, int row, int stride, float[] zeros) {
    Map<Integer, List<Option>> groups = new TreeMap<>(Comparator.reverseOrder());
    int ends = 0;
    for (Option option : options(logits, row, stride, zeros)) {
      boolean end = options.isEnd(option.next.token());
      Terms.State before = states.get(option.next.parent());
      if (end || last) {
        if (last || (terms.complete(before) && ends++ < options.beams())) {
          Terms.State has = end ? before : option.state;
          end(option.next, end, TERM * Integer.bitCount(has.met()));
        }
      } else {
        groups.computeIfAbsent(option.state.progress(), _ -> new ArrayList<>()).add(option);
      }
    }
    List<Option> chosen = new ArrayList<>();
    for (int turn = 0; !last && chosen.size() < options.beams(); turn++) {
      int before = chosen.size();
      for (List<Option> group : groups.values()) {
        if (turn < group.size() && chosen.size() < options.beams()) {
          chosen.add(group.get(turn));
        }
      }
      if (chosen.size() == before) {
        break;
      }
    }
    chosen.sort(Comparator.comparing(option -> -option.next.score()));
    states = chosen.stream().map(Option::state).toList();
    return chosen.stream().map(Option::next).toList();
  }

  /** The likeliest ways to go on, and all those that bring a term nearer; the likeliest first. */
  private List<Option> options(float[] logits, int row, int stride, float[] zeros) {
    List<Option> all = new ArrayList<>();
    for (int i = 0; i < candidates.count(); i++) {
      Next next = candidates.at(i);
      all.add(new Option(next, terms.after(states.get(next.parent()), next.token())));
    }
    int likely = all.size();
    for (int beam = 0; beam < states.size(); beam++) {
      Terms.State state = states.get(beam);
      for (int token : terms.wanted(state)) {
        float logit = logits[(row + beam) * stride + token];
        Next next = new Next(beam, token, score(beam) + (logit - zeros[row + beam]));
        boolean there = logit == Float.NEGATIVE_INFINITY;
        for (int i = 0; i < likely && !there; i++) {
          there = all.get(i).next.parent() == beam && all.get(i).next.token() == token;
        }
        if (!there) {
          all.add(new Option(next, terms.after(state, token)));
        }
      }
    }
    all.sort(Comparator.comparing(option -> -option.next.score()));
    return all;
  }
}
