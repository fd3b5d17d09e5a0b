package dev.dragoman.models.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link StatePickle} may hold. */
sealed interface PickleValue {
  /** What says nothing about a weight: none, true, false, a real number, a type of numbers. */
  enum Plain implements PickleValue {
    VALUE
  }

  /** The functions that may be called; none runs any code here. */
  enum Function implements PickleValue {
    DICTIONARY,
    TENSOR,
    PARAMETER
  }

  /** A whole number. */
  record Whole(long value) implements PickleValue {}

  /** A text. */
  record Text(String value) implements PickleValue {}

  /** Some values. */
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** The kind of a storage: the type of its numbers. */
  record Kind(DType type) implements PickleValue {}

  /**
   * Numbers outside the pickle.
   *
   * @param key what they are called there
   * @param count how many they are
   */
  record Storage(DType type, String key, long count) implements PickleValue {}

  /**
   * A tensor in a storage. Two names can stand for the same.
   *
   * @param at where the pickle makes it
   * @param from its first number in the storage
   * @param sizes its dimensions, outermost first
   * @param strides for each dimension how many numbers further the next index is
   */
  record View(long at, Storage storage, long from, Tuple sizes, Tuple strides)
      implements PickleValue {}

  /** Values by name. It may come to hold itself. */
  final class Dictionary implements PickleValue {
    private final Map<String, PickleValue> entries = new LinkedHashMap<>();
    private final boolean ordered;

    /**
     * An empty one.
     *
     * @param ordered whether it is of the class that can have attributes
     */
    Dictionary(boolean ordered) {
      this.ordered = ordered;
    }

    boolean ordered() {
      return ordered;
    }

    Map<String, PickleValue> entries() {
      return Collections.unmodifiableMap(entries);
    }

    /** Whether the key was free. */
    boolean put(String key, PickleValue value) {
      return entries.putIfAbsent(key, value) == null;
    }
  }
}
