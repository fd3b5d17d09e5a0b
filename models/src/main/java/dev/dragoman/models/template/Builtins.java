package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;
import java.util.List;

/** {@code range}, which Jinja's sandbox keeps below 100,000 numbers. */
final class Builtins {
  private static final int MAX_RANGE = 100_000;

  private Builtins() {}

  static Value.Range range(Args args) {
    List<Value> given = args.positional();
    if (!args.named().isEmpty()) {
      throw TemplateFailure.type("range() takes no keyword arguments");
    }
    if (given.isEmpty() || given.size() > 3) {
      throw TemplateFailure.type("range expected 1 to 3 arguments, got %d".formatted(given.size()));
    }
    long start = given.size() == 1 ? 0 : number(given.get(0));
    long stop = number(given.get(given.size() == 1 ? 0 : 1));
    long step = given.size() == 3 ? number(given.get(2)) : 1;
    if (step == 0) {
      throw TemplateFailure.value("range() arg 3 must not be zero");
    }
    long distance = step > 0 ? stop - start : start - stop;
    long length = distance <= 0 ? 0 : (distance - 1) / Math.abs(step) + 1;
    if (length > MAX_RANGE) {
      throw new TemplateFailure(
          Kind.OVERFLOW,
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d)."
              .formatted(MAX_RANGE));
    }
    return new Value.Range(start, stop, step, (int) length);
  }

  private static long number(Value value) {
    if (value instanceof Value.Undefined undefined) {
      throw undefined.failure();
    }
    Long number = Numbers.fitting(value);
    if (number == null || Math.abs(number) > Integer.MAX_VALUE) {
      throw TemplateFailure.type(
          "'%s' object cannot be interpreted as an integer".formatted(value.type()));
    }
    return number;
  }
}
