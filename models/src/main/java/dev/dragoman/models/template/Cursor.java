package dev.dragoman.models.template;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Goes through values, computing each only when it is asked for, as Python's iterators do. */
@FunctionalInterface
interface Cursor {
  /** The next value, or null at the end. */
  @Nullable Value next();

  static Cursor over(Iterable<? extends Value> values) {
    Iterator<? extends Value> iterator = values.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }
}
