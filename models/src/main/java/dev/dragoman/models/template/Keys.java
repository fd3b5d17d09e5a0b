package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Big;
import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Real;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Keys of dictionaries and sets: objects that are equal exactly if the values are. */
final class Keys {
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Keys() {}

  /** The key that stands for a value, or a TypeError if it cannot be a key. */
  static Object of(Value value, Budget budget) {
    budget.step();
    return switch (value) {
      case Str s -> s.text();
      case Bool b -> (long) b.ordinal();
      case Int i -> i.value();
      case Big b -> b.big();
      case Real r -> real(r.value());
      case Tuple t -> {
        budget.enter();
        List<Object> parts = new ArrayList<>();
        for (Value item : t.items()) {
          budget.items(1);
          parts.add(of(item, budget));
        }
        budget.leave();
        yield parts;
      }
      case Value.Lst _, Value.Dict _ ->
          throw TemplateFailure.type("unhashable type: '%s'".formatted(value.type()));
      case Value.Undefined _ -> Value.Undefined.MISSING;
      case Value.None none -> none;
      case Value.View _,
          Value.Range _,
          Value.Stream _,
          Value.Namespace _,
          Value.LoopVariable _,
          Value.Callable _ ->
          new Identity(value);
    };
  }

  private static Object real(double value) {
    if (value != Math.rint(value) || Double.isInfinite(value)) {
      return value;
    }
    BigInteger whole = new BigDecimal(value).toBigInteger();
    boolean fits = whole.compareTo(MIN) >= 0 && whole.compareTo(MAX) <= 0;
    return fits ? (Object) whole.longValue() : whole;
  }

  /** A key that is equal to itself only. */
  private static final class Identity {
    private final Value value;

    Identity(Value value) {
      this.value = value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Identity i && i.value == value;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(value);
    }
  }
}
