package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Num;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Undefined;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can stand behind a bar: filters of single values. Those of lists are apart. */
final class Filters {
  /** A filter. */
  interface Filter {
    Value apply(Value input, Args args, Budget budget);
  }

  private static final Map<String, Filter> SINGLE =
      Map.ofEntries(
          Map.entry("abs", Filters::abs),
          Map.entry("attr", Filters::attr),
          Map.entry("capitalize", (in, args, b) -> method("capitalize", in, args, b)),
          Map.entry("center", Filters::center),
          Map.entry("d", Filters::standard),
          Map.entry("default", Filters::standard),
          Map.entry("e", Filters::escape),
          Map.entry("escape", Filters::escape),
          Map.entry("float", Filters::real),
          Map.entry("forceescape", Filters::forceEscape),
          Map.entry("format", Filters::format),
          Map.entry("indent", Filters::indent),
          Map.entry("int", Filters::whole),
          Map.entry("lower", (in, args, b) -> method("lower", in, args, b)),
          Map.entry("replace", Filters::replace),
          Map.entry("round", Filters::round),
          Map.entry("safe", (in, args, b) -> new Str(Repr.str(in, b), true)),
          Map.entry("string", (in, args, b) -> text(in, b)),
          Map.entry("title", Filters::title),
          Map.entry("tojson", Json::dump),
          Map.entry("trim", Filters::trim),
          Map.entry("truncate", Filters::truncate),
          Map.entry("upper", (in, args, b) -> method("upper", in, args, b)),
          Map.entry("wordcount", Filters::wordCount));

  /** The names of all filters. */
  static final Set<String> NAMES = names();

  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern WORD_START =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|[-+]?(inf|infinity|nan)");

