package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Method;
import dev.dragoman.models.template.Value.Namespace;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Range;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import dev.dragoman.models.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Members of values. A name is first looked for among the methods that the value has in Python and
 * then among its items, an index the other way round: so {@code schema.items} of a dictionary is a
 * method even where there is an item of that name.
 */
final class Access {
  private static final Pattern DUNDER = Pattern.compile("__.*__");
  private static final Set<String> OF_STR =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "encode",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "maketrans",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "translate",
          "upper",
          "zfill");
  private static final Set<String> OF_DICT =
      Set.of("copy", "fromkeys", "get", "items", "keys", "values");
  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> OF_LIST = Set.of("copy", "count", "index");
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> OF_TUPLE = Set.of("count", "index");
  private static final Set<String> OF_INT =
      Set.of(
          "as_integer_ratio",
          "bit_count",
          "bit_length",
          "conjugate",
          "denominator",
          "from_bytes",
          "imag",
          "numerator",
          "real",
          "to_bytes");
  private static final Set<String> OF_FLOAT =
      Set.of("as_integer_ratio", "conjugate", "fromhex", "hex", "imag", "is_integer", "real");
  private static final Set<String> OF_LOOP = Set.of("cycle", "changed");

  private Access() {}

  /** {@code value.name}. */
  static Value attribute(Value value, Str name) {
    Value own = own(value, name.text());
    if (own != null) {
      return own;
    }
    Value item = value instanceof Dict dict ? dict.get(name.text()) : null;
    return item != null ? item : Undefined.member(value, name);
  }

  /** What a value has under a name, without its items; null if nothing. */
  static @Nullable Value own(Value value, String name) {
    Set<String> methods =
        switch (value) {
          case Undefined undefined -> throw undefined.failure();
          case Str _ -> OF_STR;
          case Dict _ -> OF_DICT;
          case Lst _ -> OF_LIST;
          case Tuple _ -> OF_TUPLE;
          case Value.Whole _ -> OF_INT;
          case Value.Real _ -> OF_FLOAT;
          case Value.LoopVariable _ -> OF_LOOP;
          case Namespace _, Value.None _, Value.View _, Range _, Value.Stream _, Value.Callable _ ->
              Set.of();
        };
    if (value instanceof Value.LoopVariable variable) {
      Value field = variable.loop().field(name);
      if (field != null) {
        return field;
      }
    }
    if (value instanceof Namespace namespace) {
      Value field = namespace.fields().get(name);
      if (field != null) {
        return field;
      }
    }
    if (value instanceof Value.Macro macro && name.equals("name")) {
      return new Str(macro.code().title());
    }
    if (methods.contains(name)) {
      return new Method(value, name);
    }
    boolean changes =
        (value instanceof Dict && CHANGES_DICT.contains(name))
            || (value instanceof Lst && CHANGES_LIST.contains(name));
    return changes || (name.startsWith("__") && DUNDER.matcher(name).matches())
        ? unsafe(value, name)
        : null;
  }

  private static Undefined unsafe(Value value, String name) {
    String hint =
        "access to attribute '%s' of '%s' object is unsafe.".formatted(name, value.type());
    return new Undefined(hint, value, new Str(name), true);
  }

  /** {@code value[index]}. */
  static Value item(Value value, Value index, Budget budget) {
    Value item =
        switch (value) {
          case Undefined undefined -> throw undefined.failure();
          case Dict dict -> {
            boolean hashable = !(index instanceof Lst || index instanceof Dict);
            Dict.Entry entry = hashable ? dict.entries().get(Keys.of(index, budget)) : null;
            yield entry == null ? null : entry.value();
          }
          case Sequence sequence -> {
            int at = position(index, sequence.items().size());
            yield at < 0 ? null : sequence.items().get(at);
          }
          case Range range -> {
            int at = position(index, range.length());
            yield at < 0 ? null : range.get(at);
          }
          case Str s -> character(s, index);
          case Value.None _,
              Num _,
              Value.View _,
              Value.Stream _,
              Namespace _,
              Value.LoopVariable _,
              Value.Callable _ ->
              null;
        };
    if (item == null && index instanceof Str name) {
      item = own(value, name.text());
    }
    return item != null ? item : Undefined.member(value, index);
  }

  private static @Nullable Value character(Str s, Value index) {
    String text = s.text();
    int at = position(index, PyText.length(text));
    if (at < 0) {
      return null;
    }
    int from = PyText.offset(text, at);
    return new Str(text.substring(from, text.offsetByCodePoints(from, 1)), s.markup());
  }

  /** The position that an index means, counted from the end if it is negative; -1 if none. */
  private static int position(Value index, int length) {
    Long wanted = Numbers.fitting(index);
    if (wanted == null) {
      return -1;
    }
    long at = wanted < 0 ? wanted + length : wanted;
    return at >= 0 && at < length ? (int) at : -1;
  }

  /** {@code value[from:to:step]}, the bounds being None where there are none. */
  static Value slice(Value value, Value from, Value to, Value step, Budget budget) {
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case Str s -> {
        String text = s.text();
        int length = PyText.length(text);
        Range range = bounds(from, to, step, length);
        budget.chars(range.length());
        if (range.step() == 1) {
          int start = PyText.offset(text, (int) range.start());
          int end = text.offsetByCodePoints(start, range.length());
          yield new Str(text.substring(start, end), s.markup());
        }
        int[] points = text.codePoints().toArray();
        budget.chars(points.length);
        StringBuilder out = new StringBuilder(range.length());
        for (int i = 0; i < range.length(); i++) {
          out.appendCodePoint(points[(int) range.get(i).value()]);
        }
        yield new Str(out.toString(), s.markup());
      }
      case Lst list -> new Lst(part(list.items(), from, to, step, budget));
      case Tuple tuple -> new Tuple(part(tuple.items(), from, to, step, budget));
      case Range range -> {
        Range picked = bounds(from, to, step, range.length());
        long start = range.start() + picked.start() * range.step();
        long by = range.step() * picked.step();
        yield new Range(start, start + picked.length() * by, by, picked.length());
      }
      case Dict _ -> throw TemplateFailure.type("unhashable type: 'slice'");
      case Value.None _,
          Num _,
          Value.View _,
          Value.Stream _,
          Namespace _,
          Value.LoopVariable _,
          Value.Callable _ ->
          throw TemplateFailure.type("'%s' object is not subscriptable".formatted(value.type()));
    };
  }

  private static List<Value> part(
      List<Value> items, Value from, Value to, Value step, Budget budget) {
    Range range = bounds(from, to, step, items.size());
    budget.items(range.length());
    if (range.step() == 1) {
      int start = (int) range.start();
      return List.copyOf(items.subList(start, start + range.length()));
    }
    List<Value> picked = new ArrayList<>(range.length());
    for (int i = 0; i < range.length(); i++) {
      picked.add(items.get((int) range.get(i).value()));
    }
    return picked;
  }

  private static Range bounds(Value from, Value to, Value step, int length) {
    long by = bound(step, 1);
    if (by == 0) {
      throw TemplateFailure.value("slice step cannot be zero");
    }
    by = Math.clamp(by, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    long low = by < 0 ? -1 : 0;
    long high = by < 0 ? length - 1L : length;
    long start = clamp(bound(from, by < 0 ? Long.MAX_VALUE : 0), from, low, high, length);
    long stop = clamp(bound(to, by < 0 ? -1 : Long.MAX_VALUE), to, low, high, length);
    long distance = by < 0 ? start - stop : stop - start;
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs(by) + 1);
    return new Range(Math.max(start, 0), stop, by, count);
  }

  private static long clamp(long bound, Value given, long low, long high, int length) {
    long at = bound < 0 && given != Value.None.NONE ? bound + length : bound;
    return Math.clamp(at, low, Math.max(low, high));
  }

  private static long bound(Value value, long standard) {
    if (value == Value.None.NONE) {
      return standard;
    }
    if (value instanceof Value.Big big) {
      return big.big().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    Long number = Numbers.fitting(value);
    if (number == null) {
      throw TemplateFailure.type(
          "slice indices must be integers or None or have an __index__ method");
    }
    return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** {@code namespace.field = value}. */
  static void assign(Value namespace, String field, Value value, Budget budget) {
    if (!(namespace instanceof Namespace target)) {
      throw new TemplateFailure(Kind.RUNTIME, "cannot assign attribute on non-namespace object");
    }
    checkField(field);
    if (target.fields().put(field, value) == null) {
      budget.items(1);
    }
  }

  /** Refuses fields of a namespace that start with an underscore, as transformers does. */
  static void checkField(String field) {
    if (field.startsWith("_")) {
      throw new TemplateFailure(
          Kind.SECURITY,
          ("Chat templates cannot store underscore-prefixed attributes on a namespace, but got %s."
                  + " Please rename the attribute.")
              .formatted(Repr.quote(field)));
    }
  }
}
