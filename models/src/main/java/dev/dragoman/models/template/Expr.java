package dev.dragoman.models.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expr {
  /** A literal. */
  record Const(Value value) implements Expr {}

  /** A variable. */
  record Variable(Name name) implements Expr {}

  /** The text that a block has gathered for the filter behind it. */
  record Captured() implements Expr {}

  /** {@code [a, b]}. */
  record ListOf(List<Expr> items) implements Expr {}

  /** {@code (a, b)}. */
  record TupleOf(List<Expr> items) implements Expr {}

  /** {@code {a: b}}, key and value in turn. */
  record DictOf(List<Expr> keysAndValues) implements Expr {}

  /** {@code a.name}. */
  record Attribute(Expr of, Value.Str name) implements Expr {}

  /** {@code a[index]}. */
  record Item(Expr of, Expr index) implements Expr {}

  /** {@code a[from:to:step]}. */
  record Slice(Expr of, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step)
      implements Expr {}

  /** {@code f(arguments)}. */
  record Call(Expr function, Arguments arguments) implements Expr {}

  /** {@code a|name(arguments)}. */
  record Filter(Expr input, String name, Arguments arguments, int line) implements Expr {}

  /** {@code a is name(arguments)}. */
  record Test(Expr input, String name, Arguments arguments, int line) implements Expr {}

  /** {@code -a} or {@code +a}. */
  record Sign(boolean negative, Expr of) implements Expr {}

  /** Two numbers, strings or lists and what to do with them. */
  record Binary(Operator operator, Expr left, Expr right) implements Expr {}

  /** {@code a and b}, the value of the one that decides. */
  record And(Expr left, Expr right) implements Expr {}

  /** {@code a or b}, the value of the one that decides. */
  record Or(Expr left, Expr right) implements Expr {}

  /** {@code not a}. */
  record Not(Expr of) implements Expr {}

  /** {@code a < b <= c}. */
  record Compare(Expr first, List<Operand> rest) implements Expr {}

  /** {@code a ~ b}. */
  record Concat(List<Expr> parts) implements Expr {}

  /** {@code a if test else b}. */
  record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int line) implements Expr {}

  /** One step of a comparison. */
  record Operand(Comparison comparison, Expr right) {}

  /** What a call is given. */
  record Arguments(
      List<Expr> positional, List<Named> named, @Nullable Expr star, @Nullable Expr doubleStar) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);
  }

  /** {@code name=value}. */
  record Named(String name, Expr value) {}

  /** Arithmetic, with the sign that messages use. */
  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    final String sign;

    Operator(String sign) {
      this.sign = sign;
    }
  }

  /** Comparisons, with the sign that messages use. */
  enum Comparison {
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    IN("in"),
    NOT_IN("not in");

    final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }
  }

  /** What can be assigned to. */
  sealed interface Target {}

  /** {@code a, b = ...}. */
  record Targets(List<Target> targets) implements Target {}

  /** {@code namespace.field = ...}. */
  record Field(Name namespace, String field) implements Target {}

  /** A name in the template. {@link Scopes} gives it its place once the whole template is known. */
  final class Name implements Target {
    private final String text;
    private final Value.Undefined missing;
    private Slot slot = new Slot(0, 0);
    private int hops;

    Name(String text) {
      this.text = text;
      this.missing = Value.Undefined.variable(text);
    }

    void place(Slot place, int functionsUp) {
      slot = place;
      hops = functionsUp;
    }

    String text() {
      return text;
    }

    Slot slot() {
      return slot;
    }

    Value load(Frame frame) {
      Value value = frame.get(slot, hops);
      return value == Value.Undefined.MISSING ? missing : value;
    }
  }
}
