package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Target;
import dev.dragoman.models.template.Stmt.Block;
import dev.dragoman.models.template.Stmt.Function;
import dev.dragoman.models.template.TemplateFailure.Kind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every name in a template its place, and refuses filters and tests that are not known. As in
 * Jinja the latter waits until they are used where that depends on a condition.
 */
final class Scopes {
  private int depth;
  private int line = 1;
  private int loops;
  private boolean conditional;

  private Scopes() {}

  static void resolve(Function whole) {
    Scopes scopes = new Scopes();
    Symbols root = Symbols.root();
    try {
      scopes.function(whole, root);
    } catch (TemplateFailure e) {
      throw e.at(scopes.line);
    }
  }

  private void function(Function function, Symbols symbols) {
    function.parameters().forEach(p -> symbols.parameter(p.name().text()));
    Name caller = special(function, "caller");
    Name named = special(function, "kwargs");
    Name positional = special(function, "varargs");
    for (Name name : new Name[] {caller, named, positional}) {
      if (name != null) {
        symbols.parameter(name.text());
      }
    }
    for (Stmt.Parameter parameter : function.parameters()) {
      if (parameter.standard() != null) {
        load(parameter.standard(), symbols);
      }
    }
    find(function.block().body(), symbols);
    for (Stmt.Parameter parameter : function.parameters()) {
      place(parameter.name(), symbols);
      if (parameter.standard() != null) {
        place(parameter.standard(), symbols);
      }
    }
    for (Name name : new Name[] {caller, named, positional}) {
      if (name != null) {
        place(name, symbols);
      }
    }
    function.special(caller, named, positional);
    int around = loops;
    loops = 0;
    place(function.block(), symbols);
    loops = around;
    function.size(symbols.places.size());
  }

  /** A name that every macro has, if this one uses it and has no parameter of that name. */
  private static @Nullable Name special(Function function, String name) {
    boolean parameter = function.parameters().stream().anyMatch(p -> p.name().text().equals(name));
    boolean whole = function.title().equals("template");
    return !parameter && !whole && Mentions.of(name, function.block().body())
        ? new Name(name)
        : null;
  }

  // what a block loads and stores

  private void find(List<Stmt> body, Symbols symbols) {
    enter();
    for (Stmt stmt : body) {
      find(stmt, symbols);
    }
    depth--;
  }

