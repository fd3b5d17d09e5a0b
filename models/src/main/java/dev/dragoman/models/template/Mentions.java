package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Target;
import java.util.List;

/** Whether statements use a name before they set it themselves. */
final class Mentions {
  private enum Found {
    NOTHING,
    USE,
    OWN
  }

  private Mentions() {}

  static boolean of(String name, List<Stmt> body) {
    return in(name, body) == Found.USE;
  }

  private static Found in(String name, List<Stmt> body) {
    for (Stmt stmt : body) {
      Found found = in(name, stmt);
      if (found != Found.NOTHING) {
        return found;
      }
    }
    return Found.NOTHING;
  }

  private static Found in(String name, Stmt stmt) {
    return switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> Found.NOTHING;
      case Stmt.Print print -> in(name, print.value());
      case Stmt.Assign assign -> first(set(name, assign.target()), in(name, assign.value()));
      case Stmt.AssignBlock assign ->
          first(
              set(name, assign.target()), in(name, assign.value()), in(name, assign.body().body()));
      case Stmt.If branch -> {
        Found found = first(in(name, branch.test()), in(name, branch.body()));
        for (Stmt.If elif : branch.elifs()) {
          found = first(found, in(name, elif));
        }
        yield first(found, in(name, branch.otherwise()));
      }
      case Stmt.For loop -> {
        Stmt.Test test = loop.test();
        yield first(
            set(name, loop.target()),
            in(name, loop.over()),
            in(name, loop.body().body()),
            in(name, loop.otherwise().body()),
            test == null ? Found.NOTHING : in(name, test.test()));
      }
      case Stmt.With with -> {
        Found found = Found.NOTHING;
        for (Target target : with.targets()) {
          found = first(found, set(name, target));
        }
        for (Expr value : with.values()) {
          found = first(found, in(name, value));
        }
        yield first(found, in(name, with.body().body()));
      }
      case Stmt.MacroOf macro -> in(name, macro.function());
      case Stmt.CallBlock call -> first(in(name, call.call()), in(name, call.caller()));
      case Stmt.FilterBlock filter ->
          first(in(name, filter.body().body()), in(name, filter.value()));
      case Stmt.Generation generation -> in(name, generation.body());
    };
  }

  private static Found in(String name, Stmt.Function function) {
    Found found = Found.NOTHING;
    for (Stmt.Parameter parameter : function.parameters()) {
      if (parameter.name().text().equals(name)) {
        return Found.OWN;
      }
      if (parameter.standard() != null) {
        found = first(found, in(name, parameter.standard()));
      }
    }
    return first(found, in(name, function.block().body()));
  }

  private static Found first(Found... candidates) {
    for (Found found : candidates) {
      if (found != Found.NOTHING) {
        return found;
      }
    }
    return Found.NOTHING;
  }

  private static Found set(String name, Target target) {
    return switch (target) {
      case Expr.Name own -> own.text().equals(name) ? Found.OWN : Found.NOTHING;
      case Expr.Field _ -> Found.NOTHING;
      case Expr.Targets targets -> {
        Found found = Found.NOTHING;
        for (Target part : targets.targets()) {
          found = first(found, set(name, part));
        }
        yield found;
      }
    };
  }

  private static Found in(String name, Expr expr) {
    if (expr instanceof Expr.Variable variable) {
      return variable.name().text().equals(name) ? Found.USE : Found.NOTHING;
    }
    for (Expr child : Children.of(expr)) {
      if (in(name, child) == Found.USE) {
        return Found.USE;
      }
    }
    return Found.NOTHING;
  }
}
