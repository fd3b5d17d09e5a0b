package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Target;
import dev.dragoman.models.template.Stmt.Block;
import dev.dragoman.models.template.Stmt.Function;
import dev.dragoman.models.template.Stmt.Parameter;
import dev.dragoman.models.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template: text, what is printed, and statements. */
final class Parser {
  private static final Set<String> REFUSED =
      Set.of("include", "import", "from", "extends", "block", "autoescape");

  private final Tokens tokens;
  private final ExprParser expressions;

  /** The tags that are open, the innermost first, and what each waits for. */
  private final ArrayDeque<Open> open = new ArrayDeque<>();

  /** How many loops are around, within the same function. */
  private int loops;

  private record Open(String tag, List<String> ends) {}

  private Parser(String source) {
    tokens = new Tokens(Lexer.tokenize(source));
    expressions = new ExprParser(tokens);
  }

  /** The whole template as a function without parameters. */
  static Function parse(String source) {
    Parser parser = new Parser(source);
    Function whole = new Function("template", List.of(), new Block(parser.statements()));
    Scopes.resolve(whole);
    return whole;
  }

  /** Statements up to one of the ends that the innermost open tag waits for. */
  private List<Stmt> statements() {
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Text(token.text()));
        case PRINT_BEGIN -> {
          body.add(new Stmt.Print(expressions.tuple(true, null), token.line()));
          tokens.expect(Kind.PRINT_END);
        }
        case BLOCK_BEGIN -> {
          Open innermost = open.peek();
          if (innermost != null
              && tokens.current().is(Kind.NAME)
              && innermost.ends().contains(tokens.current().text())) {
            return body;
          }
          body.addAll(statement());
          tokens.expect(Kind.BLOCK_END);
        }
        case END -> {
          if (open.isEmpty()) {
            return body;
          }
          throw tokens.fail("Unexpected end of template. " + expectation());
        }
        case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw tokens.fail("unexpected '%s'".formatted(token.describe()));
      }
    }
  }

  private String expectation() {
    Open innermost = open.peek();
    return innermost == null
        ? ""
        : "Expected '%s' for the innermost open block, '%s'."
            .formatted(String.join("' or '", innermost.ends()), innermost.tag());
  }

  /** The body of a tag, up to one of the ends; the end's name becomes the current token. */
  private List<Stmt> body(String tag, String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END);
    tokens.enter();
    open.push(new Open(tag, List.of(ends)));
    List<Stmt> body = statements();
    open.pop();
    tokens.leave();
    return body;
  }

  private List<Stmt> bodyToEnd(String tag) {
    List<Stmt> body = body(tag, "end" + tag);
    tokens.next();
    return body;
  }

  private List<Stmt> statement() {
    Token tag = tokens.current();
    if (!tag.is(Kind.NAME)) {
      throw tokens.fail("tag name expected, got '%s'".formatted(tag.describe()));
    }
    tokens.next();
    int line = tag.line();
    return switch (tag.text()) {
      case "set" -> List.of(set(line));
      case "if" -> List.of(ifBlock(line));
      case "for" -> List.of(forLoop(line));
      case "macro" -> List.of(macro(line));
      case "call" -> List.of(call(line));
      case "filter" -> List.of(filter(line));
      case "with" -> List.of(with(line));
      case "generation" -> List.of(new Stmt.Generation(function("generation", List.of()), line));
      case "print" -> print(line);
      case "break" -> List.of(inLoop(tag, new Stmt.Break()));
      case "continue" -> List.of(inLoop(tag, new Stmt.Continue()));
      default -> {
        if (REFUSED.contains(tag.text())) {
          throw new TemplateFailure(
                  TemplateFailure.Kind.UNSUPPORTED, "the tag '%s'".formatted(tag.text()))
              .at(line);
        }
        throw new TemplateFailure(
                TemplateFailure.Kind.SYNTAX,
                "Encountered unknown tag '%s'. %s".formatted(tag.text(), expectation()).strip())
            .at(line);
      }
    };
  }

  private Stmt inLoop(Token tag, Stmt stmt) {
    if (loops == 0) {
      throw new TemplateFailure(
              TemplateFailure.Kind.SYNTAX, "'%s' outside loop".formatted(tag.text()))
          .at(tag.line());
    }
    return stmt;
  }

  private Stmt set(int line) {
    Target target = expressions.target(true, null);
    if (tokens.skipOperator("=")) {
      return new Stmt.Assign(target, expressions.tuple(true, null), line);
    }
    Expr value = expressions.filters(new Expr.Captured());
    return new Stmt.AssignBlock(target, value, new Block(bodyToEnd("set")), line);
  }

  private Stmt.If ifBlock(int line) {
    Expr test = expressions.tuple(false, null);
    List<Stmt> body = body("if", "elif", "else", "endif");
    List<Stmt.If> elifs = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    Token end = tokens.next();
    while (end.isName("elif")) {
      Expr elifTest = expressions.tuple(false, null);
      List<Stmt> elifBody = body("if", "elif", "else", "endif");
      elifs.add(new Stmt.If(elifTest, elifBody, List.of(), List.of(), end.line()));
      end = tokens.next();
    }
    if (end.isName("else")) {
      otherwise = bodyToEnd("if");
    }
    return new Stmt.If(test, body, elifs, otherwise, line);
  }

  private Stmt forLoop(int line) {
    int targetAt = tokens.position();
    Target target = expressions.target(false, "in");
    tokens.expectName("in");
    Expr over = expressions.tuple(false, "recursive");
    Stmt.Test test = null;
    if (tokens.skipName("if")) {
      Expr condition = expressions.expression();
      Target again = tokens.again(targetAt, () -> expressions.target(false, "in"));
      test = new Stmt.Test(again, condition, new Block(List.of()));
    }
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Stmt> body = body("for", "else", "endfor");
    loops--;
    List<Stmt> otherwise = List.of();
    if (tokens.next().isName("else")) {
      otherwise = bodyToEnd("for");
    }
    return new Stmt.For(
        target,
        over,
        test,
        new Block(body),
        new Block(otherwise),
        new Name("loop"),
        recursive ? new Function("loop", List.of(), new Block(List.of())) : null,
        line);
  }

  private Stmt macro(int line) {
    Name name = expressions.name();
    List<Parameter> parameters = signature();
    return new Stmt.MacroOf(name, function("macro", name.text(), parameters), line);
  }

  private Function function(String tag, List<Parameter> parameters) {
    return function(tag, "caller", parameters);
  }

  private Function function(String tag, String title, List<Parameter> parameters) {
    int around = loops;
    loops = 0;
    Function function = new Function(title, parameters, new Block(bodyToEnd(tag)));
    loops = around;
    return function;
  }

  private List<Parameter> signature() {
    List<Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    boolean standards = false;
    while (!tokens.current().isOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Name name = expressions.name();
      @Nullable Expr standard = tokens.skipOperator("=") ? expressions.expression() : null;
      if (standard == null && standards) {
        throw tokens.fail("non-default argument follows default argument");
      }
      standards |= standard != null;
      parameters.add(new Parameter(name, standard));
    }
    tokens.expectOperator(")");
    return parameters;
  }

  private Stmt call(int line) {
    List<Parameter> parameters = tokens.current().isOperator("(") ? signature() : List.of();
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw tokens.fail("expected call");
    }
    return new Stmt.CallBlock(function("call", parameters), call, line);
  }

  private Stmt filter(int line) {
    Expr value = expressions.filters(expressions.filter(new Expr.Captured()));
    return new Stmt.FilterBlock(value, new Block(bodyToEnd("filter")), line);
  }

  private Stmt with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(expressions.target(false, null));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(targets, values, new Block(bodyToEnd("with")), line);
  }

  private List<Stmt> print(int line) {
    List<Stmt> prints = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!prints.isEmpty()) {
        tokens.expectOperator(",");
      }
      prints.add(new Stmt.Print(expressions.expression(), line));
    }
    return prints;
  }
}