  private void find(Stmt stmt, Symbols symbols) {
    switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Generation _ -> {}
      case Stmt.Print print -> load(print.value(), symbols);
      case Stmt.Assign assign -> {
        load(assign.value(), symbols);
        store(assign.target(), symbols);
      }
      case Stmt.AssignBlock assign -> store(assign.target(), symbols);
      case Stmt.If branch -> {
        load(branch.test(), symbols);
        Symbols body = symbols.branch();
        find(branch.body(), body);
        Symbols elifs = symbols.branch();
        for (Stmt.If elif : branch.elifs()) {
          find(elif, elifs);
        }
        Symbols otherwise = symbols.branch();
        find(branch.otherwise(), otherwise);
        symbols.join(List.of(body, elifs, otherwise));
      }
      case Stmt.For loop -> load(loop.over(), symbols);
      case Stmt.With with -> with.values().forEach(value -> load(value, symbols));
      case Stmt.MacroOf macro -> symbols.store(macro.name().text());
      case Stmt.CallBlock call -> load(call.call(), symbols);
      case Stmt.FilterBlock filter -> load(filter.value(), symbols);
    }
  }

  private void store(Target target, Symbols symbols) {
    switch (target) {
      case Name name -> symbols.store(name.text());
      case Expr.Field field -> symbols.load(field.namespace().text());
      case Expr.Targets targets -> targets.targets().forEach(t -> store(t, symbols));
    }
  }

  private void parameter(Target target, Symbols symbols) {
    switch (target) {
      case Name name -> symbols.parameter(name.text());
      case Expr.Field field -> symbols.load(field.namespace().text());
      case Expr.Targets targets -> targets.targets().forEach(t -> parameter(t, symbols));
    }
  }

  private void load(Expr expr, Symbols symbols) {
    enter();
    if (expr instanceof Expr.Variable variable) {
      symbols.load(variable.name().text());
    }
    Children.of(expr).forEach(child -> load(child, symbols));
    depth--;
  }

  // which place each name has

  private void place(Block block, Symbols symbols) {
    enter();
    place(block.body(), symbols);
    depth--;
    block.loads(symbols.loads());
  }

  private void place(List<Stmt> body, Symbols symbols) {
    for (Stmt stmt : body) {
      place(stmt, symbols);
    }
  }

  private void place(Stmt stmt, Symbols symbols) {
    switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
      case Stmt.Print print -> {
        line = print.line();
        place(print.value(), symbols);
      }
      case Stmt.Assign assign -> {
        line = assign.line();
        place(assign.value(), symbols);
        place(assign.target(), symbols);
      }
      case Stmt.AssignBlock assign -> {
        line = assign.line();
        Symbols inner = symbols.inner("set");
        load(assign.value(), inner);
        find(assign.body().body(), inner);
        place(assign.value(), inner);
        place(assign.body(), inner);
        place(assign.target(), symbols);
      }
      case Stmt.If branch -> branch(branch, symbols);
      case Stmt.For loop -> loop(loop, symbols);
      case Stmt.With with -> {
        line = with.line();
        with.values().forEach(value -> place(value, symbols));
        Symbols inner = symbols.inner("with");
        with.targets().forEach(target -> parameter(target, inner));
        find(with.body().body(), inner);
        with.targets().forEach(target -> place(target, inner));
        place(with.body(), inner);
      }
      case Stmt.MacroOf macro -> {
        line = macro.line();
        place(macro.name(), symbols);
        function(macro.function(), symbols.function());
      }
      case Stmt.CallBlock call -> {
        line = call.line();
        place(call.call(), symbols);
        function(call.caller(), symbols.function());
      }
      case Stmt.FilterBlock filter -> {
        line = filter.line();
        place(filter.value(), symbols);
        Symbols inner = symbols.inner("filter");
        find(filter.body().body(), inner);
        place(filter.body(), inner);
      }
      case Stmt.Generation generation -> {
        line = generation.line();
        function(generation.body(), symbols.function());
      }
    }
  }

  private void branch(Stmt.If branch, Symbols symbols) {
    line = branch.line();
    boolean before = conditional;
    conditional = true;
    enter();
    place(branch.test(), symbols);
    place(branch.body(), symbols);
    for (Stmt.If elif : branch.elifs()) {
      branch(elif, symbols);
    }
    place(branch.otherwise(), symbols);
    depth--;
    conditional = before;
  }

  private void loop(Stmt.For loop, Symbols symbols) {
    line = loop.line();
    place(loop.over(), symbols);
    Function recursive = loop.recursive();
    Symbols body = recursive == null ? symbols.inner("for") : symbols.function();
    Symbols otherwise = recursive == null ? symbols.inner("else") : body.inner("else");
    loops++;
    body.parameter("loop");
    parameter(loop.target(), body);
    find(loop.body().body(), body);
    place(loop.target(), body);
    place(loop.loop(), body);
    Stmt.Test test = loop.test();
    if (test != null) {
      Symbols inner = (recursive == null ? symbols : body).inner("if");
      parameter(test.target(), inner);
      load(test.test(), inner);
      place(test.target(), inner);
      place(test.test(), inner);
      test.block().loads(inner.loads());
    }
    place(loop.body(), body);
    loops--;
    find(loop.otherwise().body(), otherwise);
    place(loop.otherwise(), otherwise);
    if (recursive != null) {
      recursive.size(body.places.size());
    }
  }

  private void place(Target target, Symbols symbols) {
    switch (target) {
      case Name name -> {
        if (loops > 0 && name.text().equals("loop")) {
          throw new TemplateFailure(Kind.SYNTAX, "Can't assign to special loop variable");
        }
        place(name, symbols);
      }
      case Expr.Field field -> place(field.namespace(), symbols);
      case Expr.Targets targets -> targets.targets().forEach(t -> place(t, symbols));
    }
  }

  private static void place(Name name, Symbols symbols) {
    Slot slot = symbols.ref(name.text());
    name.place(slot, symbols.places.level - slot.level());
  }

  private void place(Expr expr, Symbols symbols) {
    enter();
    boolean before = conditional;
    switch (expr) {
      case Expr.Variable variable -> place(variable.name(), symbols);
      case Expr.Filter filter -> known(filter.name(), Filters.NAMES, "filter", filter.line());
      case Expr.Test test -> known(test.name(), Tests.NAMES, "test", test.line());
      case Expr.Conditional _ -> conditional = true;
      default -> {}
    }
    Children.of(expr).forEach(child -> place(child, symbols));
    conditional = before;
    depth--;
  }

  private void known(String name, Set<String> names, String what, int at) {
    if (!conditional && !names.contains(name)) {
      line = at;
      throw TemplateFailure.unsupported("the %s '%s'".formatted(what, name));
    }
  }

  private void enter() {
    if (++depth > RenderLimits.DEFAULT.depth()) {
      throw new TemplateFailure(
          Kind.LIMIT, "nested deeper than the limit of %d".formatted(RenderLimits.DEFAULT.depth()));
    }
  }
}
