package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Arguments;
import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Named;
import dev.dragoman.models.template.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads literals and names, and the members, items and calls behind them. */
final class PrimaryParser {
  private final Tokens tokens;
  private final ExprParser expressions;

  PrimaryParser(Tokens tokens, ExprParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expr primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> constantOrVariable(token);
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (tokens.current().is(Kind.STRING)) {
          text.append(tokens.next().text());
        }
        yield new Expr.Const(new Value.Str(text.toString()));
      }
      case INTEGER -> new Expr.Const(Numbers.of(new BigInteger(token.text())));
      case FLOAT -> new Expr.Const(new Value.Real(Double.parseDouble(token.text())));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> new Expr.ListOf(items("]"));
            case "{" -> dictionary();
            default -> throw unexpected(token);
          };
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
    };
  }

  private TemplateFailure unexpected(Token token) {
    return tokens.fail("unexpected '%s', expected an expression".formatted(token.describe()));
  }

  static Expr constantOrVariable(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Const(Value.Bool.TRUE);
      case "false", "False" -> new Expr.Const(Value.Bool.FALSE);
      case "none", "None" -> new Expr.Const(Value.None.NONE);
      default -> new Expr.Variable(new Name(token.text()));
    };
  }

  private Expr parenthesised() {
    if (tokens.skipOperator(")")) {
      return new Expr.TupleOf(List.of());
    }
    Expr inner = expressions.tuple(true, null);
    tokens.expectOperator(")");
    return inner;
  }

  private List<Expr> items(String end) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.current().isOperator(end)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (!tokens.current().isOperator(end)) {
        items.add(expressions.expression());
      }
    }
    tokens.expectOperator(end);
    return items;
  }

  private Expr dictionary() {
    List<Expr> parts = new ArrayList<>();
    while (!tokens.current().isOperator("}")) {
      if (!parts.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (!tokens.current().isOperator("}")) {
        parts.add(expressions.expression());
        tokens.expectOperator(":");
        parts.add(expressions.expression());
      }
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(parts);
  }

  Expr postfix(Expr start) {
    Expr expr = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        expr = member(expr);
      } else if (tokens.skipOperator("[")) {
        expr = subscript(expr);
      } else if (tokens.current().isOperator("(")) {
        expr = new Expr.Call(expr, arguments());
      } else {
        return expr;
      }
    }
  }

  private Expr member(Expr of) {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> new Expr.Attribute(of, new Value.Str(token.text()));
      case INTEGER -> new Expr.Item(of, new Expr.Const(Numbers.of(new BigInteger(token.text()))));
      default -> throw tokens.fail("expected name or number, got '%s'".formatted(token.describe()));
    };
  }

  private Expr subscript(Expr of) {
    if (tokens.skipOperator("]")) {
      return new Expr.Item(of, new Expr.TupleOf(List.of()));
    }
    Expr from = tokens.current().isOperator(":") ? null : expressions.expression();
    if (from != null && !tokens.current().isOperator(":")) {
      if (tokens.skipOperator("]")) {
        return new Expr.Item(of, from);
      }
      tokens.expectOperator(",");
      List<Expr> parts = new ArrayList<>(List.of(from));
      parts.addAll(items("]"));
      return new Expr.Item(of, new Expr.TupleOf(parts));
    }
    tokens.expectOperator(":");
    Expr to = bound();
    Expr step = tokens.skipOperator(":") ? bound() : null;
    tokens.expectOperator("]");
    return new Expr.Slice(of, from, to, step);
  }

  private @Nullable Expr bound() {
    Token token = tokens.current();
    return token.isOperator(":") || token.isOperator("]") ? null : expressions.expression();
  }

  Arguments arguments() {
    tokens.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<Named> named = new ArrayList<>();
    Expr star = null;
    Expr doubleStar = null;
    boolean first = true;
    while (!tokens.current().isOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.current().isOperator(")")) {
          break;
        }
      }
      first = false;
      if (tokens.skipOperator("*")) {
        ensure(star == null && doubleStar == null);
        star = expressions.expression();
      } else if (tokens.skipOperator("**")) {
        ensure(doubleStar == null);
        doubleStar = expressions.expression();
      } else if (tokens.current().is(Kind.NAME) && tokens.peek().isOperator("=")) {
        ensure(doubleStar == null);
        String name = tokens.next().text();
        tokens.next();
        ensure(named.stream().noneMatch(n -> n.name().equals(name)));
        named.add(new Named(name, expressions.expression()));
      } else {
        ensure(star == null && doubleStar == null && named.isEmpty());
        positional.add(expressions.expression());
      }
    }
    tokens.expectOperator(")");
    return new Arguments(positional, named, star, doubleStar);
  }

  private void ensure(boolean holds) {
    if (!holds) {
      throw tokens.fail("invalid syntax for function call expression");
    }
  }
}
