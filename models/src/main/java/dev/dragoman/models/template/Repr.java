package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Big;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Namespace;
import dev.dragoman.models.template.Value.Range;
import dev.dragoman.models.template.Value.Real;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import java.util.Map;

/** Writes values as Python's {@code str} and {@code repr} do. */
final class Repr {
  private final StringBuilder out = new StringBuilder();
  private final Budget budget;

  private Repr(Budget budget) {
    this.budget = budget;
  }

  /** The value as it is printed. */
  static String str(Value value, Budget budget) {
    return switch (value) {
      case Str s -> s.text();
      case Int i -> Long.toString(i.value());
      case Value.Undefined _ -> "";
      default -> repr(value, budget);
    };
  }

  /** The value as it is written inside a list. */
  static String repr(Value value, Budget budget) {
    Repr writer = new Repr(budget);
    writer.write(value);
    budget.chars(writer.out.length());
    return writer.out.toString();
  }

  /** A value for a message. */
  static String brief(Value value) {
    return switch (value) {
      case Str s -> quote(s.text());
      case Int i -> Long.toString(i.value());
      default -> "<" + value.type() + ">";
    };
  }

  private void write(Value value) {
    budget.step();
    budget.output(out.length());
    budget.enter();
    switch (value) {
      case Value.None _ -> out.append("None");
      case Value.Bool b -> out.append(b == Value.Bool.TRUE ? "True" : "False");
      case Int i -> out.append(i.value());
      case Big b -> out.append(b.big());
      case Real r -> out.append(Numbers.print(r.value()));
      case Str s -> {
        budget.scan(s.text().length());
        out.append(s.markup() ? "Markup(" : "");
        quote(s.text(), out);
        out.append(s.markup() ? ")" : "");
      }
      case Lst list -> items("[", list.items(), "]");
      case Tuple tuple -> items("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
      case Dict dict -> dict(dict);
      case Value.View view -> {
        out.append(view.type());
        items("([", Iteration.list(view, budget), "])");
      }
      case Range range -> {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        out.append(range.step() == 1 ? "" : ", " + range.step()).append(')');
      }
      case Namespace namespace -> {
        out.append("<Namespace ");
        String before = "{";
        for (Map.Entry<String, Value> field : namespace.fields().entrySet()) {
          out.append(before);
          quote(field.getKey(), out);
          out.append(": ");
          write(field.getValue());
          before = ", ";
        }
        out.append(namespace.fields().isEmpty() ? "{}>" : "}>");
      }
      case Value.Undefined _ -> out.append("Undefined");
      case Value.Macro macro -> out.append("<Macro '").append(macro.code().title()).append("'>");
      case Value.LoopVariable variable ->
          out.append(
              "<LoopContext %d/%d>"
                  .formatted(variable.loop().index0() + 1, variable.loop().length()));
      case Value.Stream stream -> out.append('<').append(stream.type()).append(" object>");
      case Value.Method method ->
          out.append("<built-in method ")
              .append(method.name())
              .append(" of ")
              .append(method.self().type())
              .append(" object>");
      case Value.Builtin builtin ->
          out.append("<function ").append(PyText.lower(builtin.name())).append('>');
    }
    budget.leave();
  }

  private void items(String before, Iterable<Value> items, String after) {
    out.append(before);
    String separator = "";
    for (Value item : items) {
      out.append(separator);
      write(item);
      separator = ", ";
    }
    out.append(after);
  }

  private void dict(Dict dict) {
    out.append('{');
    String separator = "";
    for (Dict.Entry entry : dict.all()) {
      out.append(separator);
      write(entry.key());
      out.append(": ");
      write(entry.value());
      separator = ", ";
    }
    out.append('}');
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (printable(c)) {
            out.appendCodePoint(c);
          } else {
            out.append((c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x").formatted(c));
          }
        }
      }
      i += Character.charCount(c);
    }
    out.append(quote);
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
