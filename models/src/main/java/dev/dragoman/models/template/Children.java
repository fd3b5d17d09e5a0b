package dev.dragoman.models.template;

import dev.dragoman.models.template.Expr.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The expressions an expression is made of, in the order of the source. */
final class Children {
  private Children() {}

  static List<Expr> of(Expr expr) {
    return switch (expr) {
      case Expr.Const _, Expr.Variable _, Expr.Captured _ -> List.of();
      case Expr.ListOf list -> list.items();
      case Expr.TupleOf tuple -> tuple.items();
      case Expr.DictOf dict -> dict.keysAndValues();
      case Expr.Attribute attribute -> List.of(attribute.of());
      case Expr.Item item -> List.of(item.of(), item.index());
      case Expr.Slice slice -> present(slice.of(), slice.from(), slice.to(), slice.step());
      case Expr.Call call -> with(call.function(), call.arguments());
      case Expr.Filter filter -> with(filter.input(), filter.arguments());
      case Expr.Test test -> with(test.input(), test.arguments());
      case Expr.Sign sign -> List.of(sign.of());
      case Expr.Binary binary -> List.of(binary.left(), binary.right());
      case Expr.And and -> List.of(and.left(), and.right());
      case Expr.Or or -> List.of(or.left(), or.right());
      case Expr.Not not -> List.of(not.of());
      case Expr.Compare compare -> {
        List<Expr> parts = new ArrayList<>(List.of(compare.first()));
        compare.rest().forEach(operand -> parts.add(operand.right()));
        yield parts;
      }
      case Expr.Concat concat -> concat.parts();
      case Expr.Conditional conditional ->
          present(conditional.test(), conditional.then(), conditional.otherwise());
    };
  }

  private static List<Expr> with(Expr first, Arguments arguments) {
    List<Expr> parts = new ArrayList<>(List.of(first));
    parts.addAll(arguments.positional());
    arguments.named().forEach(named -> parts.add(named.value()));
    parts.addAll(present(arguments.star(), arguments.doubleStar()));
    return parts;
  }

  private static List<Expr> present(@Nullable Expr... candidates) {
    List<Expr> parts = new ArrayList<>();
    for (Expr candidate : candidates) {
      if (candidate != null) {
        parts.add(candidate);
      }
    }
    return parts;
  }
}
