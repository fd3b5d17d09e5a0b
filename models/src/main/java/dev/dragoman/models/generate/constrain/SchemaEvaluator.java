package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.generate.constrain.Formula.All;
import dev.dragoman.models.generate.constrain.Formula.And;
import dev.dragoman.models.generate.constrain.Formula.Atom;
import dev.dragoman.models.generate.constrain.Formula.Constant;
import dev.dragoman.models.generate.constrain.Formula.Not;
import dev.dragoman.models.generate.constrain.Formula.Nothing;
import dev.dragoman.models.generate.constrain.Formula.Or;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Works out which values a formula allows. What a property or an item may be stays a formula, so
 * that recursive schemas end.
 */
final class SchemaEvaluator {
  private static final int DEEPEST = 300;

  private final SchemaDocument document;
  private final ValueAlgebra values;
  private final SchemaKeywords keywords;
  private final Map<Formula, ValueSet> known = new HashMap<>();
  private final Set<Formula> open = new HashSet<>();

  /** A schema asks about itself before it has said anything. */
  private static final class Circular extends ModelException {
    private static final long serialVersionUID = 1;

    Circular(String pointer) {
      super(
          "JSON schema, at \"%s\": a schema that refers to itself with nothing between"
              .formatted(pointer));
    }
  }

  SchemaEvaluator(SchemaDocument document, ValueAlgebra values) {
    this.document = document;
    this.values = values;
    this.keywords = new SchemaKeywords(document, values, this);
  }

  ValueAlgebra values() {
    return values;
  }

  ValueSet evaluate(Formula formula) {
    ValueSet done = known.get(formula);
    if (done != null) {
      return done;
    }
    String where = formula instanceof Atom(SchemaNode schema) ? schema.pointer() : "";
    if (!open.add(formula)) {
      throw new Circular(where);
    }
    Budget.limit("schemas applied to one value, one inside the other", open.size(), DEEPEST);
    try {
      done = compute(formula);
    } finally {
      open.remove(formula);
    }
    known.put(formula, done);
    Budget.limit("combinations of schemas", known.size(), 50_000);
    return done;
  }

  private ValueSet compute(Formula formula) {
    return switch (formula) {
      case All() -> values.any;
      case Nothing() -> values.none;
      case Atom(SchemaNode schema) -> keywords.evaluate(schema);
      case Constant(JsonNode value) -> constant(value);
      case And(Set<Formula> parts) -> {
        ValueSet all = values.any;
        for (Formula part : parts) {
          all = values.intersection(all, evaluate(part));
        }
        yield all;
      }
      case Or(Set<Formula> parts) -> {
        ValueSet some = values.none;
        for (Formula part : parts) {
          some = values.union(some, evaluate(part));
        }
        yield some;
      }
      case Not(Formula part) ->
          complement(
              evaluate(part), part instanceof Atom(SchemaNode schema) ? schema.pointer() : "");
    };
  }

  /** The complement, or a refusal that names the place. */
  ValueSet complement(ValueSet set, String pointer) {
    try {
      return values.complement(set);
    } catch (ValueAlgebra.NoComplement e) {
      throw SchemaDocument.refused(pointer, "its opposite is needed, but " + e.getMessage());
    }
  }

  private ValueSet constant(JsonNode value) {
    ValueSet none = values.none;
    return switch (value.getNodeType()) {
      case NULL ->
          new ValueSet(
              true, false, false, none.numbers(), none.strings(), List.of(), List.of(), null);
      case BOOLEAN ->
          new ValueSet(
              false,
              value.booleanValue(),
              !value.booleanValue(),
              none.numbers(),
              none.strings(),
              List.of(),
              List.of(),
              null);
      case NUMBER -> none.withNumbers(values.numbers.equalTo(JsonNumbers.decimal(value)));
      case STRING -> none.withStrings(values.sets.literals(List.of(value.textValue())), null);
      case ARRAY -> {
        List<Formula> items = new ArrayList<>();
        value.forEach(item -> items.add(new Constant(item)));
        yield none.withArrays(
            List.of(
                new ArraySet(items, Formula.FALSE, items.size(), items.size(), List.of(), null)));
      }
      case OBJECT -> {
        Map<String, Formula> named = new LinkedHashMap<>();
        value
            .properties()
            .forEach(entry -> named.put(entry.getKey(), new Constant(entry.getValue())));
        ObjectSet object = ObjectSet.any(values.strings.any);
        for (Map.Entry<String, Formula> entry : named.entrySet()) {
          object = object.with(entry.getKey(), entry.getValue(), values.sets);
        }
        yield none.withObjects(
            List.of(object.requiring(named.keySet()).withBounds(named.size(), named.size())));
      }
      case BINARY, MISSING, POJO ->
          throw new ModelException("A JSON schema holds a value that is no JSON: " + value);
    };
  }

  /** Whether it can be shown that no value is in the set; looks so many levels deep. */
  boolean surelyEmpty(ValueSet set, int levels) {
    if (set.narrowed() != null
        || set.hasNull()
        || set.hasTrue()
        || set.hasFalse()
        || !set.numbers().isEmpty()
        || !set.strings().isEmpty()) {
      return false;
    }
    for (ArraySet arrays : set.arrays()) {
      if (!surelyEmpty(arrays, levels)) {
        return false;
      }
    }
    for (ObjectSet objects : set.objects()) {
      if (!surelyEmpty(objects, levels)) {
        return false;
      }
    }
    return true;
  }

  private boolean surelyEmpty(ArraySet arrays, int levels) {
    if (arrays.plainlyEmpty()) {
      return true;
    }
    for (int i = 0; i < Math.min(arrays.min(), arrays.prefix().size() + 1); i++) {
      if (surelyEmpty(arrays.at(i), levels - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean surelyEmpty(ObjectSet objects, int levels) {
    if (objects.plainlyEmpty()) {
      return true;
    }
    for (String name : objects.required()) {
      if (surelyEmpty(objects.at(name), levels - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean surelyEmpty(Formula formula, int levels) {
    if (levels < 0) {
      return false;
    }
    try {
      return surelyEmpty(evaluate(formula), levels);
    } catch (Circular e) {
      return false;
    }
  }

  SchemaDocument document() {
    return document;
  }
}
