package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Comparison;
import dev.dragoman.models.template.TemplateFailure.Kind;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Stream;
import dev.dragoman.models.template.Value.Tuple;
import dev.dragoman.models.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters of lists. Those that are generators in Jinja compute an item when it is asked for. */
final class ListFilters {
  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("batch", ListFilters::batch),
          Map.entry("count", (in, args, b) -> length(in, args)),
          Map.entry("dictsort", ListFilters::dictSort),
          Map.entry("first", ListFilters::first),
          Map.entry("items", ListFilters::items),
          Map.entry("join", ListFilters::join),
          Map.entry("last", ListFilters::last),
          Map.entry("length", (in, args, b) -> length(in, args)),
          Map.entry("list", ListFilters::list),
          Map.entry("map", ListFilters::map),
          Map.entry("max", (in, args, b) -> extreme(in, args, b, Comparison.GT)),
          Map.entry("min", (in, args, b) -> extreme(in, args, b, Comparison.LT)),
          Map.entry("reject", (in, args, b) -> select(in, args, b, false, false)),
          Map.entry("rejectattr", (in, args, b) -> select(in, args, b, false, true)),
          Map.entry("reverse", ListFilters::reverse),
          Map.entry("select", (in, args, b) -> select(in, args, b, true, false)),
          Map.entry("selectattr", (in, args, b) -> select(in, args, b, true, true)),
          Map.entry("slice", ListFilters::slice),
          Map.entry("sort", ListFilters::sort),
          Map.entry("sum", ListFilters::sum),
          Map.entry("unique", ListFilters::unique));

  private ListFilters() {}

  /** A generator: nothing happens before the first item is asked for. */
  private static Stream generator(Supplier<Cursor> start) {
    Cursor[] cursor = {null};
    return new Stream(
        "generator",
        () -> {
          if (cursor[0] == null) {
            cursor[0] = start.get();
          }
          return cursor[0].next();
        });
  }

  private static Value length(Value input, Args args) {
    args.bind("length");
    return new Int(Iteration.len(input));
  }

  private static Value list(Value input, Args args, Budget budget) {
    args.bind("list");
    return new Lst(Iteration.list(input, budget));
  }

  private static Value first(Value input, Args args, Budget budget) {
    args.bind("first");
    Value first = Iteration.over(input).next();
    return first != null ? first : Undefined.hint("No first item, sequence was empty.");
  }

  private static Value last(Value input, Args args, Budget budget) {
    args.bind("last");
    Cursor cursor = Iteration.reversed(input, budget);
    if (cursor == null) {
      throw TemplateFailure.type("'%s' object is not reversible".formatted(input.type()));
    }
    Value last = cursor.next();
    return last != null ? last : Undefined.hint("No last item, sequence was empty.");
  }

  private static Value reverse(Value input, Args args, Budget budget) {
    args.bind("reverse");
    if (input instanceof Str s) {
      budget.chars(s.text().length());
      return new Str(new StringBuilder(s.text()).reverse().toString(), s.markup());
    }
    Cursor cursor = Iteration.reversed(input, budget);
    if (cursor != null) {
      return new Stream(input instanceof Lst ? "list_reverseiterator" : "reversed", cursor);
    }
    if (!Iteration.possible(input)) {
      throw new TemplateFailure(Kind.ARGUMENT, "argument must be iterable");
    }
    return new Lst(Iteration.list(input, budget).reversed());
  }

  private static Value items(Value input, Args args, Budget budget) {
    args.bind("items");
    return generator(() ->
        switch (input) {
          case Undefined _ -> () -> null;
          case Dict dict ->
              Cursor.over(Iteration.list(new Value.View(Value.View.Part.ITEMS, dict), budget));
          default -> throw TemplateFailure.type("Can only get item pairs from a mapping.");
        });
  }

  private static Value join(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("join", "d", "attribute");
    Value given = bound.find("d");
    String separator = given == null ? "" : Repr.str(given, budget);
    UnaryOperator<Value> getter = getter(bound, null, budget);
    StringBuilder out = new StringBuilder();
    Cursor cursor = Iteration.over(input);
    boolean first = true;
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      String text = Repr.str(getter.apply(item), budget);
      budget.chars((long) text.length() + separator.length());
      out.append(first ? "" : separator).append(text);
      first = false;
    }
    return new Str(out.toString());
  }

  /** What takes the attribute out of an item, or the item itself if none is named. */
  private static UnaryOperator<Value> getter(
      Args.Bound bound, @Nullable Value standard, Budget budget) {
    return getter(bound.orNone("attribute"), standard, budget);
  }

  private static UnaryOperator<Value> getter(
      Value attribute, @Nullable Value standard, Budget budget) {
    List<Value> path = Filters.path(attribute);
    return item -> {
      Value value = item;
      for (Value part : path) {
        value = Access.item(value, part, budget);
        if (standard != null && standard != Value.None.NONE && value instanceof Undefined) {
          value = standard;
        }
      }
      return value;
    };
  }

  private static UnaryOperator<Value> caseless(UnaryOperator<Value> getter, boolean sensitive) {
    return sensitive
        ? getter
        : item -> {
          Value value = getter.apply(item);
          return value instanceof Str s ? new Str(PyText.lower(s.text())) : value;
        };
  }

  private static Value map(Value input, Args args, Budget budget) {
    return generator(() -> {
      if (!input.truth()) {
        return () -> null;
      }
      UnaryOperator<Value> function = mapper(args, budget);
      Cursor cursor = Iteration.over(input);
      return () -> {
        budget.step();
        Value item = cursor.next();
        return item == null ? null : function.apply(item);
      };
    });
  }

  private static UnaryOperator<Value> mapper(Args args, Budget budget) {
    if (args.positional().isEmpty() && args.named().containsKey("attribute")) {
      Args.Bound bound = args.bind("map", "attribute", "default");
      return getter(bound, bound.find("default"), budget);
    }
    if (args.positional().isEmpty()) {
      throw new TemplateFailure(Kind.ARGUMENT, "map requires a filter argument");
    }
    String name = Repr.str(args.positional().getFirst(), budget);
    Args rest = new Args(args.positional().subList(1, args.positional().size()), args.named());
    return item -> Filters.apply(name, item, rest, budget);
  }

  private static Value select(
      Value input, Args args, Budget budget, boolean keep, boolean attribute) {
    return generator(() -> {
      if (!input.truth()) {
        return () -> null;
      }
      Predicate<Value> test = predicate(args, attribute, budget);
      Cursor cursor = Iteration.over(input);
      return () -> {
        budget.step();
        Value item = cursor.next();
        while (item != null && test.test(item) != keep) {
          budget.step();
          item = cursor.next();
        }
        return item;
      };
    });
  }

  private static Predicate<Value> predicate(Args args, boolean attribute, Budget budget) {
    List<Value> given = args.positional();
    if (attribute && given.isEmpty()) {
      throw new TemplateFailure(Kind.ARGUMENT, "Missing parameter for attribute name");
    }
    UnaryOperator<Value> getter =
        attribute ? getter(given.getFirst(), null, budget) : UnaryOperator.identity();
    int at = attribute ? 1 : 0;
    if (given.size() <= at) {
      return item -> getter.apply(item).truth();
    }
    String name = Repr.str(given.get(at), budget);
    Args rest = new Args(given.subList(at + 1, given.size()), args.named());
    return item -> Tests.test(name, getter.apply(item), rest, budget);
  }

  private static Value unique(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("unique", "case_sensitive", "attribute");
    UnaryOperator<Value> key = caseless(getter(bound, null, budget), bound.flag("case_sensitive"));
    return generator(() -> {
      Set<Object> seen = new HashSet<>();
      Cursor cursor = Iteration.over(input);
      return () -> {
        Value item = cursor.next();
        while (item != null && !seen.add(Keys.of(key.apply(item), budget))) {
          item = cursor.next();
        }
        budget.items(1);
        return item;
      };
    });
  }

  private static Comparator<Value> order(UnaryOperator<Value> key, boolean reverse, Budget budget) {
    Comparator<Value> order =
        (a, b) -> Comparisons.compare(Comparison.LT, key.apply(a), key.apply(b), budget);
    return reverse ? order.reversed() : order;
  }

  private static Value sort(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("sort", "reverse", "case_sensitive", "attribute");
    List<UnaryOperator<Value>> keys = new ArrayList<>();
    Value attribute = bound.orNone("attribute");
    if (attribute instanceof Str s) {
      for (String part : s.text().split(",", -1)) {
        keys.add(getter(new Str(part), null, budget));
      }
    } else {
      keys.add(getter(attribute, null, budget));
    }
    UnaryOperator<Value> key =
        item -> {
          List<Value> parts = new ArrayList<>(keys.size());
          for (UnaryOperator<Value> getter : keys) {
            parts.add(caseless(getter, bound.flag("case_sensitive")).apply(item));
          }
          return new Lst(parts);
        };
    List<Value> items = Iteration.list(input, budget);
    items.sort(order(key, bound.flag("reverse"), budget));
    return new Lst(items);
  }

  private static Value dictSort(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.text("by");
    if (by != null && !by.equals("key") && !by.equals("value")) {
      throw new TemplateFailure(Kind.ARGUMENT, "You can only sort by either \"key\" or \"value\"");
    }
    int position = "value".equals(by) ? 1 : 0;
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(input instanceof Dict dict)) {
      throw TemplateFailure.type("'%s' object has no attribute 'items'".formatted(input.type()));
    }
    UnaryOperator<Value> key =
        caseless(pair -> ((Tuple) pair).items().get(position), bound.flag("case_sensitive"));
    List<Value> pairs = Iteration.list(new Value.View(Value.View.Part.ITEMS, dict), budget);
    pairs.sort(order(key, bound.flag("reverse"), budget));
    return new Lst(pairs);
  }

  private static Value extreme(Value input, Args args, Budget budget, Comparison better) {
    Args.Bound bound =
        args.bind(better == Comparison.GT ? "max" : "min", "case_sensitive", "attribute");
    UnaryOperator<Value> key = caseless(getter(bound, null, budget), bound.flag("case_sensitive"));
    Cursor cursor = Iteration.over(input);
    Value best = cursor.next();
    if (best == null) {
      return Undefined.hint("No aggregated item, sequence was empty.");
    }
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      if (Comparisons.test(better, key.apply(item), key.apply(best), budget)) {
        best = item;
      }
    }
    return best;
  }

  private static Value sum(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("sum", "attribute", "start");
    UnaryOperator<Value> getter = getter(bound, null, budget);
    Value total = bound.has("start") ? bound.get("start") : new Int(0);
    if (total instanceof Str) {
      throw TemplateFailure.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Cursor cursor = Iteration.over(input);
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      budget.step();
      total = Arithmetic.apply(Expr.Operator.ADD, total, getter.apply(item), budget);
    }
    return total;
  }

  private static Value batch(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("batch", "linecount", "fill_with");
    int size = bound.number("linecount", 0);
    Value fill = bound.orNone("fill_with");
    return generator(() -> {
      Cursor cursor = Iteration.over(input);
      return () -> {
        List<Value> row = new ArrayList<>();
        for (Value item = null; row.size() < Math.max(size, 1); row.add(item)) {
          item = cursor.next();
          if (item == null) {
            break;
          }
          budget.items(1);
        }
        if (row.isEmpty()) {
          return null;
        }
        while (fill != Value.None.NONE && row.size() < size) {
          budget.items(1);
          row.add(fill);
        }
        return new Lst(row);
      };
    });
  }

  private static Value slice(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("slice", "slices", "fill_with");
    int slices = bound.number("slices", 0);
    if (slices <= 0) {
      throw new TemplateFailure(Kind.DIVISION, "integer division or modulo by zero");
    }
    Value fill = bound.orNone("fill_with");
    List<Value> all = Iteration.list(input, budget);
    int size = all.size() / slices;
    int longer = all.size() % slices;
    int[] state = {0, 0};
    return generator(() ->
        () -> {
          if (state[0] == slices) {
            return null;
          }
          budget.items(1);
          int end = state[1] + size + (state[0] < longer ? 1 : 0);
          List<Value> part = new ArrayList<>(all.subList(state[1], end));
          if (fill != Value.None.NONE && state[0] >= longer) {
            part.add(fill);
          }
          state[0]++;
          state[1] = end;
          return new Lst(part);
        });
  }
}
