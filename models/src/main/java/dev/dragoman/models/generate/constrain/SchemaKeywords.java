package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each keyword of a schema allows. A keyword that is not known is refused by name. */
final class SchemaKeywords {
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$anchor",
          "$dynamicAnchor",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType",
          "contentSchema");

  private final SchemaDocument document;
  private final ValueAlgebra values;
  private final SchemaEvaluator evaluator;
  private final ObjectKeywords objects;
  private final ArrayKeywords arrays;

  SchemaKeywords(SchemaDocument document, ValueAlgebra values, SchemaEvaluator evaluator) {
    this.document = document;
    this.values = values;
    this.evaluator = evaluator;
    this.objects = new ObjectKeywords(document, values, evaluator);
    this.arrays = new ArrayKeywords(document);
  }

  ValueSet evaluate(SchemaNode schema) {
    JsonNode json = schema.json();
    if (json.isBoolean()) {
      return json.booleanValue() ? values.any : values.none;
    }
    if (json.has("$ref") && document.referencesStandAlone()) {
      return keyword(schema, "$ref", json.get("$ref"));
    }
    ValueSet set = values.any;
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      String name = entry.getKey();
      if (ANNOTATIONS.contains(name) || name.startsWith("x-")) {
        continue;
      }
      String pointer = SchemaDocument.child(schema.pointer(), name);
      ValueSet allowed;
      try {
        allowed = keyword(schema, name, entry.getValue());
      } catch (ModelException e) {
        throw located(e, pointer);
      }
      set = values.intersection(set, allowed);
    }
    if (objects.concerns(json)) {
      set = values.intersection(set, values.any.withObjects(List.of(objects.properties(schema))));
    }
    if (arrays.concerns(json)) {
      set = values.intersection(set, values.any.withArrays(List.of(arrays.items(schema))));
    }
    return set;
  }

  private static ModelException located(ModelException e, String pointer) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("JSON schema, at") ? e : SchemaDocument.refused(pointer, message);
  }

  private ValueSet keyword(SchemaNode schema, String name, JsonNode value) {
    String pointer = SchemaDocument.child(schema.pointer(), name);
    return switch (name) {
      case "$ref" -> evaluator.evaluate(Formula.of(document.target(schema, text(value, pointer))));
      case "type" -> type(value, pointer);
      case "enum" -> enumeration(value, pointer);
      case "const" -> evaluator.evaluate(new Formula.Constant(value));
      case "allOf" -> {
        ValueSet all = values.any;
        for (Formula part : list(pointer, value)) {
          all = values.intersection(all, evaluator.evaluate(part));
        }
        yield all;
      }
      case "anyOf" -> {
        ValueSet some = values.none;
        for (Formula part : list(pointer, value)) {
          some = values.union(some, evaluator.evaluate(part));
        }
        yield some;
      }
      case "oneOf" -> oneOf(list(pointer, value), pointer);
      case "not" ->
          evaluator.complement(evaluator.evaluate(Formula.of(document.at(pointer))), pointer);
      case "if" -> conditional(schema, pointer);
      case "then", "else" -> values.any;
      case "minimum" -> numbers(values.numbers.atLeast(number(value, pointer), true));
      case "exclusiveMinimum" -> numbers(values.numbers.atLeast(number(value, pointer), false));
      case "maximum" -> numbers(values.numbers.atMost(number(value, pointer), true));
      case "exclusiveMaximum" -> numbers(values.numbers.atMost(number(value, pointer), false));
      case "multipleOf" -> {
        BigDecimal factor = number(value, pointer);
        if (factor.signum() <= 0) {
          throw SchemaDocument.refused(pointer, "must be above 0");
        }
        yield numbers(values.numbers.multiplesOf(factor));
      }
      case "minLength" -> length(JsonNumbers.count(value, pointer), RegexNode.UNBOUNDED, pointer);
      case "maxLength" -> length(0, JsonNumbers.count(value, pointer), pointer);
      case "pattern" -> values.any.withStrings(values.strings.pattern(text(value, pointer)), null);
      case "format" -> format(text(value, pointer), pointer);
      default -> {
        if (objects.knows(name)) {
          yield values.any.withObjects(objects.keyword(schema, name, value, pointer));
        }
        if (arrays.knows(name)) {
          yield values.any.withArrays(List.of(arrays.keyword(schema, name, value, pointer)));
        }
        throw SchemaDocument.refused(pointer, "the keyword " + name + " is not supported");
      }
    };
  }

  private List<Formula> list(String pointer, JsonNode value) {
    List<Formula> parts = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      parts.add(Formula.of(document.at(pointer + "/" + i)));
    }
    return parts;
  }

  static String text(JsonNode value, String pointer) {
    if (!value.isTextual()) {
      throw SchemaDocument.refused(pointer, "must be a string");
    }
    return value.textValue();
  }

  private static BigDecimal number(JsonNode value, String pointer) {
    if (!value.isNumber()) {
      throw SchemaDocument.refused(pointer, "must be a number");
    }
    return JsonNumbers.decimal(value);
  }

  private ValueSet numbers(ByteDfa set) {
    return values.any.withNumbers(set);
  }

  private ValueSet type(JsonNode value, String pointer) {
    ValueSet some = values.none;
    if (value.isArray()) {
      for (JsonNode name : value) {
        some = values.union(some, ofType(text(name, pointer), pointer));
      }
      return some;
    }
    return ofType(text(value, pointer), pointer);
  }

  private ValueSet ofType(String type, String pointer) {
    ValueSet any = values.any;
    ValueSet none = values.none;
    return switch (type) {
      case "null" ->
          new ValueSet(
              true, false, false, none.numbers(), none.strings(), List.of(), List.of(), null);
      case "boolean" ->
          new ValueSet(
              false, true, true, none.numbers(), none.strings(), List.of(), List.of(), null);
      case "number" -> none.withNumbers(any.numbers());
      case "integer" -> none.withNumbers(values.numbers.integers);
      case "string" -> none.withStrings(any.strings(), null);
      case "array" -> none.withArrays(any.arrays());
      case "object" -> none.withObjects(any.objects());
      default -> throw SchemaDocument.refused(pointer, "there is no type " + type);
    };
  }

  private ValueSet enumeration(JsonNode value, String pointer) {
    if (!value.isArray()) {
      throw SchemaDocument.refused(pointer, "must be a list");
    }
    ValueSet some = values.none;
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (item.isTextual()) {
        texts.add(item.textValue());
      } else {
        some = values.union(some, evaluator.evaluate(new Formula.Constant(item)));
      }
    }
    return texts.isEmpty()
        ? some
        : values.union(some, values.none.withStrings(values.sets.literals(texts), null));
  }

  /** Exactly one: each branch without the others, where it cannot be shown that they differ. */
  private ValueSet oneOf(List<Formula> branches, String pointer) {
    Budget.limit("branches of oneOf", branches.size(), 256);
    List<ValueSet> sets = branches.stream().map(evaluator::evaluate).toList();
    ValueSet one = values.none;
    for (int i = 0; i < sets.size(); i++) {
      ValueSet only = sets.get(i);
      for (int j = 0; j < sets.size(); j++) {
        if (i != j && !disjoint(sets.get(i), sets.get(j))) {
          only = without(only, sets.get(j), pointer, j);
        }
      }
      one = values.union(one, only);
    }
    return one;
  }

  private boolean disjoint(ValueSet left, ValueSet right) {
    return evaluator.surelyEmpty(values.intersection(left, right), 4);
  }

  private ValueSet without(ValueSet set, ValueSet other, String pointer, int branch) {
    try {
      return values.intersection(set, values.complement(other));
    } catch (ValueAlgebra.NoComplement e) {
      throw SchemaDocument.refused(
          pointer,
          "the branches of oneOf cannot be shown to exclude each other, and branch %d: %s"
              .formatted(branch, e.getMessage()));
    }
  }

  private ValueSet conditional(SchemaNode schema, String pointer) {
    boolean hasThen = schema.json().has("then");
    boolean hasElse = schema.json().has("else");
    if (!hasThen && !hasElse) {
      return values.any;
    }
    ValueSet condition = evaluator.evaluate(Formula.of(document.at(pointer)));
    ValueSet then = branch(schema, "then", hasThen);
    ValueSet otherwise = branch(schema, "else", hasElse);
    if (condition.narrowed() != null) {
      throw SchemaDocument.refused(pointer, "its opposite is needed, but " + condition.narrowed());
    }
    return values.union(
        values.intersection(condition, then),
        values.intersection(evaluator.complement(condition, pointer), otherwise));
  }

  private ValueSet branch(SchemaNode schema, String name, boolean present) {
    return present
        ? evaluator.evaluate(Formula.of(document.at(SchemaDocument.child(schema.pointer(), name))))
        : values.any;
  }

  private ValueSet length(int min, int max, String pointer) {
    if (min > StringSets.LONGEST) {
      throw SchemaDocument.refused(
          pointer, "strings longer than %d are not supported".formatted(StringSets.LONGEST));
    }
    if (max == RegexNode.UNBOUNDED) {
      return values.any.withStrings(values.strings.ofLength(min, max), null);
    }
    boolean cut = max > StringSets.LONGEST;
    return values.any.withStrings(
        values.strings.ofLength(min, cut ? StringSets.LONGEST : max),
        cut ? "strings are kept below %d characters".formatted(StringSets.LONGEST) : null);
  }

  private ValueSet format(String format, String pointer) {
    String expression = Formats.expression(format);
    if (expression == null) {
      throw SchemaDocument.refused(pointer, "the format " + format + " is not supported");
    }
    return values.any.withStrings(
        values.strings.whole(expression), "format narrows strings more than it must");
  }
}
