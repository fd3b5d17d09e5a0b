package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Operator;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import dev.dragoman.models.template.Value.Undefined;
import dev.dragoman.models.template.Value.Whole;
import java.util.ArrayList;
import java.util.List;

/** What the signs between two values do. */
final class Arithmetic {
  private Arithmetic() {}

  static Value apply(Operator operator, Value a, Value b, Budget budget) {
    if (a instanceof Num x && b instanceof Num y) {
      return switch (operator) {
        case ADD -> Numbers.add(x, y);
        case SUBTRACT -> Numbers.subtract(x, y);
        case MULTIPLY -> Numbers.multiply(x, y);
        case DIVIDE -> Numbers.divide(x, y);
        case FLOOR_DIVIDE -> Numbers.floorDivide(x, y);
        case MODULO -> Numbers.modulo(x, y);
        case POWER -> Numbers.power(x, y);
      };
    }
    if (a instanceof Str format && operator == Operator.MODULO) {
      return new Str(Formatting.percent(format, b, budget), format.markup());
    }
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return switch (operator) {
      case ADD -> add(a, b, budget);
      case MULTIPLY -> multiply(a, b, budget);
      case SUBTRACT, DIVIDE, FLOOR_DIVIDE, MODULO, POWER -> throw unsupported(operator, a, b);
    };
  }

  private static Value add(Value a, Value b, Budget budget) {
    if (a instanceof Str x && b instanceof Str y) {
      return concatenate(x, y, budget);
    }
    if (a instanceof Sequence x && b instanceof Sequence y && a.type().equals(b.type())) {
      List<Value> items = new ArrayList<>(x.items().size() + y.items().size());
      budget.items((long) x.items().size() + y.items().size());
      items.addAll(x.items());
      items.addAll(y.items());
      return a instanceof Lst ? new Lst(items) : new Tuple(items);
    }
    if (a instanceof Sequence || a instanceof Str) {
      String type = a instanceof Str ? "str" : a.type();
      throw TemplateFailure.type(
          "can only concatenate %s (not \"%s\") to %s".formatted(type, b.type(), type));
    }
    throw unsupported(Operator.ADD, a, b);
  }

  private static Str concatenate(Str a, Str b, Budget budget) {
    String left = b.markup() ? Markup.escape(a, budget) : a.text();
    String right = a.markup() ? Markup.escape(b, budget) : b.text();
    budget.chars((long) left.length() + right.length());
    return new Str(left.concat(right), a.markup() || b.markup());
  }

  private static Value multiply(Value a, Value b, Budget budget) {
    Value repeated = a instanceof Str || a instanceof Sequence ? a : b;
    Value count = repeated == a ? b : a;
    if (!(repeated instanceof Str || repeated instanceof Sequence)) {
      throw unsupported(Operator.MULTIPLY, a, b);
    }
    if (!(count instanceof Whole)) {
      throw TemplateFailure.type(
          "can't multiply sequence by non-int of type '%s'".formatted(count.type()));
    }
    Long fitting = Numbers.fitting(count);
    long times = Math.clamp(fitting == null ? Integer.MAX_VALUE : fitting, 0, Integer.MAX_VALUE);
    if (repeated instanceof Str s) {
      budget.chars(s.text().length() * times);
      return new Str(s.text().repeat(s.text().isEmpty() ? 0 : (int) times), s.markup());
    }
    List<Value> items = ((Sequence) repeated).items();
    budget.items(items.size() * times);
    List<Value> all = new ArrayList<>((int) (items.size() * times));
    for (long i = 0; i < times && !items.isEmpty(); i++) {
      all.addAll(items);
    }
    return repeated instanceof Lst ? new Lst(all) : new Tuple(all);
  }

  static Value sign(boolean negative, Value value) {
    if (value instanceof Num number) {
      return negative
          ? Numbers.negate(number)
          : number instanceof Value.Bool b ? Numbers.of(b.big()) : number;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw TemplateFailure.type(
        "bad operand type for unary %s: '%s'".formatted(negative ? "-" : "+", value.type()));
  }

  private static TemplateFailure unsupported(Operator operator, Value a, Value b) {
    return TemplateFailure.type(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(
                operator == Operator.POWER ? "** or pow()" : operator.sign, a.type(), b.type()));
  }
}
