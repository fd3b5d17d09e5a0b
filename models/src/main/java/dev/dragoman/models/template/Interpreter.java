package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Target;
import dev.dragoman.models.template.Rendered.Span;
import dev.dragoman.models.template.Stmt.Block;
import dev.dragoman.models.template.Stmt.Function;
import dev.dragoman.models.template.Value.Macro;
import dev.dragoman.models.template.Value.Str;
import dev.dragoman.models.template.Value.Undefined;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a template once. */
final class Interpreter {
  private static final int MAX_CALLS = 200;

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final Function template;
  private final Map<String, Value> context;
  private final Budget budget;
  private final Evaluator evaluator;
  private final StringBuilder whole = new StringBuilder();
  private final List<Span> spans = new ArrayList<>();
  private StringBuilder out = whole;
  private int calls;
  private int line = 1;

  Interpreter(
      Function template,
      Map<String, Value> context,
      RenderLimits limits,
      @Nullable LocalDateTime now) {
    this.template = template;
    this.context = context;
    this.budget = new Budget(limits);
    this.evaluator = new Evaluator(this, budget, now);
  }

  Rendered run() {
    try {
      run(template.block(), new Frame(template.size(), null));
      return new Rendered(whole.toString(), spans);
    } catch (TemplateFailure e) {
      throw e.at(line);
    } catch (StackOverflowError e) {
      throw new TemplateFailure(
              TemplateFailure.Kind.LIMIT, "nested deeper than this thread's stack allows")
          .at(line);
    }
  }

  private Flow run(Block block, Frame frame) {
    enter(block, frame);
    return run(block.body(), frame);
  }

  private void enter(Block block, Frame frame) {
    for (Stmt.Load load : block.loads()) {
      frame.set(
          load.slot(),
          switch (load) {
            case Stmt.FromContext from -> lookUp(from.name());
            case Stmt.FromOuter from -> frame.get(from.outer(), from.hops());
            case Stmt.Unset _ -> Undefined.MISSING;
          });
    }
  }

  private Value lookUp(String name) {
    Value value = context.get(name);
    if (value == null) {
      value = Value.Builtin.BY_NAME.get(name);
    }
    return value == null ? Undefined.MISSING : value;
  }

