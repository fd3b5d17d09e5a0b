package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Arguments;
import dev.dragoman.models.template.Value.Bool;
import dev.dragoman.models.template.Value.Dict;
import dev.dragoman.models.template.Value.Lst;
import dev.dragoman.models.template.Value.None;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Tuple;
import dev.dragoman.models.template.Value.Undefined;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. */
final class Evaluator {
  private final Interpreter interpreter;
  private final Budget budget;
  private final @Nullable LocalDateTime now;
  private Value captured = None.NONE;

  Evaluator(Interpreter interpreter, Budget budget, @Nullable LocalDateTime now) {
    this.interpreter = interpreter;
    this.budget = budget;
    this.now = now;
  }

  /** The value of an expression of filters over the text that a block has gathered. */
  Value evaluate(Expr expr, Frame frame, Str gathered) {
    captured = gathered;
    return evaluate(expr, frame);
  }

  Value evaluate(Expr expr, Frame frame) {
    budget.step();
    return switch (expr) {
      case Expr.Const constant -> constant.value();
      case Expr.Variable variable -> variable.name().load(frame);
      case Expr.Captured _ -> captured;
      default -> {
        budget.enter();
        Value value = compute(expr, frame);
        budget.leave();
        yield value;
      }
    };
  }

  private Value compute(Expr expr, Frame frame) {
    return switch (expr) {
      case Expr.Const constant -> constant.value();
      case Expr.Variable variable -> variable.name().load(frame);
      case Expr.Captured _ -> captured;
      case Expr.Attribute attribute ->
          Access.attribute(evaluate(attribute.of(), frame), attribute.name());
      case Expr.Item item ->
          Access.item(evaluate(item.of(), frame), evaluate(item.index(), frame), budget);
      case Expr.Slice slice ->
          Access.slice(
              evaluate(slice.of(), frame),
              optional(slice.from(), frame),
              optional(slice.to(), frame),
              optional(slice.step(), frame),
              budget);
      case Expr.Call call -> call(evaluate(call.function(), frame), call.arguments(), frame, null);
      case Expr.Filter filter -> {
        Value input = evaluate(filter.input(), frame);
        yield Filters.apply(filter.name(), input, arguments(filter.arguments(), frame), budget);
      }
      case Expr.Test test -> {
        Value input = evaluate(test.input(), frame);
        Args args = arguments(test.arguments(), frame);
        yield Bool.of(Tests.test(test.name(), input, args, budget));
      }
      case Expr.Not not -> Bool.of(!evaluate(not.of(), frame).truth());
      case Expr.And and -> {
        Value left = evaluate(and.left(), frame);
        yield left.truth() ? evaluate(and.right(), frame) : left;
      }
      case Expr.Or or -> {
        Value left = evaluate(or.left(), frame);
        yield left.truth() ? left : evaluate(or.right(), frame);
      }
      case Expr.Conditional conditional -> {
        Expr otherwise = conditional.otherwise();
        if (evaluate(conditional.test(), frame).truth()) {
          yield evaluate(conditional.then(), frame);
        }
        yield otherwise == null
            ? Undefined.hint(
                "the inline if-expression on line %d evaluated to false and no else section was defined."
                    .formatted(conditional.line()))
            : evaluate(otherwise, frame);
      }
      case Expr.Compare compare -> compare(compare, frame);
      case Expr.Binary binary -> {
        Value left = evaluate(binary.left(), frame);
        yield Arithmetic.apply(binary.operator(), left, evaluate(binary.right(), frame), budget);
      }
      case Expr.Sign sign -> Arithmetic.sign(sign.negative(), evaluate(sign.of(), frame));
      case Expr.Concat concat -> {
        StringBuilder out = new StringBuilder();
        for (Expr part : concat.parts()) {
          String text = Repr.str(evaluate(part, frame), budget);
          budget.chars(text.length());
          out.append(text);
        }
        yield new Str(out.toString());
      }
      case Expr.ListOf list -> new Lst(all(list.items(), frame));
      case Expr.TupleOf tuple -> new Tuple(all(tuple.items(), frame));
      case Expr.DictOf dict -> dict(dict, frame);
    };
  }

  private Value optional(@Nullable Expr expr, Frame frame) {
    return expr == null ? None.NONE : evaluate(expr, frame);
  }

  private List<Value> all(List<Expr> exprs, Frame frame) {
    budget.items(exprs.size());
    List<Value> values = new ArrayList<>(exprs.size());
    for (Expr expr : exprs) {
      values.add(evaluate(expr, frame));
    }
    return values;
  }

  private Value dict(Expr.DictOf dict, Frame frame) {
    LinkedHashMap<Object, Dict.Entry> entries = new LinkedHashMap<>();
    List<Expr> parts = dict.keysAndValues();
    for (int i = 0; i < parts.size(); i += 2) {
      Value key = evaluate(parts.get(i), frame);
      put(entries, key, evaluate(parts.get(i + 1), frame));
    }
    return new Dict(entries);
  }

