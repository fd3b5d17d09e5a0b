package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;
import dev.dragoman.models.template.Value.Big;
import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Real;
import dev.dragoman.models.template.Value.Whole;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Python's numbers: whole ones without a border (up to 4,096 bits here), and doubles. */
final class Numbers {
  private static final int MAX_BITS = 4096;

  private Numbers() {}

  static Whole of(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return new Int(value.longValue());
    }
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateFailure(Kind.LIMIT, "a number of more than %,d bits".formatted(MAX_BITS));
    }
    return new Big(value);
  }

  /** The number as a long, if it is whole and fits. */
  static @Nullable Long fitting(Value value) {
    return switch (value) {
      case Int i -> i.value();
      case Bool b -> (long) b.ordinal();
      default -> null;
    };
  }

  static double real(Num value) {
    return switch (value) {
      case Real r -> r.value();
      case Int i -> i.value();
      case Bool b -> b.ordinal();
      case Big b -> {
        double converted = b.big().doubleValue();
        if (Double.isInfinite(converted)) {
          throw new TemplateFailure(Kind.OVERFLOW, "int too large to convert to float");
        }
        yield converted;
      }
    };
  }

  static int compare(Num a, Num b) {
    if (a instanceof Whole x && b instanceof Whole y) {
      return x instanceof Int i && y instanceof Int j
          ? Long.compare(i.value(), j.value())
          : x.big().compareTo(y.big());
    }
    double x = a instanceof Real r ? r.value() : Double.NaN;
    double y = b instanceof Real r ? r.value() : Double.NaN;
    boolean special =
        (a instanceof Real && !Double.isFinite(x)) || (b instanceof Real && !Double.isFinite(y));
    return special ? Double.compare(real(a), real(b)) : exact(a).compareTo(exact(b));
  }

  /** Whether one of them is no number at all, so that every comparison is false. */
  static boolean unordered(Num a, Num b) {
    return (a instanceof Real x && Double.isNaN(x.value()))
        || (b instanceof Real y && Double.isNaN(y.value()));
  }

  private static BigDecimal exact(Num value) {
    return switch (value) {
      case Real r -> new BigDecimal(r.value());
      case Whole w -> new BigDecimal(w.big());
    };
  }

  static Num add(Num a, Num b) {
    if (a instanceof Whole x && b instanceof Whole y) {
      if (x instanceof Int i && y instanceof Int j) {
        long sum = i.value() + j.value();
        if (((i.value() ^ sum) & (j.value() ^ sum)) >= 0) {
          return new Int(sum);
        }
      }
      return of(x.big().add(y.big()));
    }
    return new Real(real(a) + real(b));
  }

  static Num negate(Num a) {
    return switch (a) {
      case Real r -> new Real(-r.value());
      case Whole w -> of(w.big().negate());
    };
  }

  static Num subtract(Num a, Num b) {
    return a instanceof Whole && b instanceof Whole
        ? add(a, negate(b))
        : new Real(real(a) - real(b));
  }

  static Num multiply(Num a, Num b) {
    return a instanceof Whole x && b instanceof Whole y
        ? of(x.big().multiply(y.big()))
        : new Real(real(a) * real(b));
  }

  static Num divide(Num a, Num b) {
    if (!b.truth()) {
      boolean whole = a instanceof Whole && b instanceof Whole;
      throw division(whole ? "division by zero" : "float division by zero");
    }
    return new Real(real(a) / real(b));
  }

  static Num floorDivide(Num a, Num b) {
    if (a instanceof Whole x && b instanceof Whole y) {
      if (!y.truth()) {
        throw division("integer division or modulo by zero");
      }
      BigInteger[] parts = x.big().divideAndRemainder(y.big());
      boolean down = parts[1].signum() != 0 && parts[1].signum() != y.big().signum();
      return of(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }
    if (!b.truth()) {
      throw division("float floor division by zero");
    }
    return new Real(Math.floor(real(a) / real(b)));
  }

  static Num modulo(Num a, Num b) {
    if (a instanceof Whole x && b instanceof Whole y) {
      if (!y.truth()) {
        throw division("integer modulo by zero");
      }
      BigInteger rest = x.big().remainder(y.big());
      boolean other = rest.signum() != 0 && rest.signum() != y.big().signum();
      return of(other ? rest.add(y.big()) : rest);
    }
    double by = real(b);
    if (by == 0) {
      throw division("float modulo");
    }
    double rest = real(a) % by;
    return new Real(rest != 0 && (rest < 0) != (by < 0) ? rest + by : rest);
  }

  static Num power(Num a, Num b) {
    if (a instanceof Whole x && b instanceof Whole y && y.big().signum() >= 0) {
      boolean huge = y.big().bitLength() > 31;
      long bits = Math.max(x.big().bitLength() - 1L, 0) * (huge ? MAX_BITS : y.big().intValue());
      if (bits > MAX_BITS || (huge && bits > 0)) {
        throw new TemplateFailure(Kind.LIMIT, "a number of more than %,d bits".formatted(MAX_BITS));
      }
      // with a huge exponent the base is 0, 1 or -1: what counts is whether it is even
      int exponent = huge ? (y.big().testBit(0) ? 3 : 2) : y.big().intValue();
      return of(x.big().pow(exponent));
    }
    if (!a.truth() && real(b) < 0) {
      throw division("0.0 cannot be raised to a negative power");
    }
    double result = Math.pow(real(a), real(b));
    if (Double.isNaN(result) && !Double.isNaN(real(a))) {
      throw TemplateFailure.unsupported("a root of a negative number");
    }
    return new Real(result);
  }

  private static TemplateFailure division(String detail) {
    return new TemplateFailure(Kind.DIVISION, detail);
  }

  /** Rounds to decimals, halves to the even neighbour, as exactly as the number itself is. */
  static double round(double value, int decimals, RoundingMode mode) {
    if (!Double.isFinite(value) || decimals > 330) {
      return value;
    }
    return decimals < -330 ? 0 : new BigDecimal(value).setScale(decimals, mode).doubleValue();
  }

  /** The shortest decimal number that reads as this double again. */
  static String print(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = shortest.unscaledValue().abs().toString();
    String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%c%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.charAt(0),
            rest,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}
