package dev.dragoman.models.generate.constrain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays: what the first items may be, what the others, how many there may be, how many of them
 * must be of a kind, and whether they must all differ.
 *
 * @param distinct where the schema says that the items differ, or null where they need not
 */
record ArraySet(
    List<Formula> prefix,
    Formula rest,
    int min,
    int max,
    List<Counted> counted,
    @Nullable String distinct) {
  static final int UNBOUNDED = Integer.MAX_VALUE;
  static final ArraySet ANY = new ArraySet(List.of(), Formula.TRUE, 0, UNBOUNDED, List.of(), null);

  /** From min to max items are of this kind. */
  record Counted(Formula kind, int min, int max) {}

  Formula at(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  static ArraySet ofItems(List<Formula> prefix, Formula rest) {
    return new ArraySet(prefix, rest, 0, UNBOUNDED, List.of(), null);
  }

  static ArraySet ofLength(int min, int max) {
    return new ArraySet(List.of(), Formula.TRUE, min, max, List.of(), null);
  }

  static ArraySet counting(Counted counted) {
    return new ArraySet(List.of(), Formula.TRUE, 0, UNBOUNDED, List.of(counted), null);
  }

  ArraySet and(ArraySet other) {
    List<Formula> first = new ArrayList<>();
    for (int i = 0; i < Math.max(prefix.size(), other.prefix.size()); i++) {
      first.add(Formula.and(at(i), other.at(i)));
    }
    List<Counted> counts = new ArrayList<>(counted);
    for (Counted count : other.counted) {
      if (!counts.contains(count)) {
        counts.add(count);
      }
    }
    return new ArraySet(
        first,
        Formula.and(rest, other.rest),
        Math.max(min, other.min),
        Math.min(max, other.max),
        counts,
        distinct == null ? other.distinct : distinct);
  }

  /** The most items there can be: an item that nothing may be ends the array. */
  int most() {
    int most = max;
    for (int i = 0; i < prefix.size() && i < most; i++) {
      if (prefix.get(i).equals(Formula.FALSE)) {
        most = i;
      }
    }
    return rest.equals(Formula.FALSE) ? Math.min(most, prefix.size()) : most;
  }

  boolean plainlyEmpty() {
    return min > most();
  }
}
