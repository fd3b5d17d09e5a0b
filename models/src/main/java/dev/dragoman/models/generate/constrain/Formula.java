package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which values a place may hold: schemas joined by and, or, not. Evaluated only when needed. */
sealed interface Formula {
  Formula TRUE = new All();
  Formula FALSE = new Nothing();

  /** Every value. */
  record All() implements Formula {}

  /** No value. */
  record Nothing() implements Formula {}

  /** What a schema allows. */
  record Atom(SchemaNode schema) implements Formula {}

  /** One value. */
  record Constant(JsonNode value) implements Formula {}

  /** What all allow. */
  record And(Set<Formula> parts) implements Formula {}

  /** What one at least allows. */
  record Or(Set<Formula> parts) implements Formula {}

  /** What it does not allow. */
  record Not(Formula part) implements Formula {}

  static Formula of(SchemaNode schema) {
    if (schema.json().isBoolean()) {
      return schema.json().booleanValue() ? TRUE : FALSE;
    }
    return schema.json().isObject() && schema.json().isEmpty() ? TRUE : new Atom(schema);
  }

  static Formula and(Formula left, Formula right) {
    if (left.equals(FALSE) || right.equals(FALSE)) {
      return FALSE;
    }
    if (left.equals(TRUE) || left.equals(right)) {
      return right;
    }
    if (right.equals(TRUE)) {
      return left;
    }
    Set<Formula> parts = new LinkedHashSet<>();
    for (Formula part : List.of(left, right)) {
      parts.addAll(part instanceof And(Set<Formula> inner) ? inner : Set.of(part));
    }
    return new And(Collections.unmodifiableSet(parts));
  }

  static Formula not(Formula part) {
    return switch (part) {
      case All() -> FALSE;
      case Nothing() -> TRUE;
      case Not(Formula inner) -> inner;
      case Atom atom -> new Not(atom);
      case Constant constant -> new Not(constant);
      case And and -> new Not(and);
      case Or or -> new Not(or);
    };
  }
}
