package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Name;
import dev.dragoman.models.template.Expr.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Stmt {
  /** Text that is printed as it is. */
  record Text(String text) implements Stmt {}

  /** {@code {{ value }}}. */
  record Print(Expr value, int line) implements Stmt {}

  /** {@code {% set target = value %}}. */
  record Assign(Target target, Expr value, int line) implements Stmt {}

  /** {@code {% set target %} body {% endset %}}. */
  record AssignBlock(Target target, Expr value, Block body, int line) implements Stmt {}

  /** {@code {% if %}} with its {@code elif}s and {@code else}. */
  record If(Expr test, List<Stmt> body, List<If> elifs, List<Stmt> otherwise, int line)
      implements Stmt {}

  /** {@code {% for %}}. */
  record For(
      Target target,
      Expr over,
      @Nullable Test test,
      Block body,
      Block otherwise,
      Name loop,
      @Nullable Function recursive,
      int line)
      implements Stmt {}

  /** {@code if} behind {@code for}, with a target of its own. */
  record Test(Target target, Expr test, Block block) {}

  /** {@code {% with %}}. */
  record With(List<Target> targets, List<Expr> values, Block body, int line) implements Stmt {}

  /** {@code {% macro %}}. */
  record MacroOf(Name name, Function function, int line) implements Stmt {}

  /** {@code {% call %}}. */
  record CallBlock(Function caller, Expr.Call call, int line) implements Stmt {}

  /** {@code {% filter %}}. */
  record FilterBlock(Expr value, Block body, int line) implements Stmt {}

  /** {@code {% generation %}}: what the assistant says. */
  record Generation(Function body, int line) implements Stmt {}

  /** {@code {% break %}}. */
  record Break() implements Stmt {}

  /** {@code {% continue %}}. */
  record Continue() implements Stmt {}

  /** Statements with variables of their own. {@link Scopes} says what these start with. */
  final class Block {
    private final List<Stmt> body;
    private List<Load> loads = List.of();

    Block(List<Stmt> body) {
      this.body = body;
    }

    List<Stmt> body() {
      return body;
    }

    List<Load> loads() {
      return loads;
    }

    void loads(List<Load> start) {
      loads = start;
    }
  }

  /** A macro, the body of a call, or a recursive loop: it is run in a frame of its own. */
  final class Function {
    private final String title;
    private final List<Parameter> parameters;
    private final Block block;
    private @Nullable Name caller;
    private @Nullable Name named;
    private @Nullable Name positional;
    private int size;

    Function(String title, List<Parameter> parameters, Block block) {
      this.title = title;
      this.parameters = parameters;
      this.block = block;
    }

    /** Says which of the names that every macro has are used in this one. */
    void special(@Nullable Name caller, @Nullable Name named, @Nullable Name positional) {
      this.caller = caller;
      this.named = named;
      this.positional = positional;
    }

    void size(int slots) {
      size = slots;
    }

    String title() {
      return title;
    }

    List<Parameter> parameters() {
      return parameters;
    }

    Block block() {
      return block;
    }

    @Nullable Name caller() {
      return caller;
    }

    @Nullable Name named() {
      return named;
    }

    @Nullable Name positional() {
      return positional;
    }

    int size() {
      return size;
    }
  }

  /** A parameter of a macro. */
  record Parameter(Name name, @Nullable Expr standard) {}

  /** How a variable gets its first value. */
  sealed interface Load {
    Slot slot();
  }

  /** From what the caller of the template gave. */
  record FromContext(Slot slot, String name) implements Load {}

  /** From the variable of the same name further out. */
  record FromOuter(Slot slot, Slot outer, int hops) implements Load {}

  /** It has none yet. */
  record Unset(Slot slot) implements Load {}
}