  /** Puts a value under a key; a key that is there already stays as it was written first. */
  private void put(LinkedHashMap<Object, Dict.Entry> entries, Value key, Value value) {
    budget.items(1);
    Object found = Keys.of(key, budget);
    Dict.Entry before = entries.get(found);
    entries.put(found, new Dict.Entry(before == null ? key : before.key(), value));
  }

  private Value compare(Expr.Compare compare, Frame frame) {
    Value left = evaluate(compare.first(), frame);
    for (Expr.Operand operand : compare.rest()) {
      Value right = evaluate(operand.right(), frame);
      if (!Comparisons.test(operand.comparison(), left, right, budget)) {
        return Bool.FALSE;
      }
      left = right;
    }
    return Bool.TRUE;
  }

  private Args arguments(Arguments arguments, Frame frame) {
    if (arguments == Arguments.NONE) {
      return Args.NONE;
    }
    List<Value> positional = all(arguments.positional(), frame);
    Map<String, Value> named = Map.of();
    if (!arguments.named().isEmpty() || arguments.doubleStar() != null) {
      named = new LinkedHashMap<>();
      for (Expr.Named argument : arguments.named()) {
        named.put(argument.name(), evaluate(argument.value(), frame));
      }
    }
    if (arguments.star() != null) {
      positional.addAll(Iteration.list(evaluate(arguments.star(), frame), budget));
    }
    if (arguments.doubleStar() != null) {
      if (!(evaluate(arguments.doubleStar(), frame) instanceof Dict dict)) {
        throw TemplateFailure.type("argument after ** must be a mapping");
      }
      for (Dict.Entry entry : dict.all()) {
        if (!(entry.key() instanceof Str name)) {
          throw TemplateFailure.type("keywords must be strings");
        }
        if (named.put(name.text(), entry.value()) != null) {
          throw TemplateFailure.type(
              "got multiple values for keyword argument '%s'".formatted(name.text()));
        }
      }
    }
    return new Args(positional, named);
  }

  /** Calls something, with the body of a call block as its caller if there is one. */
  Value call(Value function, Arguments arguments, Frame frame, Value.@Nullable Macro caller) {
    Args args = arguments(arguments, frame);
    if (caller != null) {
      Map<String, Value> named = new LinkedHashMap<>(args.named());
      named.put("caller", caller);
      args = new Args(args.positional(), named);
    }
    return switch (function) {
      case Value.Macro macro -> interpreter.call(macro, args);
      case Value.Method method -> Methods.call(method, args, budget);
      case Value.Builtin builtin -> builtin(builtin, args);
      case Value.LoopVariable variable ->
          variable.loop().recurse(args.bind("loop", "iterable").get("iterable"));
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw TemplateFailure.type("'%s' object is not callable".formatted(function.type()));
    };
  }

  private Value builtin(Value.Builtin builtin, Args args) {
    return switch (builtin) {
      case RANGE -> Builtins.range(args);
      case DICT -> new Dict(entries("dict", args));
      case NAMESPACE -> {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (Dict.Entry entry : entries("namespace", args).values()) {
          String name = Repr.str(entry.key(), budget);
          Access.checkField(name);
          fields.put(name, entry.value());
        }
        yield new Value.Namespace(fields);
      }
      case RAISE_EXCEPTION ->
          throw new ChatTemplateException(
              Repr.str(args.bind("raise_exception", "message").get("message"), budget));
      case STRFTIME_NOW -> {
        String format = args.bind("strftime_now", "format").requiredText("format");
        budget.chars(format.length() * 16L);
        if (now == null) {
          throw TemplateFailure.unsupported(
              "strftime_now without a clock: the template asks for the date, so give one");
        }
        yield new Str(Dates.format(now, format));
      }
    };
  }

  private LinkedHashMap<Object, Dict.Entry> entries(String function, Args args) {
    LinkedHashMap<Object, Dict.Entry> entries = new LinkedHashMap<>();
    if (args.positional().size() > 1) {
      throw TemplateFailure.type(
          "%s expected at most 1 argument, got %d".formatted(function, args.positional().size()));
    }
    for (Value given : args.positional()) {
      if (given instanceof Dict dict) {
        dict.all().forEach(entry -> put(entries, entry.key(), entry.value()));
      } else {
        for (Value pair : Iteration.list(given, budget)) {
          List<Value> parts = Iteration.list(pair, budget);
          if (parts.size() != 2) {
            throw TemplateFailure.value(
                "dictionary update sequence element has length %d; 2 is required"
                    .formatted(parts.size()));
          }
          put(entries, parts.get(0), parts.get(1));
        }
      }
    }
    args.named().forEach((name, value) -> put(entries, new Str(name), value));
    return entries;
  }
}