  private Filters() {}

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(SINGLE.keySet());
    names.addAll(ListFilters.ALL.keySet());
    return names;
  }

  static Value apply(String name, Value input, Args args, Budget budget) {
    Filter filter = SINGLE.get(name);
    if (filter == null) {
      filter = ListFilters.ALL.get(name);
    }
    if (filter == null) {
      throw TemplateFailure.unsupported("the filter '%s'".formatted(name));
    }
    return filter.apply(input, args, budget);
  }

  /** Text as it is, anything else as it is printed. */
  static Str text(Value value, Budget budget) {
    return value instanceof Str s ? s : new Str(Repr.str(value, budget));
  }

  private static Value method(String name, Value input, Args args, Budget budget) {
    return StringMethods.call(text(input, budget), name, args, budget);
  }

  private static Value trim(Value input, Args args, Budget budget) {
    return StringMethods.call(text(input, budget), "strip", args, budget);
  }

  private static Value abs(Value input, Args args, Budget budget) {
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(input instanceof Num number)) {
      throw TemplateFailure.type("bad operand type for abs(): '%s'".formatted(input.type()));
    }
    args.bind("abs");
    return number instanceof Value.Real real
        ? new Value.Real(Math.abs(real.value()))
        : Numbers.of(((Value.Whole) number).big().abs());
  }

  private static Value attr(Value input, Args args, Budget budget) {
    String name = args.bind("attr", "name").requiredText("name");
    Value own = Access.own(input, name);
    return own != null ? own : Undefined.member(input, new Str(name));
  }

  private static Value center(Value input, Args args, Budget budget) {
    int width = args.bind("center", "width").number("width", 80);
    Str text = text(input, budget);
    return new Str(StringMethods.pad(text.text(), "center", width, " ", budget), text.markup());
  }

  private static Value standard(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("default", "default_value", "boolean");
    Value standard = bound.find("default_value");
    boolean replaced = input instanceof Undefined || (bound.flag("boolean") && !input.truth());
    return replaced ? standard == null ? Str.EMPTY : standard : input;
  }

  private static Value escape(Value input, Args args, Budget budget) {
    args.bind("escape");
    return new Str(Markup.escape(text(input, budget), budget), true);
  }

  private static Value forceEscape(Value input, Args args, Budget budget) {
    args.bind("forceescape");
    return new Str(Markup.escape(Repr.str(input, budget), budget), true);
  }

  private static Value format(Value input, Args args, Budget budget) {
    if (!args.positional().isEmpty() && !args.named().isEmpty()) {
      throw new TemplateFailure(
          Kind.ARGUMENT, "can't handle positional and keyword arguments at the same time");
    }
    Str format = text(input, budget);
    Value values = new Value.Tuple(args.positional());
    if (!args.named().isEmpty()) {
      Value.Dict dict = new Value.Dict(new LinkedHashMap<>());
      args.named().forEach(dict::put);
      values = dict;
    }
    return new Str(Formatting.percent(format, values, budget), format.markup());
  }

  private static Value indent(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("indent", "width", "first", "blank");
    boolean given = bound.orNone("width") instanceof Str;
    String width = given ? bound.text("width") : null;
    int spaces = given ? 0 : Math.max(bound.number("width", 4), 0);
    budget.chars(spaces);
    String indent = width == null ? " ".repeat(spaces) : width;
    Value ended = Arithmetic.apply(Expr.Operator.ADD, input, new Str("\n"), budget);
    if (!(ended instanceof Str text)) {
      throw TemplateFailure.type("'%s' has no lines to indent".formatted(input.type()));
    }
    List<String> lines = PyText.lines(text.text(), false);
    budget.items(lines.size());
    StringBuilder out = new StringBuilder(bound.flag("first") ? indent : "");
    boolean blank = bound.flag("blank");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean indented = i > 0 && (blank || !line.isEmpty());
      budget.chars(line.length() + (indented ? indent.length() : 0L));
      out.append(i > 0 ? "\n" : "").append(indented ? indent : "").append(line);
    }
    return new Str(out.toString(), text.markup());
  }

  private static Value whole(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("int", "default", "base");
    Value standard = bound.has("default") ? bound.get("default") : new Int(0);
    return switch (input) {
      case Str s -> {
        String digits = PyText.strip(s.text(), null, true, true).replace("_", "");
        BigInteger parsed = parse(digits, bound.number("base", 10));
        if (parsed != null) {
          yield Numbers.of(parsed);
        }
        Value.Real real = parseReal(s.text());
        yield real == null || !Double.isFinite(real.value()) ? standard : Formatting.truncate(real);
      }
      case Value.Whole number -> Numbers.of(number.big());
      case Value.Real number ->
          Double.isFinite(number.value()) ? Formatting.truncate(number) : standard;
      case Undefined undefined -> throw undefined.failure();
      default -> standard;
    };
  }

  private static @Nullable BigInteger parse(String text, int base) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    if (!prefix.isEmpty() && PyText.lower(digits).startsWith(prefix)) {
      digits = digits.substring(2);
    }
    boolean valid =
        base >= 2
            && base <= 36
            && !digits.isEmpty()
            && digits.length() <= 1300
            && digits.chars().allMatch(c -> Character.digit(c, base) >= 0);
    if (!valid) {
      return null;
    }
    BigInteger value = new BigInteger(digits, base);
    return text.startsWith("-") ? value.negate() : value;
  }

  private static Value.@Nullable Real parseReal(String text) {
    String number = PyText.strip(text, null, true, true).replace("_", "");
    if (number.length() > 1300 || !REAL.matcher(PyText.lower(number)).matches()) {
      return null;
    }
    String lower = PyText.lower(number);
    boolean negative = lower.startsWith("-");
    if (lower.endsWith("nan")) {
      return new Value.Real(Double.NaN);
    }
    if (lower.contains("inf")) {
      return new Value.Real(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    return new Value.Real(Double.parseDouble(number));
  }

  private static Value real(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("float", "default");
    Value standard = bound.has("default") ? bound.get("default") : new Value.Real(0);
    return switch (input) {
      case Str s -> {
        Value.Real parsed = parseReal(s.text());
        yield parsed == null ? standard : parsed;
      }
      case Num number -> new Value.Real(Numbers.real(number));
      case Undefined undefined -> throw undefined.failure();
      default -> standard;
    };
  }

  private static Value replace(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("replace", "old", "new", "count");
    String text = Repr.str(input, budget);
    budget.chars(text.length());
    String from = Repr.str(bound.get("old"), budget);
    String to = Repr.str(bound.get("new"), budget);
    return new Str(StringMethods.replace(text, from, to, bound.number("count", -1), budget));
  }

  private static Value round(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("round", "precision", "method");
    String given = bound.text("method");
    String method = given == null ? "common" : given;
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(input instanceof Num number)) {
      throw TemplateFailure.type("type %s doesn't define __round__ method".formatted(input.type()));
    }
    int precision = bound.number("precision", 0);
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default ->
              throw new TemplateFailure(Kind.ARGUMENT, "method must be common, ceil or floor");
        };
    if (number instanceof Value.Whole whole && mode == RoundingMode.HALF_EVEN && precision >= 0) {
      return Numbers.of(whole.big());
    }
    return new Value.Real(Numbers.round(Numbers.real(number), precision, mode));
  }

  private static Value title(Value input, Args args, Budget budget) {
    args.bind("title");
    Str text = text(input, budget);
    budget.chars(text.text().length());
    StringBuilder out = new StringBuilder(text.text().length());
    Matcher starts = WORD_START.matcher(text.text());
    int done = 0;
    while (starts.find()) {
      out.append(PyText.capitalize(text.text().substring(done, starts.start())));
      out.append(starts.group());
      done = starts.end();
    }
    return new Str(out.append(PyText.capitalize(text.text().substring(done))).toString());
  }

  private static Value truncate(Value input, Args args, Budget budget) {
    Args.Bound bound = args.bind("truncate", "length", "killwords", "end", "leeway");
    int length = bound.number("length", 255);
    int leeway = bound.number("leeway", 5);
    String given = bound.text("end");
    String end = given == null ? "..." : given;
    if (input instanceof Undefined) {
      return input;
    }
    if (!(input instanceof Str s)) {
      throw TemplateFailure.type("object of type '%s' has no len()".formatted(input.type()));
    }
    int kept = length - PyText.length(end);
    if (kept < 0 || leeway < 0) {
      throw new TemplateFailure(
          Kind.RUNTIME, "expected length >= %d, got %d".formatted(PyText.length(end), length));
    }
    String text = s.text();
    budget.chars(text.length());
    if (PyText.length(text) <= (long) length + leeway) {
      return input;
    }
    String cut = text.substring(0, PyText.offset(text, kept));
    int space = bound.flag("killwords") ? -1 : cut.lastIndexOf(' ');
    return new Str((space < 0 ? cut : cut.substring(0, space)) + end, s.markup());
  }

  private static Value wordCount(Value input, Args args, Budget budget) {
    args.bind("wordcount");
    String text = Repr.str(input, budget);
    budget.scan(text.length() * 8L);
    return new Int(WORD.matcher(text).results().count());
  }

  /** Names of attributes behind each other, those that are numbers as numbers. */
  static List<Value> path(Value attribute) {
    if (attribute == Value.None.NONE) {
      return List.of();
    }
    if (!(attribute instanceof Str s)) {
      return List.of(attribute);
    }
    List<Value> parts = new ArrayList<>();
    for (String part : s.text().split("\\.", -1)) {
      boolean number =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
      parts.add(number ? new Int(Integer.parseInt(part)) : new Str(part));
    }
    return parts;
  }
}
