package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of text. */
final class StringMethods {
  private StringMethods() {}

  static Value call(Str self, String name, Args args, Budget budget) {
    String text = self.text();
    budget.chars(text.length());
    return switch (name) {
      case "strip" -> like(self, PyText.strip(text, chars(name, args), true, true));
      case "lstrip" -> like(self, PyText.strip(text, chars(name, args), true, false));
      case "rstrip" -> like(self, PyText.strip(text, chars(name, args), false, true));
      case "split", "rsplit" -> split(self, name, args, budget);
      case "splitlines" -> {
        boolean keep = args.bind(name, "keepends").flag("keepends");
        yield list(self, PyText.lines(text, keep), budget);
      }
      case "startswith", "endswith" -> edge(text, name, args);
      case "find", "rfind", "index", "rindex" -> find(text, name, args, budget);
      case "count" -> count(text, args, budget);
      case "replace" -> {
        Args.Bound bound = args.bind(name, "old", "new", "count");
        String from = part(self, bound.get("old"), bound.requiredText("old"), budget);
        String to = part(self, bound.get("new"), bound.requiredText("new"), budget);
        yield like(self, replace(text, from, to, bound.number("count", -1), budget));
      }
      case "join" -> join(self, args.bind(name, "iterable").get("iterable"), budget);
      case "format" -> like(self, Formatting.format(self, args, budget));
      case "partition", "rpartition" -> partition(self, name, args, budget);
      case "removeprefix" -> {
        String prefix = args.bind(name, "prefix").requiredText("prefix");
        yield like(self, text.startsWith(prefix) ? text.substring(prefix.length()) : text);
      }
      case "removesuffix" -> {
        String suffix = args.bind(name, "suffix").requiredText("suffix");
        boolean ends = text.endsWith(suffix);
        yield like(self, ends ? text.substring(0, text.length() - suffix.length()) : text);
      }
      case "center", "ljust", "rjust" -> {
        Args.Bound bound = args.bind(name, "width", "fillchar");
        String fill = bound.text("fillchar");
        int width = bound.number("width", 0);
        yield like(self, pad(text, name, width, fill == null ? " " : fill, budget));
      }
      case "zfill" -> {
        int width = args.bind(name, "width").number("width", 0);
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = signed ? text.substring(1) : text;
        String padded = pad(digits, "rjust", width - (signed ? 1 : 0), "0", budget);
        yield like(self, signed ? text.charAt(0) + padded : padded);
      }
      default -> simple(self, name, args);
    };
  }

  /** Those without arguments. */
  private static Value simple(Str self, String name, Args args) {
    String text = self.text();
    Value result =
        switch (name) {
          case "upper" -> like(self, PyText.upper(text));
          case "lower" -> like(self, PyText.lower(text));
          case "title" -> like(self, PyText.title(text));
          case "capitalize" -> like(self, PyText.capitalize(text));
          case "swapcase" -> like(self, PyText.swapCase(text));
          case "isalpha" -> all(text, Character::isLetter);
          case "isalnum" -> all(text, Character::isLetterOrDigit);
          case "isdigit", "isdecimal", "isnumeric" -> all(text, Character::isDigit);
          case "isspace" -> all(text, PyText::isSpace);
          case "isascii" -> Bool.of(text.chars().allMatch(c -> c < 128));
          case "isupper" ->
              Bool.of(
                  text.codePoints().anyMatch(Character::isUpperCase)
                      && text.codePoints().noneMatch(Character::isLowerCase));
          case "islower" ->
              Bool.of(
                  text.codePoints().anyMatch(Character::isLowerCase)
                      && text.codePoints().noneMatch(Character::isUpperCase));
          default -> throw Methods.unsupported(self, name);
        };
    args.bind(name);
    return result;
  }

  private static Bool all(String text, IntPredicate test) {
    return Bool.of(!text.isEmpty() && text.codePoints().allMatch(test));
  }

  private static Str like(Str self, String text) {
    return new Str(text, self.markup());
  }

  private static String part(Str self, Value given, String text, Budget budget) {
    return self.markup() && given instanceof Str s ? Markup.escape(s, budget) : text;
  }

  private static @Nullable String chars(String name, Args args) {
    return args.positional().isEmpty() && args.named().isEmpty()
        ? null
        : args.bind(name, "chars").text("chars");
  }

  private static Lst list(Str self, List<String> parts, Budget budget) {
    budget.items(parts.size());
    List<Value> items = new ArrayList<>(parts.size());
    for (String part : parts) {
      items.add(like(self, part));
    }
    return new Lst(items);
  }

  private static Value split(Str self, String name, Args args, Budget budget) {
    Args.Bound bound = args.bind(name, "sep", "maxsplit");
    String separator = bound.text("sep");
    int max = bound.number("maxsplit", -1);
    boolean fromEnd = name.equals("rsplit");
    if (separator == null) {
      return list(
          self,
          fromEnd ? PyText.wordsFromEnd(self.text(), max) : PyText.words(self.text(), max),
          budget);
    }
    if (separator.isEmpty()) {
      throw TemplateFailure.value("empty separator");
    }
    List<String> parts = pieces(self.text(), separator, fromEnd ? -1 : max, budget);
    if (fromEnd && max >= 0 && parts.size() > max + 1) {
      List<String> backwards =
          pieces(reverse(self.text()), reverse(separator), max, budget).reversed();
      parts = backwards.stream().map(StringMethods::reverse).toList();
    }
    return list(self, parts, budget);
  }

