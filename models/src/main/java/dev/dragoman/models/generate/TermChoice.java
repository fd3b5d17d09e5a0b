package dev.dragoman.models.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses how texts go on that must have some terms in them: those that have got as far with the
 * terms compete with each other, and the places are shared out among those groups in turn (<a
 * href="https://arxiv.org/abs/1804.06609">Post and Vilar, 2018</a>).
 */
final class TermChoice {
  /**
   * A way to go on.
   *
   * @param state how far the text is with its terms after that word
   */
  record Option(int row, int word, float log, double sum, Terms.State state) {}

  private final List<Option> options = new ArrayList<>();

  void clear() {
    options.clear();
  }

  /** Adds a way to go on, unless it is there. */
  void add(int row, int word, float log, double sum, Terms.State state) {
    for (int i = options.size() - 1; i >= 0 && options.get(i).row == row; i--) {
      if (options.get(i).word == word) {
        return;
      }
    }
    options.add(new Option(row, word, log, sum, state));
  }

  /**
   * The ways that are gone, the likeliest first.
   *
   * @param places how many at most
   * @param last whether all of them are the last word of their texts
   */
  List<Option> choose(int places, int end, boolean last, Terms terms) {
    options.sort(Comparator.comparingDouble(Option::sum).reversed());
    Map<Integer, List<Option>> groups = new TreeMap<>(Comparator.reverseOrder());
    for (Option option : options) {
      if (last || option.word != end || terms.complete(option.state)) {
        groups.computeIfAbsent(option.state.progress(), _ -> new ArrayList<>()).add(option);
      }
    }
    List<Option> chosen = new ArrayList<>();
    for (int turn = 0, before = -1; chosen.size() < places && chosen.size() > before; turn++) {
      before = chosen.size();
      for (List<Option> group : groups.values()) {
        if (turn < group.size() && chosen.size() < places) {
          chosen.add(group.get(turn));
        }
      }
    }
    chosen.sort(Comparator.comparingDouble(Option::sum).reversed());
    return chosen;
  }
}
