package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Str;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a function, a filter or a test is called with. */
record Args(List<Value> positional, Map<String, Value> named) {
  static final Args NONE = new Args(List.of(), Map.of());

  static Args of(Value... values) {
    return new Args(List.of(values), Map.of());
  }

  /** The arguments by the names of the parameters; refuses what has no place. */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw TemplateFailure.type(
          "%s() takes at most %d arguments (%d given)"
              .formatted(function, parameters.length, positional.size()));
    }
    List<String> names = List.of(parameters);
    for (String name : named.keySet()) {
      int place = names.indexOf(name);
      if (place < 0) {
        throw TemplateFailure.type(
            "%s() got an unexpected keyword argument '%s'".formatted(function, name));
      }
      if (place < positional.size()) {
        throw TemplateFailure.type(
            "%s() got multiple values for argument '%s'".formatted(function, name));
      }
    }
    return new Bound(this, function, names);
  }

  /** Arguments by name. */
  record Bound(Args args, String function, List<String> names) {
    @Nullable Value find(String name) {
      int place = names.indexOf(name);
      return place < args.positional.size() ? args.positional.get(place) : args.named.get(name);
    }

    Value get(String name) {
      Value value = find(name);
      if (value == null) {
        throw TemplateFailure.type(
            "%s() missing 1 required positional argument: '%s'".formatted(function, name));
      }
      return value;
    }

    boolean has(String name) {
      return find(name) != null;
    }

    /** The value, or None. */
    Value orNone(String name) {
      Value value = find(name);
      return value == null ? Value.None.NONE : value;
    }

    boolean flag(String name) {
      return orNone(name).truth();
    }

    /** The text, or null if there is none or it is None. */
    @Nullable String text(String name) {
      Value value = orNone(name);
      if (value == Value.None.NONE) {
        return null;
      }
      if (value instanceof Value.Undefined undefined) {
        throw undefined.failure();
      }
      if (value instanceof Str s) {
        return s.text();
      }
      throw TemplateFailure.type(
          "%s(): %s must be str, not %s".formatted(function, name, value.type()));
    }

    String requiredText(String name) {
      get(name);
      String text = text(name);
      if (text == null) {
        throw TemplateFailure.type("%s(): %s must be str, not None".formatted(function, name));
      }
      return text;
    }

    /** The whole number, kept within the range of an int. */
    int number(String name, int standard) {
      Value value = orNone(name);
      if (value == Value.None.NONE) {
        return standard;
      }
      if (value instanceof Value.Undefined undefined) {
        throw undefined.failure();
      }
      Long number = Numbers.fitting(value);
      if (number == null) {
        throw TemplateFailure.type(
            "'%s' object cannot be interpreted as an integer".formatted(value.type()));
      }
      return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  }
}
