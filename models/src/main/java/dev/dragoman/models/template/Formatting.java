package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import dev.dragoman.models.template.Value.Undefined;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text with places to fill in: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class Formatting {
  private static final Pattern PERCENT =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\d{1,9})?(?:\\.(\\d{0,9}))?[hlL]?(.)?", Pattern.DOTALL);
  private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

  private final Budget budget;
  private final boolean markup;
  private final StringBuilder out = new StringBuilder();
  private int next;

  private Formatting(Str format, Budget budget) {
    this.budget = budget;
    markup = format.markup();
  }

  static String percent(Str format, Value values, Budget budget) {
    Formatting formatting = new Formatting(format, budget);
    return formatting.percent(format.text(), values);
  }

  private String percent(String format, Value values) {
    List<Value> items = values instanceof Tuple tuple ? tuple.items() : List.of(values);
    budget.chars(format.length());
    Matcher m = PERCENT.matcher(format);
    int done = 0;
    for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', done)) {
      out.append(format, done, at);
      m.region(at, format.length());
      if (!m.lookingAt() || m.group(5) == null) {
        throw TemplateFailure.value("incomplete format");
      }
      done = m.end();
      if (m.group(5).equals("%")) {
        out.append('%');
        continue;
      }
      Value value;
      if (m.group(1) != null) {
        if (!(values instanceof Dict dict)) {
          throw TemplateFailure.type("format requires a mapping");
        }
        Value found = dict.get(m.group(1));
        if (found == null) {
          throw TemplateFailure.value("no value for '%s'".formatted(m.group(1)));
        }
        value = found;
        next = items.size();
      } else if (next < items.size()) {
        value = items.get(next++);
      } else {
        throw TemplateFailure.type("not enough arguments for format string");
      }
      add(percent(value, m));
    }
    boolean mapping =
        values instanceof Dict || values instanceof Lst || values instanceof Undefined;
    if (next < items.size() && !mapping) {
      throw TemplateFailure.type("not all arguments converted during string formatting");
    }
    return out.append(format, done, format.length()).toString();
  }

  private void add(String text) {
    budget.chars(text.length());
    out.append(text);
  }

  private String percent(Value value, Matcher m) {
    String flags = m.group(2);
    char type = m.group(5).charAt(0);
    boolean left = flags.contains("-");
    boolean zero = flags.contains("0") && !left && "sracC".indexOf(type) < 0;
    String precision = m.group(4);
    int digits = precision == null ? -1 : precision.isEmpty() ? 0 : Integer.parseInt(precision);
    char kind = type == 'i' || type == 'u' ? 'd' : type;
    boolean text = "sra".indexOf(kind) >= 0;
    Spec spec =
        new Spec(
            zero ? "0" : " ",
            left ? '<' : zero ? '=' : '>',
            flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : (char) 0,
            flags.contains("#"),
            m.group(3) == null ? 0 : Integer.parseInt(m.group(3)),
            (char) 0,
            digits,
            text ? 's' : kind);
    if (text) {
      return spec.text(kind == 's' ? shown(value) : Repr.repr(value, budget), budget);
    }
    if (kind == 'c' && value instanceof Str s && PyText.length(s.text()) == 1) {
      return s.text();
    }
    if ("dxXoceEfFgG".indexOf(kind) < 0) {
      throw TemplateFailure.value("unsupported format character '%c'".formatted(kind));
    }
    if (!(value instanceof Num number)) {
      throw TemplateFailure.type(
          "%%%c format: a real number is required, not %s".formatted(kind, value.type()));
    }
    boolean whole = kind == 'd' && number instanceof Value.Real;
    return spec.number(whole ? truncate(number) : number, budget);
  }

  static Num truncate(Num number) {
    if (!(number instanceof Value.Real real)) {
      return number;
    }
    if (!Double.isFinite(real.value())) {
      throw new TemplateFailure(
          TemplateFailure.Kind.OVERFLOW, "cannot convert float infinity or NaN to integer");
    }
    return Numbers.of(new BigDecimal(real.value()).setScale(0, RoundingMode.DOWN).toBigInteger());
  }

  private String shown(Value value) {
    String text = Repr.str(value, budget);
    return markup && !(value instanceof Str s && s.markup()) ? Markup.escape(text, budget) : text;
  }

  static String format(Str format, Args args, Budget budget) {
    return new Formatting(format, budget).format(format.text(), args);
  }

  private String format(String format, Args args) {
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      if ((c == '{' || c == '}') && i + 1 < format.length() && format.charAt(i + 1) == c) {
        out.append(c);
        i += 2;
      } else if (c == '{') {
        int end = format.indexOf('}', i);
        if (end < 0) {
          throw TemplateFailure.value("expected '}' before end of string");
        }
        add(replacement(format.substring(i + 1, end), args));
        i = end + 1;
      } else if (c == '}') {
        throw TemplateFailure.value("Single '}' encountered in format string");
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private String replacement(String place, Args args) {
    if (place.indexOf('{') >= 0) {
      throw TemplateFailure.unsupported("a format specification with a place in it");
    }
    int colon = place.indexOf(':');
    String spec = colon < 0 ? "" : place.substring(colon + 1);
    String field = colon < 0 ? place : place.substring(0, colon);
    int bang = field.indexOf('!');
    String conversion = bang < 0 ? "" : field.substring(bang + 1);
    Value value = field(bang < 0 ? field : field.substring(0, bang), args);
    return switch (conversion) {
      case "" -> {
        Spec parsed = Spec.parse(spec);
        yield value instanceof Num number && !(value instanceof Value.Bool && spec.isEmpty())
            ? parsed.number(number, budget)
            : parsed.text(shown(value), budget);
      }
      case "s" -> Spec.parse(spec).text(shown(value), budget);
      case "r" -> Spec.parse(spec).text(Repr.repr(value, budget), budget);
      default ->
          throw TemplateFailure.value("Unknown conversion specifier '%s'".formatted(conversion));
    };
  }

  private Value field(String path, Args args) {
    Matcher steps = STEP.matcher(path);
    int end = steps.find() ? steps.start() : path.length();
    Value value = first(path.substring(0, end), args);
    steps.region(end, path.length());
    while (steps.lookingAt()) {
      String name = steps.group(1);
      value =
          name != null
              ? Access.attribute(value, new Str(name))
              : Access.item(value, index(steps.group(2)), budget);
      steps.region(steps.end(), path.length());
    }
    return value;
  }

  private static Value index(String text) {
    return isNumber(text) ? new Value.Int(Integer.parseInt(text)) : new Str(text);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Value first(String name, Args args) {
    if (name.isEmpty() || isNumber(name)) {
      int index = name.isEmpty() ? next++ : Integer.parseInt(name);
      if (index >= args.positional().size()) {
        throw TemplateFailure.value(
            "Replacement index %d out of range for positional args tuple".formatted(index));
      }
      return args.positional().get(index);
    }
    Value value = args.named().get(name);
    if (value == null) {
      throw TemplateFailure.value("no value for '%s'".formatted(name));
    }
    return value;
  }
}
