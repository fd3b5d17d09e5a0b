package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Range;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Stream;
import dev.dragoman.models.template.Value.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Going through values, and how many they are. */
final class Iteration {
  private Iteration() {}

  /** Whether a value can be looped over. */
  static boolean possible(Value value) {
    return switch (value) {
      case Sequence _, Dict _, View _, Range _, Stream _, Str _ -> true;
      case Value.Undefined _, Value.LoopVariable _ -> true;
      case Value.None _, Value.Num _, Value.Namespace _, Value.Callable _ -> false;
    };
  }

  static Cursor over(Value value) {
    return switch (value) {
      case Sequence sequence -> Cursor.over(sequence.items());
      case Dict dict -> part(View.Part.KEYS, dict);
      case View view -> part(view.part(), view.dict());
      case Range range -> {
        int[] at = {0};
        yield () -> at[0] < range.length() ? range.get(at[0]++) : null;
      }
      case Stream stream -> stream.cursor();
      case Str s -> characters(s.text());
      case Value.Undefined _ -> () -> null;
      case Value.LoopVariable variable -> variable.loop()::next;
      case Value.None _, Value.Num _, Value.Namespace _, Value.Callable _ ->
          throw TemplateFailure.type("'%s' object is not iterable".formatted(value.type()));
    };
  }

  private static Cursor part(View.Part part, Dict dict) {
    Iterator<Dict.Entry> entries = dict.all().iterator();
    return () -> {
      if (!entries.hasNext()) {
        return null;
      }
      Dict.Entry entry = entries.next();
      return switch (part) {
        case KEYS -> entry.key();
        case VALUES -> entry.value();
        case ITEMS -> entry.pair();
      };
    };
  }

  private static Cursor characters(String text) {
    int[] at = {0};
    return () -> {
      if (at[0] >= text.length()) {
        return null;
      }
      int from = at[0];
      at[0] += Character.charCount(text.codePointAt(from));
      return new Str(text.substring(from, at[0]));
    };
  }

  static List<Value> list(Value value, Budget budget) {
    if (value instanceof Sequence sequence) {
      budget.items(sequence.items().size());
      return new ArrayList<>(sequence.items());
    }
    return drain(over(value), budget);
  }

  static List<Value> drain(Cursor cursor, Budget budget) {
    List<Value> items = new ArrayList<>();
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      budget.items(1);
      items.add(item);
    }
    return items;
  }

  /** How many, or null for what has no length. */
  static @Nullable Integer length(Value value) {
    return switch (value) {
      case Str s -> PyText.length(s.text());
      case Sequence sequence -> sequence.items().size();
      case Dict dict -> dict.entries().size();
      case View view -> view.dict().entries().size();
      case Range range -> range.length();
      case Value.Undefined _ -> 0;
      case Value.LoopVariable variable -> variable.loop().length();
      case Stream _, Value.None _, Value.Num _, Value.Namespace _, Value.Callable _ -> null;
    };
  }

  static int len(Value value) {
    Integer length = length(value);
    if (length == null) {
      throw TemplateFailure.type("object of type '%s' has no len()".formatted(value.type()));
    }
    return length;
  }

  /** From the last to the first, or null for what has no order to turn. */
  static @Nullable Cursor reversed(Value value, Budget budget) {
    return switch (value) {
      case Sequence _, Dict _, View _, Range _, Str _ ->
          Cursor.over(list(value, budget).reversed());
      case Value.Undefined _ -> () -> null;
      case Stream _,
          Value.LoopVariable _,
          Value.None _,
          Value.Num _,
          Value.Namespace _,
          Value.Callable _ ->
          null;
    };
  }
}