  private static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static List<String> pieces(String text, String separator, int max, Budget budget) {
    Finder finder = new Finder(separator, budget);
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = finder.next(text, 0);
        at >= 0 && (max < 0 || parts.size() < max);
        at = finder.next(text, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  static String replace(String text, String from, String to, int max, Budget budget) {
    StringBuilder out = new StringBuilder(text.length());
    if (from.isEmpty()) {
      int[] points = text.codePoints().toArray();
      for (int i = 0; i <= points.length; i++) {
        if (max < 0 || i < max) {
          budget.chars(to.length() + 1L);
          out.append(to);
        }
        if (i < points.length) {
          out.appendCodePoint(points[i]);
        }
      }
      return out.toString();
    }
    Finder finder = new Finder(from, budget);
    int done = 0;
    int count = 0;
    for (int at = finder.next(text, 0);
        at >= 0 && (max < 0 || count < max);
        at = finder.next(text, done)) {
      budget.chars((long) at - done + to.length());
      out.append(text, done, at).append(to);
      done = at + from.length();
      count++;
    }
    return count == 0 ? text : out.append(text, done, text.length()).toString();
  }

  private static Value edge(String text, String name, Args args) {
    Args.Bound bound = args.bind(name, "prefix", "start", "end");
    String part = section(text, bound);
    Value wanted = bound.get("prefix");
    List<Value> candidates = wanted instanceof Tuple tuple ? tuple.items() : List.of(wanted);
    boolean found = false;
    for (Value candidate : candidates) {
      if (candidate instanceof Value.Undefined undefined) {
        throw undefined.failure();
      }
      if (!(candidate instanceof Str s)) {
        throw TemplateFailure.type(
            "%s first arg must be str or a tuple of str, not %s".formatted(name, candidate.type()));
      }
      found |= name.equals("startswith") ? part.startsWith(s.text()) : part.endsWith(s.text());
    }
    return Bool.of(found);
  }

  private static String section(String text, Args.Bound bound) {
    if (!bound.has("start") && !bound.has("end")) {
      return text;
    }
    int length = PyText.length(text);
    int from = clamp(bound.number("start", 0), length);
    int to = Math.max(from, clamp(bound.number("end", length), length));
    return text.substring(PyText.offset(text, from), PyText.offset(text, to));
  }

  private static int clamp(int at, int length) {
    return Math.clamp(at < 0 ? (long) at + length : at, 0, length);
  }

  private static Value find(String text, String name, Args args, Budget budget) {
    Args.Bound bound = args.bind(name, "sub", "start", "end");
    String part = bound.requiredText("sub");
    String section = section(text, bound);
    Finder finder = new Finder(part, budget);
    int found = finder.next(section, 0);
    if (name.startsWith("r") && !part.isEmpty()) {
      for (int at = found; at >= 0; at = finder.next(section, at + 1)) {
        found = at;
      }
    } else if (name.startsWith("r")) {
      found = section.length();
    }
    if (found >= 0) {
      int offset = clamp(bound.number("start", 0), PyText.length(text));
      return new Int(offset + section.codePointCount(0, found));
    }
    if (name.endsWith("find")) {
      return new Int(-1);
    }
    throw TemplateFailure.value("substring not found");
  }

  private static Value count(String text, Args args, Budget budget) {
    Args.Bound bound = args.bind("count", "sub", "start", "end");
    String part = bound.requiredText("sub");
    String section = section(text, bound);
    if (part.isEmpty()) {
      return new Int(PyText.length(section) + 1L);
    }
    return new Int(pieces(section, part, -1, budget).size() - 1L);
  }

  private static Str join(Str self, Value iterable, Budget budget) {
    StringBuilder out = new StringBuilder();
    Cursor cursor = Iteration.over(iterable);
    int index = 0;
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      if (!(item instanceof Str s)) {
        throw TemplateFailure.type(
            "sequence item %d: expected str instance, %s found".formatted(index, item.type()));
      }
      String text = self.markup() ? Markup.escape(s, budget) : s.text();
      budget.chars((long) text.length() + self.text().length());
      if (index++ > 0) {
        out.append(self.text());
      }
      out.append(text);
    }
    return like(self, out.toString());
  }

  private static Value partition(Str self, String name, Args args, Budget budget) {
    String separator = args.bind(name, "sep").requiredText("sep");
    if (separator.isEmpty()) {
      throw TemplateFailure.value("empty separator");
    }
    String text = self.text();
    Finder finder = new Finder(separator, budget);
    boolean last = name.equals("rpartition");
    int at = finder.next(text, 0);
    for (int next = at; last && next >= 0; next = finder.next(text, next + 1)) {
      at = next;
    }
    if (at < 0) {
      return last
          ? Tuple.of(like(self, ""), like(self, ""), self)
          : Tuple.of(self, like(self, ""), like(self, ""));
    }
    return Tuple.of(
        like(self, text.substring(0, at)),
        like(self, separator),
        like(self, text.substring(at + separator.length())));
  }

  static String pad(String text, String how, int width, String fill, Budget budget) {
    int missing = width - PyText.length(text);
    if (missing <= 0) {
      return text;
    }
    if (PyText.length(fill) != 1) {
      throw TemplateFailure.type("The fill character must be exactly one character long");
    }
    budget.chars(missing);
    int left =
        switch (how) {
          case "rjust" -> missing;
          case "ljust" -> 0;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
}
