package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running loop. What comes is asked for as late as possible, as in Jinja. */
final class Loop {
  private final Value over;
  private final Budget budget;
  private final int depth0;
  private final @Nullable RecursiveLoop recursive;
  private Cursor cursor;
  private int index0 = -1;
  private int length = -1;
  private @Nullable Value before;
  private @Nullable Value current;
  private @Nullable Value after;
  private boolean peeked;
  private @Nullable List<Value> lastChanged;

  /** Runs the body of a recursive loop over something else. */
  interface RecursiveLoop {
    Value run(Value over, int depth0);
  }

  Loop(Value over, Cursor cursor, Budget budget, int depth0, @Nullable RecursiveLoop recursive) {
    this.over = over;
    this.cursor = cursor;
    this.budget = budget;
    this.depth0 = depth0;
    this.recursive = recursive;
  }

  @Nullable Value next() {
    Value value = peek();
    peeked = false;
    after = null;
    if (value != null) {
      index0++;
      before = current;
      current = value;
    }
    return value;
  }

  private @Nullable Value peek() {
    if (!peeked) {
      after = cursor.next();
      peeked = true;
    }
    return after;
  }

  int index0() {
    return index0;
  }

  int length() {
    if (length < 0) {
      Integer known = Iteration.length(over);
      if (known != null) {
        length = known;
      } else {
        List<Value> rest = Iteration.drain(cursor, budget);
        cursor = Cursor.over(rest);
        length = rest.size() + index0 + 1 + (peeked && after != null ? 1 : 0);
      }
    }
    return length;
  }

  /** A field of the loop variable, or null if there is none of that name. */
  @Nullable Value field(String name) {
    return switch (name) {
      case "index" -> new Value.Int(index0 + 1);
      case "index0" -> new Value.Int(index0);
      case "revindex" -> new Value.Int(length() - index0);
      case "revindex0" -> new Value.Int(length() - index0 - 1);
      case "first" -> Value.Bool.of(index0 == 0);
      case "last" -> Value.Bool.of(peek() == null);
      case "length" -> new Value.Int(length());
      case "depth" -> new Value.Int(depth0 + 1);
      case "depth0" -> new Value.Int(depth0);
      case "previtem" ->
          before == null || index0 == 0 ? Undefined.hint("there is no previous item") : before;
      case "nextitem" -> {
        Value next = peek();
        yield next == null ? Undefined.hint("there is no next item") : next;
      }
      default -> null;
    };
  }

  Value cycle(List<Value> items) {
    if (items.isEmpty()) {
      throw TemplateFailure.type("no items for cycling given");
    }
    return items.get(index0 % items.size());
  }

  Value changed(List<Value> values) {
    boolean same =
        lastChanged != null
            && Comparisons.equal(new Value.Tuple(lastChanged), new Value.Tuple(values), budget);
    lastChanged = values;
    return Value.Bool.of(!same);
  }

  Value recurse(Value inner) {
    if (recursive == null) {
      throw TemplateFailure.type(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursive.run(inner, depth0 + 1);
  }
}