  private Flow run(List<Stmt> body, Frame frame) {
    for (int i = 0; i < body.size(); i++) {
      Flow flow = run(body.get(i), frame);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow run(Stmt stmt, Frame frame) {
    budget.step();
    switch (stmt) {
      case Stmt.Text text -> print(text.text());
      case Stmt.Print print -> {
        line = print.line();
        print(Repr.str(evaluator.evaluate(print.value(), frame), budget));
      }
      case Stmt.Assign assign -> {
        line = assign.line();
        assign(assign.target(), evaluator.evaluate(assign.value(), frame), frame);
      }
      case Stmt.AssignBlock assign -> {
        Gathered gathered = gather(assign.body(), frame);
        line = assign.line();
        assign(assign.target(), evaluator.evaluate(assign.value(), frame, gathered.text()), frame);
        return gathered.flow();
      }
      case Stmt.If branch -> {
        return branch(branch, frame);
      }
      case Stmt.For loop -> {
        return loop(loop, frame);
      }
      case Stmt.With with -> {
        line = with.line();
        return with(with, frame);
      }
      case Stmt.MacroOf macro -> frame.set(macro.name().slot(), new Macro(macro.function(), frame));
      case Stmt.CallBlock call -> {
        line = call.line();
        Value function = evaluator.evaluate(call.call().function(), frame);
        Macro caller = new Macro(call.caller(), frame);
        Value result = evaluator.call(function, call.call().arguments(), frame, caller);
        print(Repr.str(result, budget));
      }
      case Stmt.FilterBlock filter -> {
        Gathered gathered = gather(filter.body(), frame);
        line = filter.line();
        Value result = evaluator.evaluate(filter.value(), frame, gathered.text());
        print(Repr.str(result, budget));
        return gathered.flow();
      }
      case Stmt.Generation generation -> {
        line = generation.line();
        int start = whole.length();
        Str said = call(new Macro(generation.body(), frame), Args.NONE);
        spans.add(new Span(start, start + said.text().length()));
        print(said.text());
      }
      case Stmt.Break _ -> {
        return Flow.BREAK;
      }
      case Stmt.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private void print(String text) {
    budget.chars(text.length());
    out.append(text);
  }

  private record Gathered(Str text, Flow flow) {}

  /** What a block prints. If the block ends a loop early, so does what follows it. */
  private Gathered gather(Block block, Frame frame) {
    StringBuilder around = out;
    out = new StringBuilder();
    budget.enter();
    Flow flow = run(block, frame);
    budget.leave();
    budget.chars(out.length());
    Gathered gathered = new Gathered(new Str(out.toString()), flow);
    out = around;
    return gathered;
  }

  private Flow branch(Stmt.If branch, Frame frame) {
    line = branch.line();
    budget.enter();
    Flow flow;
    if (evaluator.evaluate(branch.test(), frame).truth()) {
      flow = run(branch.body(), frame);
    } else {
      Stmt.If taken = null;
      for (Stmt.If elif : branch.elifs()) {
        line = elif.line();
        if (evaluator.evaluate(elif.test(), frame).truth()) {
          taken = elif;
          break;
        }
      }
      flow = run(taken == null ? branch.otherwise() : taken.body(), frame);
    }
    budget.leave();
    return flow;
  }

  private Flow loop(Stmt.For loop, Frame frame) {
    line = loop.line();
    Value over = evaluator.evaluate(loop.over(), frame);
    if (loop.recursive() != null) {
      print(recursive(loop, over, frame, loop.recursive(), 0).text());
      return Flow.ON;
    }
    return loop(loop, over, frame, 0, null);
  }

  private Str recursive(Stmt.For loop, Value over, Frame around, Function function, int depth) {
    StringBuilder before = out;
    out = new StringBuilder();
    enterCall();
    Frame frame = new Frame(function.size(), around);
    Loop.RecursiveLoop again = (inner, deeper) -> recursive(loop, inner, around, function, deeper);
    loop(loop, over, frame, depth, again);
    leaveCall();
    budget.chars(out.length());
    Str result = new Str(out.toString());
    out = before;
    return result;
  }

  private Flow loop(
      Stmt.For stmt, Value over, Frame frame, int depth, Loop.@Nullable RecursiveLoop again) {
    budget.enter();
    Stmt.Test test = stmt.test();
    Cursor items = Iteration.over(over);
    Loop loop =
        test == null
            ? new Loop(over, items, budget, depth, again)
            : new Loop(filtered(over, items), filter(test, items, frame), budget, depth, again);
    boolean completed = false;
    Flow flow = Flow.ON;
    Value variable = new Value.LoopVariable(loop);
    for (Value item = loop.next(); item != null; item = loop.next()) {
      budget.step();
      enter(stmt.body(), frame);
      frame.set(stmt.loop().slot(), variable);
      assign(stmt.target(), item, frame);
      Flow result = run(stmt.body().body(), frame);
      if (result == Flow.BREAK) {
        break;
      }
      completed |= result == Flow.ON;
      line = stmt.line();
    }
    if (!completed && !stmt.otherwise().body().isEmpty()) {
      flow = run(stmt.otherwise(), frame);
    }
    budget.leave();
    return flow;
  }

  /** What a loop with a condition goes over: something whose length is not known beforehand. */
  private static Value filtered(Value over, Cursor items) {
    return new Value.Stream(over.type(), items);
  }

  private Cursor filter(Stmt.Test test, Cursor items, Frame frame) {
    enter(test.block(), frame);
    return () -> {
      for (Value item = items.next(); item != null; item = items.next()) {
        assign(test.target(), item, frame);
        if (evaluator.evaluate(test.test(), frame).truth()) {
          return item;
        }
      }
      return null;
    };
  }

  private Flow with(Stmt.With with, Frame frame) {
    List<Value> values = new ArrayList<>();
    for (Expr value : with.values()) {
      values.add(evaluator.evaluate(value, frame));
    }
    enter(with.body(), frame);
    for (int i = 0; i < values.size(); i++) {
      assign(with.targets().get(i), values.get(i), frame);
    }
    budget.enter();
    Flow flow = run(with.body().body(), frame);
    budget.leave();
    return flow;
  }

  private void assign(Target target, Value value, Frame frame) {
    switch (target) {
      case Name name -> frame.set(name.slot(), value);
      case Expr.Field field ->
          Access.assign(field.namespace().load(frame), field.field(), value, budget);
      case Expr.Targets targets -> unpack(targets.targets(), value, frame);
    }
  }

  private void unpack(List<Target> targets, Value value, Frame frame) {
    if (!Iteration.possible(value)) {
      throw TemplateFailure.type("cannot unpack non-iterable %s object".formatted(value.type()));
    }
    Cursor cursor = Iteration.over(value);
    List<Value> values = new ArrayList<>(targets.size());
    for (Value item = cursor.next(); item != null; item = cursor.next()) {
      if (values.size() == targets.size()) {
        throw TemplateFailure.value(
            "too many values to unpack (expected %d)".formatted(targets.size()));
      }
      values.add(item);
    }
    if (values.size() < targets.size()) {
      throw TemplateFailure.value(
          "not enough values to unpack (expected %d, got %d)"
              .formatted(targets.size(), values.size()));
    }
    for (int i = 0; i < values.size(); i++) {
      assign(targets.get(i), values.get(i), frame);
    }
  }

  private void enterCall() {
    if (++calls > MAX_CALLS) {
      throw new TemplateFailure(
          TemplateFailure.Kind.LIMIT,
          "macros call each other deeper than the limit of %d".formatted(MAX_CALLS));
    }
    budget.enter();
  }

  private void leaveCall() {
    budget.leave();
    calls--;
  }

  /** Runs a macro and gives what it prints. */
  Str call(Macro macro, Args args) {
    Function function = macro.code();
    Frame frame = new Frame(function.size(), macro.around());
    StringBuilder before = out;
    int lineBefore = line;
    enterCall();
    bind(function, args, frame);
    out = new StringBuilder();
    run(function.block().body(), frame);
    leaveCall();
    budget.chars(out.length());
    Str result = new Str(out.toString());
    out = before;
    line = lineBefore;
    return result;
  }

  private void bind(Function function, Args args, Frame frame) {
    enter(function.block(), frame);
    Map<String, Value> named = new LinkedHashMap<>(args.named());
    List<Stmt.Parameter> parameters = function.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      Stmt.Parameter parameter = parameters.get(i);
      String name = parameter.name().text();
      Value value = i < args.positional().size() ? args.positional().get(i) : named.remove(name);
      if (value == null) {
        value =
            parameter.standard() == null
                ? Undefined.hint("parameter '%s' was not provided".formatted(name))
                : evaluator.evaluate(parameter.standard(), frame);
      }
      frame.set(parameter.name().slot(), value);
    }
    bindSpecial(function, args, named, frame);
  }

  private static void bindSpecial(
      Function function, Args args, Map<String, Value> named, Frame frame) {
    Name caller = function.caller();
    if (caller != null) {
      Value given = named.remove("caller");
      frame.set(caller.slot(), given == null ? Undefined.hint("No caller defined") : given);
    }
    Name rest = function.named();
    if (rest != null) {
      Value.Dict dict = new Value.Dict(new LinkedHashMap<>());
      named.forEach(dict::put);
      frame.set(rest.slot(), dict);
    } else if (!named.isEmpty()) {
      throw TemplateFailure.type(
          "macro '%s' takes no keyword argument '%s'"
              .formatted(function.title(), named.keySet().iterator().next()));
    }
    int count = function.parameters().size();
    List<Value> given = args.positional();
    Name more = function.positional();
    if (more != null) {
      frame.set(
          more.slot(), new Value.Tuple(given.subList(Math.min(count, given.size()), given.size())));
    } else if (given.size() > count) {
      throw TemplateFailure.type(
          "macro '%s' takes not more than %d argument(s)".formatted(function.title(), count));
    }
  }
}
