package dev.dragoman.models.generate.constrain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of JSON values, by type.
 *
 * @param numbers as decimal texts
 * @param strings as UTF-8
 * @param arrays any of these
 * @param objects any of these
 * @param narrowed why the set of strings may be smaller than the schema's, or null where it is
 *     exact; such a set must not be complemented
 */
record ValueSet(
    boolean hasNull,
    boolean hasTrue,
    boolean hasFalse,
    ByteDfa numbers,
    ByteDfa strings,
    List<ArraySet> arrays,
    List<ObjectSet> objects,
    @Nullable String narrowed) {

  ValueSet withNumbers(ByteDfa set) {
    return new ValueSet(hasNull, hasTrue, hasFalse, set, strings, arrays, objects, narrowed);
  }

  ValueSet withStrings(ByteDfa set, @Nullable String why) {
    return new ValueSet(hasNull, hasTrue, hasFalse, numbers, set, arrays, objects, why);
  }

  ValueSet withArrays(List<ArraySet> set) {
    return new ValueSet(hasNull, hasTrue, hasFalse, numbers, strings, set, objects, narrowed);
  }

  ValueSet withObjects(List<ObjectSet> set) {
    return new ValueSet(hasNull, hasTrue, hasFalse, numbers, strings, arrays, set, narrowed);
  }
}
