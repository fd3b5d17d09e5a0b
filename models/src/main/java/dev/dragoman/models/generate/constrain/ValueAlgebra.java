package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.generate.constrain.ArraySet.Counted;
import dev.dragoman.models.generate.constrain.ObjectSet.KeyClass;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on sets of JSON values. */
final class ValueAlgebra {
  private static final int MOST_ALTERNATIVES = 128;
  private static final int LISTED_KEYS = 64;

  final DfaAlgebra sets;
  final NumberSets numbers;
  final StringSets strings;
  final ValueSet any;
  final ValueSet none;

  /** Why a set has no complement here. */
  static final class NoComplement extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoComplement(String why) {
      super(why, null, false, false);
    }
  }

  ValueAlgebra(Budget budget) {
    sets = new DfaAlgebra(budget);
    numbers = new NumberSets(sets);
    strings = new StringSets(sets);
    ByteDfa empty = sets.empty();
    any =
        new ValueSet(
            true,
            true,
            true,
            numbers.any,
            strings.any,
            List.of(ArraySet.ANY),
            List.of(ObjectSet.any(strings.any)),
            null);
    none = new ValueSet(false, false, false, empty, empty, List.of(), List.of(), null);
  }

  ValueSet intersection(ValueSet left, ValueSet right) {
    List<ArraySet> arrays = new ArrayList<>();
    for (ArraySet a : left.arrays()) {
      for (ArraySet b : right.arrays()) {
        ArraySet both = a.and(b);
        if (!both.plainlyEmpty()) {
          arrays.add(both);
        }
      }
      Budget.limit("alternatives for arrays", arrays.size(), MOST_ALTERNATIVES);
    }
    List<ObjectSet> objects = new ArrayList<>();
    for (ObjectSet a : left.objects()) {
      for (ObjectSet b : right.objects()) {
        ObjectSet both = a.and(b, sets);
        if (!both.plainlyEmpty()) {
          objects.add(both);
        }
      }
      Budget.limit("alternatives for objects", objects.size(), MOST_ALTERNATIVES);
    }
    return new ValueSet(
        left.hasNull() && right.hasNull(),
        left.hasTrue() && right.hasTrue(),
        left.hasFalse() && right.hasFalse(),
        sets.intersection(left.numbers(), right.numbers()),
        sets.intersection(left.strings(), right.strings()),
        distinct(arrays),
        distinct(objects),
        exactlyNoStrings(left) || exactlyNoStrings(right)
            ? null
            : first(left.narrowed(), right.narrowed()));
  }

  private static boolean exactlyNoStrings(ValueSet set) {
    return set.narrowed() == null && set.strings().isEmpty();
  }

  private static @Nullable String first(@Nullable String left, @Nullable String right) {
    return left == null ? right : left;
  }

  ValueSet union(ValueSet left, ValueSet right) {
    List<ArraySet> arrays = new ArrayList<>(left.arrays());
    arrays.addAll(right.arrays());
    List<ObjectSet> objects = new ArrayList<>(left.objects());
    objects.addAll(right.objects());
    return new ValueSet(
        left.hasNull() || right.hasNull(),
        left.hasTrue() || right.hasTrue(),
        left.hasFalse() || right.hasFalse(),
        sets.union(left.numbers(), right.numbers()),
        sets.union(left.strings(), right.strings()),
        distinct(arrays),
        distinct(objects),
        first(left.narrowed(), right.narrowed()));
  }

  private static <T> List<T> distinct(List<T> list) {
    Budget.limit("alternatives", list.size(), 4L * MOST_ALTERNATIVES);
    return list.size() < 2 ? list : new ArrayList<>(new LinkedHashSet<>(list));
  }

  /** The values that are not in the set. */
  ValueSet complement(ValueSet set) {
    if (set.narrowed() != null) {
      throw new NoComplement(set.narrowed());
    }
    ValueSet rest =
        new ValueSet(
            !set.hasNull(),
            !set.hasTrue(),
            !set.hasFalse(),
            sets.difference(numbers.plain, set.numbers()),
            sets.difference(strings.any, set.strings()),
            List.of(ArraySet.ANY),
            List.of(ObjectSet.any(strings.any)),
            null);
    for (ArraySet arrays : set.arrays()) {
      rest = intersection(rest, any.withArrays(complement(arrays)));
    }
    for (ObjectSet objects : set.objects()) {
      rest = intersection(rest, any.withObjects(complement(objects)));
    }
    return rest;
  }

  private static List<ArraySet> complement(ArraySet set) {
    if (set.distinct() != null) {
      throw new NoComplement("arrays whose items differ have no complement");
    }
    List<ArraySet> outside = new ArrayList<>();
    if (set.min() > 0) {
      outside.add(ArraySet.ofLength(0, set.min() - 1));
    }
    int most = set.most();
    if (most != ArraySet.UNBOUNDED) {
      outside.add(ArraySet.ofLength(most + 1, ArraySet.UNBOUNDED));
    }
    for (int i = 0; i < Math.min(most, set.prefix().size()); i++) {
      Formula wrong = Formula.not(set.prefix().get(i));
      if (!wrong.equals(Formula.FALSE)) {
        List<Formula> prefix = new ArrayList<>(Collections.nCopies(i, Formula.TRUE));
        prefix.add(wrong);
        outside.add(new ArraySet(prefix, Formula.TRUE, i + 1, ArraySet.UNBOUNDED, List.of(), null));
      }
    }
    if (!set.rest().equals(Formula.TRUE) && most > set.prefix().size()) {
      if (!set.prefix().isEmpty()) {
        throw new NoComplement("arrays with prefixItems and items have no complement here");
      }
      outside.add(ArraySet.counting(new Counted(Formula.not(set.rest()), 1, ArraySet.UNBOUNDED)));
    }
    for (Counted counted : set.counted()) {
      if (counted.min() > 0) {
        outside.add(ArraySet.counting(new Counted(counted.kind(), 0, counted.min() - 1)));
      }
      if (counted.max() != ArraySet.UNBOUNDED) {
        outside.add(
            ArraySet.counting(new Counted(counted.kind(), counted.max() + 1, ArraySet.UNBOUNDED)));
      }
    }
    return outside;
  }

  private List<ObjectSet> complement(ObjectSet set) {
    ObjectSet all = ObjectSet.any(strings.any);
    List<ObjectSet> outside = new ArrayList<>();
    if (set.min() > 0) {
      outside.add(all.withBounds(0, set.min() - 1));
    }
    if (set.max() != ObjectSet.UNBOUNDED) {
      outside.add(all.withBounds(set.max() + 1, ObjectSet.UNBOUNDED));
    }
    for (String name : set.required()) {
      outside.add(all.with(name, Formula.FALSE, sets));
    }
    set.named().forEach((name, value) -> addWrong(outside, all, name, value));
    for (KeyClass other : set.rest()) {
      if (!other.value().equals(Formula.TRUE)) {
        List<byte[]> keys = strings.list(other.keys(), LISTED_KEYS);
        if (keys == null) {
          throw new NoComplement(
              "objects with a condition on an open set of names have no complement here");
        }
        for (byte[] key : keys) {
          addWrong(outside, all, new String(key, StandardCharsets.UTF_8), other.value());
        }
      }
    }
    return outside;
  }

  private void addWrong(List<ObjectSet> outside, ObjectSet all, String name, Formula value) {
    Formula wrong = Formula.not(value);
    if (!wrong.equals(Formula.FALSE)) {
      outside.add(all.with(name, wrong, sets).requiring(List.of(name)));
    }
  }
}
