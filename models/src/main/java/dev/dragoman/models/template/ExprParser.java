package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Arguments;
import dev.dragoman.models.template.Expr.Comparison;
import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Operand;
import dev.dragoman.models.template.Expr.Operator;
import dev.dragoman.models.template.Expr.Target;
import dev.dragoman.models.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions, with the precedences of Jinja. */
final class ExprParser {
  private final Tokens tokens;
  private final PrimaryParser primaries;

  ExprParser(Tokens tokens) {
    this.tokens = tokens;
    primaries = new PrimaryParser(tokens, this);
  }

  Expr expression() {
    tokens.enter();
    int line = tokens.current().line();
    Expr expr = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      expr = new Expr.Conditional(test, expr, otherwise, line);
    }
    tokens.leave();
    return expr;
  }

  /** One expression, or a tuple if there are commas. */
  Expr tuple(boolean withConditional, @Nullable String end) {
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tupleEnds(end)) {
        break;
      }
      items.add(withConditional ? expression() : or());
      if (!tokens.current().isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple) {
      return new Expr.TupleOf(items);
    }
    if (items.isEmpty()) {
      throw tokens.fail("Expected an expression, got '%s'".formatted(tokens.current().describe()));
    }
    return items.getFirst();
  }

  private boolean tupleEnds(@Nullable String end) {
    Token token = tokens.current();
    return token.is(Kind.PRINT_END)
        || token.is(Kind.BLOCK_END)
        || token.isOperator(")")
        || (end != null && token.isName(end));
  }

  Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    if (!tokens.skipName("not")) {
      return compare();
    }
    tokens.enter();
    Expr of = not();
    tokens.leave();
    return new Expr.Not(of);
  }

  private Expr compare() {
    Expr first = sum();
    List<Operand> rest = new ArrayList<>();
    for (Comparison next = comparison(); next != null; next = comparison()) {
      rest.add(new Operand(next, sum()));
    }
    return rest.isEmpty() ? first : new Expr.Compare(first, rest);
  }

  private @Nullable Comparison comparison() {
    Token token = tokens.current();
    Comparison found = null;
    if (token.is(Kind.OPERATOR)) {
      found =
          switch (token.text()) {
            case "==" -> Comparison.EQ;
            case "!=" -> Comparison.NE;
            case "<" -> Comparison.LT;
            case "<=" -> Comparison.LE;
            case ">" -> Comparison.GT;
            case ">=" -> Comparison.GE;
            default -> null;
          };
    } else if (token.isName("in")) {
      found = Comparison.IN;
    } else if (token.isName("not") && tokens.peek().isName("in")) {
      tokens.next();
      found = Comparison.NOT_IN;
    }
    if (found != null) {
      tokens.next();
    }
    return found;
  }

  private Expr sum() {
    Expr left = concat();
    while (true) {
      if (tokens.skipOperator("+")) {
        left = new Expr.Binary(Operator.ADD, left, concat());
      } else if (tokens.skipOperator("-")) {
        left = new Expr.Binary(Operator.SUBTRACT, left, concat());
      } else {
        return left;
      }
    }
  }

  private Expr concat() {
    Expr first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(parts);
  }

  private Expr product() {
    Expr left = power();
    while (true) {
      Operator operator = null;
      if (tokens.current().is(Kind.OPERATOR)) {
        operator =
            switch (tokens.current().text()) {
              case "*" -> Operator.MULTIPLY;
              case "/" -> Operator.DIVIDE;
              case "//" -> Operator.FLOOR_DIVIDE;
              case "%" -> Operator.MODULO;
              default -> null;
            };
      }
      if (operator == null) {
        return left;
      }
      tokens.next();
      left = new Expr.Binary(operator, left, power());
    }
  }

  private Expr power() {
    Expr left = unary(true);
    while (tokens.skipOperator("**")) {
      left = new Expr.Binary(Operator.POWER, left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilter) {
    tokens.enter();
    Expr expr;
    if (tokens.skipOperator("-")) {
      expr = new Expr.Sign(true, unary(false));
    } else if (tokens.skipOperator("+")) {
      expr = new Expr.Sign(false, unary(false));
    } else {
      expr = primaries.primary();
    }
    expr = primaries.postfix(expr);
    expr = withFilter ? filtersAndTests(expr) : expr;
    tokens.leave();
    return expr;
  }

  private Expr filtersAndTests(Expr start) {
    Expr expr = start;
    while (true) {
      if (tokens.current().isOperator("|")) {
        expr = filters(expr);
      } else if (tokens.skipName("is")) {
        expr = test(expr);
      } else if (tokens.current().isOperator("(")) {
        expr = new Expr.Call(expr, primaries.arguments());
      } else {
        return expr;
      }
    }
  }

  /** The filters that follow, each behind a bar. */
  Expr filters(Expr input) {
    Expr expr = input;
    while (tokens.skipOperator("|")) {
      expr = filter(expr);
    }
    return expr;
  }

  /** One filter, its bar already read. */
  Expr filter(Expr input) {
    int line = tokens.current().line();
    String name = dotted();
    boolean given = tokens.current().isOperator("(");
    return new Expr.Filter(input, name, given ? primaries.arguments() : Arguments.NONE, line);
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.expectName());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    int line = tokens.current().line();
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Arguments arguments = Arguments.NONE;
    Token token = tokens.current();
    if (token.isOperator("(")) {
      arguments = primaries.arguments();
    } else if (startsArgument(token)) {
      if (token.isName("is")) {
        throw tokens.fail("You cannot chain multiple tests with is");
      }
      arguments =
          new Arguments(List.of(primaries.postfix(primaries.primary())), List.of(), null, null);
    }
    Expr test = new Expr.Test(input, name, arguments, line);
    return negated ? new Expr.Not(test) : test;
  }

  private static boolean startsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }

  /** What can be assigned to, up to the name that ends it. */
  Target target(boolean withNamespace, @Nullable String end) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tupleEnds(end) || tokens.current().isOperator("=")) {
        break;
      }
      targets.add(oneTarget(withNamespace));
      if (!tokens.current().isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw tokens.fail("Expected a name, got '%s'".formatted(tokens.current().describe()));
    }
    return isTuple ? new Expr.Targets(targets) : targets.getFirst();
  }

  private Target oneTarget(boolean withNamespace) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = target(withNamespace, null);
      tokens.expectOperator(")");
      tokens.leave();
      return inner;
    }
    Token token = tokens.current();
    Name name = name();
    if (withNamespace && tokens.skipOperator(".")) {
      return new Expr.Field(name, tokens.expectName());
    }
    if (PrimaryParser.constantOrVariable(token) instanceof Expr.Const) {
      throw tokens.fail("can't assign to '%s'".formatted(token.text()));
    }
    return name;
  }

  /** A plain name. */
  Name name() {
    return new Name(tokens.expectName());
  }
}
