package dev.dragoman.models.template;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.template.Expr.Comparison;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON in, and JSON out as {@code json.dumps} of Python writes it. */
final class Json {
  private static final int MAX_DEPTH = 500;

  private final StringBuilder out = new StringBuilder();
  private final Budget budget;
  private final boolean ascii;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;

  private Json(Args.Bound options, Budget budget) {
    this.budget = budget;
    ascii = options.flag("ensure_ascii");
    indent = indentation(options.orNone("indent"), budget);
    Value separators = options.orNone("separators");
    if (separators instanceof Sequence pair
        && pair.items().size() == 2
        && pair.items().get(0) instanceof Str item
        && pair.items().get(1) instanceof Str key) {
      itemSeparator = item.text();
      keySeparator = key.text();
    } else if (separators == Value.None.NONE) {
      itemSeparator = indent == null ? ", " : ",";
      keySeparator = ": ";
    } else {
      throw TemplateFailure.type("tojson(): separators must be two strings");
    }
    sorted = options.flag("sort_keys");
  }

  /** The filter {@code tojson} as transformers defines it. */
  static Str dump(Value value, Args args, Budget budget) {
    Args.Bound options = args.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Json json = new Json(options, budget);
    json.write(value, 0);
    budget.chars(json.out.length());
    return new Str(json.out.toString());
  }

  private static @Nullable String indentation(Value value, Budget budget) {
    if (value == Value.None.NONE) {
      return null;
    }
    if (value instanceof Str s) {
      return s.text();
    }
    Long width = Numbers.fitting(value);
    if (width == null) {
      throw TemplateFailure.type(
          "can't multiply sequence by non-int of type '%s'".formatted(value.type()));
    }
    int spaces = Math.clamp(width, 0, Integer.MAX_VALUE);
    budget.chars(spaces);
    return " ".repeat(spaces);
  }

  private void write(Value value, int level) {
    budget.step();
    budget.output(out.length());
    budget.enter();
    switch (value) {
      case Value.None _ -> out.append("null");
      case Value.Bool b -> out.append(b.truth());
      case Value.Int i -> out.append(i.value());
      case Value.Big b -> out.append(b.big());
      case Value.Real r -> out.append(real(r.value()));
      case Str s -> string(s.text());
      case Sequence sequence -> array(sequence.items(), level);
      case Dict dict -> object(dict, level);
      case Value.Undefined _,
          Value.View _,
          Value.Range _,
          Value.Stream _,
          Value.Namespace _,
          Value.LoopVariable _,
          Value.Callable _ ->
          throw TemplateFailure.type(
              "Object of type %s is not JSON serializable".formatted(value.type()));
    }
    budget.leave();
  }

  private static String real(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Numbers.print(value);
  }

  private void array(List<Value> items, int level) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    boolean first = true;
    for (Value item : items) {
      separate(first, level + 1);
      first = false;
      write(item, level + 1);
    }
    line(level);
    out.append(']');
  }

  private void object(Dict dict, int level) {
    if (dict.entries().isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    boolean first = true;
    List<Dict.Entry> entries = new ArrayList<>(dict.all());
    if (sorted) {
      entries.sort((a, b) -> Comparisons.compare(Comparison.LT, a.key(), b.key(), budget));
    }
    for (Dict.Entry entry : entries) {
      separate(first, level + 1);
      first = false;
      string(key(entry.key()));
      out.append(keySeparator);
      write(entry.value(), level + 1);
    }
    line(level);
    out.append('}');
  }

  private void separate(boolean first, int level) {
    if (!first) {
      out.append(itemSeparator);
    }
    line(level);
  }

  private void line(int level) {
    if (indent != null) {
      budget.chars((long) indent.length() * level);
      out.append('\n').repeat(indent, level);
    }
  }

  private static String key(Value key) {
    return switch (key) {
      case Str s -> s.text();
      case Value.None _ -> "null";
      case Value.Bool b -> Boolean.toString(b.truth());
      case Value.Int i -> Long.toString(i.value());
      case Value.Big b -> b.big().toString();
      case Value.Real r -> real(r.value());
      default ->
          throw TemplateFailure.type(
              "keys must be str, int, float, bool or None, not " + key.type());
    };
  }

  private void string(String text) {
    budget.scan(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || (ascii && c > '~')) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** The value that a piece of JSON is in a template. */
  static Value value(@Nullable JsonNode node) {
    return value(node, 0);
  }

  private static Value value(@Nullable JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFailure(
          TemplateFailure.Kind.LIMIT, "the data nests deeper than the limit of " + MAX_DEPTH);
    }
    return switch (node) {
      case null -> Value.None.NONE;
      case JsonNode n when n.isTextual() -> new Str(n.textValue());
      case JsonNode n when n.isObject() -> {
        Dict dict = new Dict(LinkedHashMap.newLinkedHashMap(n.size()));
        for (Map.Entry<String, JsonNode> field : n.properties()) {
          dict.put(field.getKey(), value(field.getValue(), depth + 1));
        }
        yield dict;
      }
      case JsonNode n when n.isArray() -> {
        List<Value> items = new ArrayList<>(n.size());
        for (JsonNode item : n) {
          items.add(value(item, depth + 1));
        }
        yield new Lst(items);
      }
      case JsonNode n when n.isBoolean() -> Value.Bool.of(n.booleanValue());
      case JsonNode n when n.isIntegralNumber() -> Numbers.of(n.bigIntegerValue());
      case JsonNode n when n.isNumber() -> new Value.Real(n.doubleValue());
      case JsonNode n when n.isNull() || n.isMissingNode() -> Value.None.NONE;
      default -> new Str("<" + PyText.lower(node.getNodeType().name()) + ">");
    };
  }
}
