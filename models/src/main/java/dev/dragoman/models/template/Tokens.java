package dev.dragoman.models.template;

import dev.dragoman.models.template.Token.Kind;
import java.util.List;
import java.util.function.Supplier;

/** The tokens of a template, one after the other. */
final class Tokens {
  /** How deep expressions and blocks may nest in the source. */
  private static final int MAX_DEPTH = 150;

  private final List<Token> tokens;
  private int at;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token peek() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** The current token, and goes on to the one behind it. */
  Token next() {
    Token token = tokens.get(at);
    if (at + 1 < tokens.size()) {
      at++;
    }
    return token;
  }

  int position() {
    return at;
  }

  /** Reads once more what starts at a position, and comes back. */
  <T> T again(int position, Supplier<T> reader) {
    int back = at;
    at = position;
    T read = reader.get();
    at = back;
    return read;
  }

  boolean skipName(String name) {
    boolean found = current().isName(name);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = current().isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  String expectName() {
    return expect(Kind.NAME).text();
  }

  Token expect(Kind kind) {
    if (!current().is(kind)) {
      throw expected(kind.title);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw expected(operator);
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw expected(name);
    }
  }

  private TemplateFailure expected(String what) {
    return current().is(Kind.END)
        ? fail("unexpected end of template, expected '%s'".formatted(what))
        : fail("expected token '%s', got '%s'".formatted(what, current().describe()));
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailure(
              TemplateFailure.Kind.LIMIT,
              "the source nests deeper than the limit of %d".formatted(MAX_DEPTH))
          .at(current().line());
    }
  }

  void leave() {
    depth--;
  }

  TemplateFailure fail(String detail) {
    return new TemplateFailure(TemplateFailure.Kind.SYNTAX, detail).at(current().line());
  }
}
