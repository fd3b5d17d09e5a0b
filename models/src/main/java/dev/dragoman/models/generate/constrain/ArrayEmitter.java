package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.generate.constrain.ArraySet.Counted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes arrays. Its states know the index of the item and how many of each kind there were. */
final class ArrayEmitter {
  private static final int MOST_COUNTED = 1024;
  private static final int MOST_KINDS = 3;

  private final ValueEmitter values;
  private final SchemaEvaluator evaluator;
  private final AutomatonBuilder builder;
  private final Fragments fragments;

  ArrayEmitter(
      ValueEmitter values,
      SchemaEvaluator evaluator,
      AutomatonBuilder builder,
      Fragments fragments) {
    this.values = values;
    this.evaluator = evaluator;
    this.builder = builder;
    this.fragments = fragments;
  }

  /** Answers the state after the opening bracket. */
  int emit(ArraySet set) {
    return new One(set).emit();
  }

  private record Place(int index, List<Integer> counts) {}

  private final class One {
    private final ArraySet set;
    private final int max;
    private final int counted;
    private final int wordRule;
    private final Map<Place, Integer> after = new LinkedHashMap<>();
    private final Deque<Place> waiting = new ArrayDeque<>();

    One(ArraySet set) {
      this.set = set;
      Budget.limit("kinds of items counted", set.counted().size(), MOST_KINDS);
      int most = set.most();
      int words = Automaton.NONE;
      String distinct = set.distinct();
      if (distinct != null && most > 1) {
        ByteDfa strings = distinctItems(distinct);
        words = fragments.word(strings);
        most = Math.min(most, StringSets.counts(strings)[0]);
      }
      wordRule = words;
      boolean bounded = most != ArraySet.UNBOUNDED;
      int needed = Math.max(set.min(), set.prefix().size());
      for (Counted kind : set.counted()) {
        needed = Math.max(needed, kind.min());
      }
      max = bounded ? Math.min(most, Math.max(MOST_COUNTED, needed)) : ArraySet.UNBOUNDED;
      counted = bounded ? max : Math.max(set.min(), set.prefix().size());
      Budget.limit("array items that must be counted", Math.max(counted, needed), 4096);
    }

    /** Items that must differ must be strings: those have one form. */
    private ByteDfa distinctItems(String pointer) {
      ValueSet items = evaluator.evaluate(set.rest());
      boolean onlyStrings =
          !items.hasNull()
              && !items.hasTrue()
              && !items.hasFalse()
              && items.numbers().isEmpty()
              && items.arrays().isEmpty()
              && items.objects().isEmpty();
      if (!onlyStrings || !set.prefix().isEmpty() || !set.counted().isEmpty()) {
        throw SchemaDocument.refused(
            pointer, "uniqueItems is supported where all items are strings, without prefixItems");
      }
      return items.strings();
    }

    int emit() {
      int start = builder.state();
      Place first = new Place(0, set.counted().stream().map(kind -> 0).toList());
      addItem(start, first);
      addEnd(start, first);
      while (!waiting.isEmpty()) {
        Place place = waiting.removeFirst();
        int state = after(place);
        int item = builder.state();
        int spaced = builder.state();
        addItem(item, place);
        builder.include(spaced, item);
        builder.edge(spaced, ' ', ' ', item);
        builder.edge(state, ',', ',', spaced);
        addEnd(state, place);
      }
      return start;
    }

    private int after(Place place) {
      return after.computeIfAbsent(
          place,
          p -> {
            waiting.addLast(p);
            return builder.state();
          });
    }

    private void addEnd(int state, Place place) {
      boolean enough = place.index() >= set.min();
      for (int k = 0; k < set.counted().size(); k++) {
        enough &= place.counts().get(k) >= set.counted().get(k).min();
      }
      if (enough) {
        builder.edge(state, ']', ']', fragments.done());
      }
    }

    /** The item at the place may start in this state. */
    private void addItem(int state, Place place) {
      if (max != ArraySet.UNBOUNDED && place.index() >= max) {
        return;
      }
      Formula item = set.at(place.index());
      int next = Math.min(place.index() + 1, counted);
      if (wordRule != Automaton.NONE) {
        builder.call(state, wordRule, after(new Place(next, place.counts())));
        return;
      }
      addKinds(state, item, 0, next, place.counts(), new ArrayList<>());
    }

    private void addKinds(
        int state, Formula item, int k, int next, List<Integer> before, List<Integer> now) {
      if (item.equals(Formula.FALSE)) {
        return;
      }
      if (k == set.counted().size()) {
        builder.call(state, values.rule(item), after(new Place(next, List.copyOf(now))));
        return;
      }
      Counted kind = set.counted().get(k);
      int count = before.get(k);
      boolean limited = kind.max() != ArraySet.UNBOUNDED;
      if (limited || count < kind.min()) {
        if (count < kind.max()) {
          now.add(count + 1);
          addKinds(state, Formula.and(item, kind.kind()), k + 1, next, before, now);
          now.removeLast();
        }
      }
      now.add(count);
      Formula other = limited ? Formula.and(item, Formula.not(kind.kind())) : item;
      addKinds(state, other, k + 1, next, before, now);
      now.removeLast();
    }
  }
}
