package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Comparison;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Undefined;
import java.util.List;

/** What is equal, less, or inside. */
final class Comparisons {
  private Comparisons() {}

  static boolean test(Comparison comparison, Value a, Value b, Budget budget) {
    return switch (comparison) {
      case EQ -> equal(a, b, budget);
      case NE -> !equal(a, b, budget);
      case IN -> contains(b, a, budget);
      case NOT_IN -> !contains(b, a, budget);
      case LT, LE, GT, GE -> {
        if (a instanceof Num x && b instanceof Num y && Numbers.unordered(x, y)) {
          yield false;
        }
        int order = compare(comparison, a, b, budget);
        yield switch (comparison) {
          case LT -> order < 0;
          case LE -> order <= 0;
          case GT -> order > 0;
          default -> order >= 0;
        };
      }
    };
  }

  static boolean equal(Value a, Value b, Budget budget) {
    budget.step();
    if (a == b) {
      return true;
    }
    return switch (a) {
      case Str s -> {
        if (!(b instanceof Str t)) {
          yield false;
        }
        budget.scan(Math.min(s.text().length(), t.text().length()));
        yield s.text().equals(t.text());
      }
      case Num x -> b instanceof Num y && !Numbers.unordered(x, y) && Numbers.compare(x, y) == 0;
      case Sequence s -> b instanceof Sequence t && s.type().equals(t.type()) && same(s, t, budget);
      case Dict d -> b instanceof Dict e && same(d, e, budget);
      case Undefined _ -> b instanceof Undefined;
      case Value.Range r ->
          b instanceof Value.Range q
              && r.length() == q.length()
              && (r.length() == 0 || (r.start() == q.start() && r.step() == q.step()));
      case Value.None _,
          Value.View _,
          Value.Stream _,
          Value.Namespace _,
          Value.LoopVariable _,
          Value.Callable _ ->
          false;
    };
  }

  private static boolean same(Sequence a, Sequence b, Budget budget) {
    List<Value> x = a.items();
    List<Value> y = b.items();
    if (x.size() != y.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (int i = 0; equal && i < x.size(); i++) {
      equal = equal(x.get(i), y.get(i), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean same(Dict a, Dict b, Budget budget) {
    if (a.entries().size() != b.entries().size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (var entry : a.entries().entrySet()) {
      Dict.Entry other = b.entries().get(entry.getKey());
      equal = other != null && equal(entry.getValue().value(), other.value(), budget);
      if (!equal) {
        break;
      }
    }
    budget.leave();
    return equal;
  }

  /** Negative, zero or positive; a TypeError where Python knows no order. */
  static int compare(Comparison comparison, Value a, Value b, Budget budget) {
    budget.step();
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (a instanceof Num x && b instanceof Num y) {
      return Numbers.compare(x, y);
    }
    if (a instanceof Str s && b instanceof Str t) {
      budget.scan(Math.min(s.text().length(), t.text().length()));
      return PyText.compare(s.text(), t.text());
    }
    if (a instanceof Sequence s && b instanceof Sequence t && a.type().equals(b.type())) {
      List<Value> x = s.items();
      List<Value> y = t.items();
      budget.enter();
      int order = Integer.compare(x.size(), y.size());
      for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
        if (!equal(x.get(i), y.get(i), budget)) {
          order = compare(comparison, x.get(i), y.get(i), budget);
          break;
        }
      }
      budget.leave();
      return order;
    }
    throw TemplateFailure.type(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(comparison.sign, a.type(), b.type()));
  }

  static boolean contains(Value container, Value item, Budget budget) {
    return switch (container) {
      case Str s -> {
        if (!(item instanceof Str part)) {
          throw TemplateFailure.type(
              "'in <string>' requires string as left operand, not " + item.type());
        }
        yield new Finder(part.text(), budget).next(s.text(), 0) >= 0;
      }
      case Dict dict -> dict.entries().containsKey(Keys.of(item, budget));
      case Value.None _, Value.Num _, Value.Namespace _, Value.Callable _ ->
          throw TemplateFailure.type(
              "argument of type '%s' is not iterable".formatted(container.type()));
      case Sequence _,
          Value.View _,
          Value.Range _,
          Value.Stream _,
          Undefined _,
          Value.LoopVariable _ -> {
        Cursor cursor = Iteration.over(container);
        for (Value next = cursor.next(); next != null; next = cursor.next()) {
          if (equal(next, item, budget)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
