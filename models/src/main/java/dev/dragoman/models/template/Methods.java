package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Int;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.Sequence;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.View;
import java.util.LinkedHashMap;

/** The methods of dictionaries, lists and loops; those of text are in {@link StringMethods}. */
final class Methods {
  private Methods() {}

  static Value call(Value.Method method, Args args, Budget budget) {
    String name = method.name();
    return switch (method.self()) {
      case Str s -> StringMethods.call(s, name, args, budget);
      case Dict dict -> ofDict(dict, name, args, budget);
      case Sequence sequence -> ofSequence(sequence, name, args, budget);
      case Value.LoopVariable variable ->
          name.equals("cycle")
              ? variable.loop().cycle(args.positional())
              : variable.loop().changed(args.positional());
      case Value.Real real when name.equals("is_integer") ->
          Bool.of(real.value() == Math.rint(real.value()) && Double.isFinite(real.value()));
      default -> throw unsupported(method.self(), name);
    };
  }

  static TemplateFailure unsupported(Value self, String name) {
    return TemplateFailure.unsupported("the method '%s' of '%s'".formatted(name, self.type()));
  }

  private static Value ofDict(Dict dict, String name, Args args, Budget budget) {
    return switch (name) {
      case "get" -> {
        Args.Bound bound = args.bind("get", "key", "default");
        Dict.Entry entry = dict.entries().get(Keys.of(bound.get("key"), budget));
        yield entry == null ? bound.orNone("default") : entry.value();
      }
      case "items" -> view(View.Part.ITEMS, dict, name, args);
      case "keys" -> view(View.Part.KEYS, dict, name, args);
      case "values" -> view(View.Part.VALUES, dict, name, args);
      case "copy" -> {
        args.bind(name);
        budget.items(dict.entries().size());
        yield new Dict(new LinkedHashMap<>(dict.entries()));
      }
      default -> throw unsupported(dict, name);
    };
  }

  private static Value view(View.Part part, Dict dict, String name, Args args) {
    args.bind(name);
    return new View(part, dict);
  }

  private static Value ofSequence(Sequence sequence, String name, Args args, Budget budget) {
    return switch (name) {
      case "copy" -> {
        args.bind(name);
        yield new Lst(Iteration.list(sequence, budget));
      }
      case "count" -> {
        Value wanted = args.bind(name, "value").get("value");
        long count =
            sequence.items().stream().filter(v -> Comparisons.equal(v, wanted, budget)).count();
        yield new Int(count);
      }
      case "index" -> {
        Value wanted = args.bind(name, "value").get("value");
        for (int i = 0; i < sequence.items().size(); i++) {
          if (Comparisons.equal(sequence.items().get(i), wanted, budget)) {
            yield new Int(i);
          }
        }
        throw TemplateFailure.value(
            "%s is not in %s".formatted(Repr.repr(wanted, budget), sequence.type()));
      }
      default -> throw unsupported(sequence, name);
    };
  }
}
