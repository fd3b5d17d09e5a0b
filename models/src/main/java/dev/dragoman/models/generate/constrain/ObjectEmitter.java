package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.generate.constrain.ObjectSet.KeyClass;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects. The named properties come in their order, the optional ones or not; then the
 * others, whose names are words: each at most once.
 */
final class ObjectEmitter {
  private static final int LISTED_KEYS = 64;
  private static final int MOST_COUNTED = 256;

  private final ValueEmitter values;
  private final SchemaEvaluator evaluator;
  private final AutomatonBuilder builder;
  private final Fragments fragments;
  private final Map<List<Integer>, Integer> interned = new HashMap<>();

  ObjectEmitter(
      ValueEmitter values,
      SchemaEvaluator evaluator,
      AutomatonBuilder builder,
      Fragments fragments) {
    this.values = values;
    this.evaluator = evaluator;
    this.builder = builder;
    this.fragments = fragments;
  }

  /** Answers the state after the opening brace. */
  int emit(ObjectSet set) {
    return new One(set).emit();
  }

  private record Place(int next, int count) {}

  private final class One {
    private final List<String> names = new ArrayList<>();
    private final List<Formula> formulas = new ArrayList<>();
    private final List<KeyClass> others = new ArrayList<>();
    private final Set<String> required;
    private final int min;
    private final int max;
    private final int counted;
    private final Map<Place, Integer> after = new LinkedHashMap<>();
    private final Deque<Place> waiting = new ArrayDeque<>();

    One(ObjectSet set) {
      required = set.required();
      Map<String, Formula> named = new LinkedHashMap<>(set.named());
      for (String name : required) {
        named.putIfAbsent(name, set.at(name));
      }
      named
          .keySet()
          .forEach(name -> Budget.limit("characters in a property name", name.length(), 1000));
      boolean limited = addOthers(set, named);
      named.forEach((name, value) -> {
        if (!value.equals(Formula.FALSE) || required.contains(name)) {
          names.add(name);
          formulas.add(value);
        }
      });
      min = set.min();
      int most = others.isEmpty() ? Math.min(set.max(), names.size()) : set.max();
      most = limited ? Math.min(most, Math.max(LISTED_KEYS, required.size())) : most;
      boolean bounded = most < ObjectSet.UNBOUNDED && (most < names.size() || !others.isEmpty());
      max = bounded ? Math.min(most, Math.max(MOST_COUNTED, min)) : ObjectSet.UNBOUNDED;
      Budget.limit("properties that must be counted", bounded ? max : min, 4096);
      counted = bounded ? max : min <= required.size() ? 0 : min;
    }

    /** Lists the other names where they are few; whether some are many but not endless. */
    private boolean addOthers(ObjectSet set, Map<String, Formula> named) {
      boolean limited = false;
      Set<String> taken = new LinkedHashSet<>(named.keySet());
      ByteDfa literals = evaluator.values().sets.literals(taken);
      for (KeyClass other : set.rest()) {
        if (other.value().equals(Formula.FALSE) || set.max() == required.size()) {
          continue;
        }
        ByteDfa keys = evaluator.values().sets.difference(other.keys(), literals);
        List<byte[]> few = evaluator.values().strings.list(keys, LISTED_KEYS);
        if (few != null) {
          few.forEach(key -> named.put(new String(key, StandardCharsets.UTF_8), other.value()));
        } else if (!keys.isEmpty()) {
          others.add(new KeyClass(keys, other.value()));
          limited |= StringSets.counts(keys)[0] != Integer.MAX_VALUE;
        }
      }
      return limited;
    }

    int emit() {
      int start = builder.state();
      Place first = new Place(0, 0);
      addKeys(start, first, null);
      addEnd(start, first);
      while (!waiting.isEmpty()) {
        Place place = waiting.removeFirst();
        int state = after(place);
        int keys = builder.state();
        int spaced = builder.state();
        addKeys(keys, place, spaced);
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
      boolean enough = counted == 0 ? min <= required.size() : place.count() >= min;
      if (enough && firstRequired(place.next()) == names.size()) {
        builder.edge(state, '}', '}', fragments.done());
      }
    }

    private int firstRequired(int from) {
      int index = from;
      while (index < names.size() && !required.contains(names.get(index))) {
        index++;
      }
      return index;
    }

    /** The next property may start in this state, or after a space in the other one too. */
    private void addKeys(int state, Place place, @Nullable Integer spaced) {
      if (max != ObjectSet.UNBOUNDED && place.count() >= max) {
        return;
      }
      int count = Math.min(place.count() + 1, counted);
      int last = firstRequired(place.next());
      Map<byte[], Integer> keys = new LinkedHashMap<>();
      for (int i = place.next(); i <= Math.min(last, names.size() - 1); i++) {
        byte[] name = Fragments.encoded(names.get(i));
        byte[] quoted = Arrays.copyOf(name, name.length + 1);
        quoted[name.length] = '"';
        keys.put(quoted, value(formulas.get(i), after(new Place(i + 1, count))));
      }
      if (!keys.isEmpty()) {
        builder.edge(state, '"', '"', trie(new ArrayList<>(keys.entrySet()), 0));
      }
      if (last == names.size()) {
        for (KeyClass other : others) {
          int colon = value(other.value(), after(new Place(names.size(), count)));
          builder.call(state, fragments.word(other.keys()), colon);
        }
      }
      if (spaced != null) {
        builder.include(spaced, state);
        builder.edge(spaced, ' ', ' ', state);
      }
    }

    /** A state that reads a colon and a value. */
    private int value(Formula formula, int to) {
      int rule = values.rule(formula);
      int start = interned(List.of(-1, rule, to));
      if (builder.fresh(start)) {
        builder.call(start, rule, to);
      }
      int spaced = interned(List.of(-2, start));
      if (builder.fresh(spaced)) {
        builder.include(spaced, start);
        builder.edge(spaced, ' ', ' ', start);
      }
      int colon = interned(List.of(-3, spaced));
      if (builder.fresh(colon)) {
        builder.edge(colon, ':', ':', spaced);
      }
      return colon;
    }

    /** A state that reads one of the keys, all equal up to a depth. */
    private int trie(List<Map.Entry<byte[], Integer>> keys, int depth) {
      Map<Byte, List<Map.Entry<byte[], Integer>>> branches = new LinkedHashMap<>();
      for (Map.Entry<byte[], Integer> key : keys) {
        if (key.getKey().length == depth) {
          return key.getValue();
        }
        branches.computeIfAbsent(key.getKey()[depth], b -> new ArrayList<>()).add(key);
      }
      List<Integer> moves = new ArrayList<>();
      branches.forEach((b, branch) -> {
        moves.add(b & 0xFF);
        moves.add(trie(branch, depth + 1));
      });
      int state = interned(moves);
      if (builder.fresh(state)) {
        for (int i = 0; i < moves.size(); i += 2) {
          builder.edge(state, moves.get(i), moves.get(i), moves.get(i + 1));
        }
      }
      return state;
    }
  }

  private int interned(List<Integer> content) {
    return interned.computeIfAbsent(content, c -> builder.state());
  }
}
