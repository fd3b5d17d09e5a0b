package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Comparison;
import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Callable;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Undefined;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** What can stand behind {@code is}. */
final class Tests {
  private static final Set<String> COMPARISONS =
      Set.of(
          "==",
          "eq",
          "equalto",
          "!=",
          "ne",
          ">",
          "gt",
          "greaterthan",
          ">=",
          "ge",
          "<",
          "lt",
          "lessthan",
          "<=",
          "le",
          "in");
  private static final Set<String> PLAIN =
      Set.of(
          "boolean",
          "callable",
          "defined",
          "divisibleby",
          "escaped",
          "even",
          "false",
          "filter",
          "float",
          "integer",
          "iterable",
          "lower",
          "mapping",
          "none",
          "number",
          "odd",
          "sameas",
          "sequence",
          "string",
          "test",
          "true",
          "undefined",
          "upper");

  /** The names of all tests. */
  static final Set<String> NAMES = all();

  private Tests() {}

  private static Set<String> all() {
    Set<String> names = new TreeSet<>(COMPARISONS);
    names.addAll(PLAIN);
    return names;
  }

  static boolean test(String name, Value value, Args args, Budget budget) {
    if (COMPARISONS.contains(name)) {
      Value other = args.bind(name, "b").get("b");
      return Comparisons.test(comparison(name), value, other, budget);
    }
    return switch (name) {
      case "divisibleby" -> remainder(value, args.bind(name, "num").get("num"), budget) == 0;
      case "sameas" -> same(value, args.bind(name, "other").get("other"));
      default -> {
        boolean result = plain(name, value, budget);
        args.bind(name);
        yield result;
      }
    };
  }

  private static Comparison comparison(String name) {
    return switch (name) {
      case "==", "eq", "equalto" -> Comparison.EQ;
      case "!=", "ne" -> Comparison.NE;
      case ">", "gt", "greaterthan" -> Comparison.GT;
      case ">=", "ge" -> Comparison.GE;
      case "<", "lt", "lessthan" -> Comparison.LT;
      case "<=", "le" -> Comparison.LE;
      default -> Comparison.IN;
    };
  }

  private static boolean plain(String name, Value value, Budget budget) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == Value.None.NONE;
      case "boolean" -> value instanceof Bool;
      case "true" -> value == Bool.TRUE;
      case "false" -> value == Bool.FALSE;
      case "integer" -> value instanceof Int || value instanceof Value.Big;
      case "float" -> value instanceof Value.Real;
      case "number" -> value instanceof Num;
      case "string" -> value instanceof Str;
      case "escaped" -> value instanceof Str s && s.markup();
      case "mapping" -> value instanceof Value.Dict;
      case "iterable" -> Iteration.possible(value);
      case "sequence" ->
          value instanceof Value.Sequence
              || value instanceof Value.Dict
              || value instanceof Value.Range
              || value instanceof Str
              || value instanceof Undefined;
      case "callable" ->
          value instanceof Callable
              || value instanceof Undefined
              || value instanceof Value.LoopVariable;
      case "odd" -> remainder(value, new Int(2), budget) == 1;
      case "even" -> remainder(value, new Int(2), budget) == 0;
      case "lower" -> cased(value, budget, Character::isUpperCase, Character::isLowerCase);
      case "upper" -> cased(value, budget, Character::isLowerCase, Character::isUpperCase);
      case "filter" -> value instanceof Str s && Filters.NAMES.contains(s.text());
      case "test" -> value instanceof Str s && NAMES.contains(s.text());
      default -> throw TemplateFailure.unsupported("the test '%s'".formatted(name));
    };
  }

  private static boolean cased(
      Value value, Budget budget, IntPredicate without, IntPredicate with) {
    String text = Repr.str(value, budget);
    return text.codePoints().noneMatch(without) && text.codePoints().anyMatch(with);
  }

  private static double remainder(Value value, Value by, Budget budget) {
    Value rest = Arithmetic.apply(Expr.Operator.MODULO, value, by, budget);
    return rest instanceof Num number ? Numbers.real(number) : Double.NaN;
  }

  private static boolean same(Value a, Value b) {
    if (a instanceof Int x && b instanceof Int y) {
      return x.value() == y.value() && x.value() >= -5 && x.value() <= 256;
    }
    return a == b;
  }
}
