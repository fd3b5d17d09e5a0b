package dev.dragoman.models.generate.constrain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects: what each named property may hold, and what the properties with other names, of which
 * {@code rest} is a partition; which must be there; how many there may be.
 */
record ObjectSet(
    Map<String, Formula> named, List<KeyClass> rest, Set<String> required, int min, int max) {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Properties whose names are of the set hold this. */
  record KeyClass(ByteDfa keys, Formula value) {}

  static ObjectSet any(ByteDfa allStrings) {
    return new ObjectSet(
        Map.of(), List.of(new KeyClass(allStrings, Formula.TRUE)), Set.of(), 0, UNBOUNDED);
  }

  /** What a property of this name may hold. */
  Formula at(String name) {
    Formula known = named.get(name);
    if (known != null) {
      return known;
    }
    for (KeyClass other : rest) {
      if (other.keys().matches(name)) {
        return other.value();
      }
    }
    return Formula.FALSE;
  }

  ObjectSet withBounds(int least, int most) {
    return new ObjectSet(named, rest, required, Math.max(min, least), Math.min(max, most));
  }

  ObjectSet requiring(Collection<String> names) {
    Set<String> all = new LinkedHashSet<>(required);
    all.addAll(names);
    return new ObjectSet(named, rest, all, min, max);
  }

  /** With a further condition on one property. */
  ObjectSet with(String name, Formula value, DfaAlgebra sets) {
    Map<String, Formula> properties = new LinkedHashMap<>(named);
    properties.put(name, Formula.and(at(name), value));
    return new ObjectSet(properties, without(rest, List.of(name), sets), required, min, max);
  }

  private static List<KeyClass> without(
      List<KeyClass> classes, Collection<String> names, DfaAlgebra sets) {
    ByteDfa taken = sets.literals(names);
    List<KeyClass> left = new ArrayList<>();
    for (KeyClass keyClass : classes) {
      ByteDfa keys = sets.difference(keyClass.keys(), taken);
      if (!keys.isEmpty()) {
        left.add(new KeyClass(keys, keyClass.value()));
      }
    }
    return left;
  }

  ObjectSet and(ObjectSet other, DfaAlgebra sets) {
    Map<String, Formula> properties = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      properties.put(name, Formula.and(at(name), other.at(name)));
    }
    for (String name : other.named.keySet()) {
      properties.computeIfAbsent(name, n -> Formula.and(at(n), other.at(n)));
    }
    List<KeyClass> classes = new ArrayList<>();
    for (KeyClass left : rest) {
      for (KeyClass right : other.rest) {
        ByteDfa keys = sets.intersection(left.keys(), right.keys());
        if (!keys.isEmpty()) {
          classes.add(new KeyClass(keys, Formula.and(left.value(), right.value())));
        }
      }
    }
    Budget.limit("classes of property names", classes.size(), 64);
    Set<String> all = new LinkedHashSet<>(required);
    all.addAll(other.required);
    return new ObjectSet(
        properties,
        without(classes, properties.keySet(), sets),
        all,
        Math.max(min, other.min),
        Math.min(max, other.max));
  }

  /** Whether it is plain that there is no such object. */
  boolean plainlyEmpty() {
    if (min > max || required.size() > max) {
      return true;
    }
    for (String name : required) {
      if (at(name).equals(Formula.FALSE)) {
        return true;
      }
    }
    return false;
  }
}
