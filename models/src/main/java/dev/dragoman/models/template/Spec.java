package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Whole;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a value is to be laid out: the format specification of Python, which the older {@code %}
 * signs are translated to.
 *
 * @param fill what to fill up with
 * @param align one of {@code <>^=}, or 0 for the type's own
 * @param sign what goes before numbers that are not negative: {@code +}, a space, or 0
 * @param alternate whether {@code 0x} and the like go first
 * @param width at least so many characters
 * @param group what separates thousands, or 0
 * @param precision digits behind the point, or characters at most; -1 if not given
 * @param type the presentation, or 0
 */
record Spec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char group,
    int precision,
    char type) {
  private static final int MAX_PRECISION = 1000;
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?",
          Pattern.DOTALL);

  static Spec parse(String text) {
    Matcher m = SYNTAX.matcher(text);
    if (!m.matches()) {
      throw TemplateFailure.value("Invalid format specifier '%s'".formatted(text));
    }
    boolean zero = m.group(5) != null;
    String given = m.group(1);
    return new Spec(
        given != null ? given : zero ? "0" : " ",
        m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : 0,
        first(m.group(3)) == '-' ? 0 : first(m.group(3)),
        m.group(4) != null,
        m.group(6) == null ? 0 : Integer.parseInt(m.group(6)),
        first(m.group(7)),
        m.group(8) == null ? -1 : Integer.parseInt(m.group(8)),
        first(m.group(9)));
  }

  private static char first(@Nullable String text) {
    return text == null ? 0 : text.charAt(0);
  }

  String text(String text, Budget budget) {
    if (type != 0 && type != 's') {
      throw unknown("str");
    }
    boolean cut = precision >= 0 && precision < PyText.length(text);
    String shown = cut ? text.substring(0, PyText.offset(text, precision)) : text;
    return pad("", shown, align == 0 ? '<' : align, budget);
  }

  String number(Num number, Budget budget) {
    if (precision > MAX_PRECISION) {
      throw new TemplateFailure(
          TemplateFailure.Kind.LIMIT, "a precision of more than %d".formatted(MAX_PRECISION));
    }
    boolean whole = number instanceof Whole && (type == 0 || "dbcoxXn".indexOf(type) >= 0);
    String digits = whole ? whole(((Whole) number).big()) : real(Numbers.real(number));
    boolean negative = digits.startsWith("-");
    String plain = negative ? digits.substring(1) : digits;
    String prefix = negative ? "-" : sign == 0 ? "" : Character.toString(sign);
    if (alternate && "xXob".indexOf(type) >= 0) {
      prefix += "0" + type;
    }
    return pad(prefix, grouped(plain), align == 0 ? '>' : align, budget);
  }

  private String whole(BigInteger value) {
    return switch (type) {
      case 0, 'd', 'n' -> value.toString();
      case 'x' -> value.toString(16);
      case 'X' -> PyText.upper(value.toString(16));
      case 'o' -> value.toString(8);
      case 'b' -> value.toString(2);
      case 'c' -> {
        if (value.signum() < 0 || value.bitLength() > 21 || value.intValue() > 0x10ffff) {
          throw new TemplateFailure(TemplateFailure.Kind.OVERFLOW, "%c arg not in range(0x110000)");
        }
        yield Character.toString(value.intValue());
      }
      default -> throw unknown("int");
    };
  }

  private String real(double value) {
    if (!Double.isFinite(value)) {
      String name = Numbers.print(value);
      return Character.isUpperCase(type) ? PyText.upper(name) : name;
    }
    int digits = precision < 0 ? 6 : precision;
    String minus = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
    BigDecimal exact = new BigDecimal(Math.abs(value));
    return minus
        + switch (type) {
          case 0 -> precision < 0 ? Numbers.print(Math.abs(value)) : general(exact, digits, 'e');
          case 'f', 'F' -> exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
          case '%' ->
              exact.movePointRight(2).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                  + "%";
          case 'e', 'E' -> scientific(exact, digits, type);
          case 'g', 'G' -> general(exact, digits, type == 'g' ? 'e' : 'E');
          default -> throw unknown("float");
        };
  }

  private static String scientific(BigDecimal value, int digits, char mark) {
    BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String shown =
        rounded.movePointLeft(exponent).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    return "%s%c%c%02d".formatted(shown, mark, exponent < 0 ? '-' : '+', Math.abs(exponent));
  }

  private String general(BigDecimal value, int digits, char mark) {
    int places = Math.max(digits, 1);
    BigDecimal rounded = value.round(new MathContext(places, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < places) {
      String shown =
          rounded
              .setScale(Math.max(places - 1 - exponent, 0), RoundingMode.HALF_EVEN)
              .toPlainString();
      return alternate ? shown : stripped(shown);
    }
    String shown = scientific(rounded, places - 1, mark);
    int split = shown.indexOf(mark);
    return (alternate ? shown.substring(0, split) : stripped(shown.substring(0, split)))
        + shown.substring(split);
  }

  private static String stripped(String number) {
    return number.indexOf('.') < 0
        ? number
        : PyText.strip(PyText.strip(number, "0", false, true), ".", false, true);
  }

  private String grouped(String digits) {
    if (group == 0) {
      return digits;
    }
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder out = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      out.insert(i, group);
    }
    return out.toString();
  }

  private String pad(String prefix, String body, char how, Budget budget) {
    int missing = width - prefix.length() - PyText.length(body);
    if (missing <= 0) {
      return prefix + body;
    }
    budget.chars(missing);
    int left =
        switch (how) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    String before = fill.repeat(left);
    String after = fill.repeat(missing - left);
    return how == '=' ? prefix + before + body + after : before + prefix + body + after;
  }

  private TemplateFailure unknown(String of) {
    return TemplateFailure.value(
        "Unknown format code '%c' for object of type '%s'".formatted(type, of));
  }
}
