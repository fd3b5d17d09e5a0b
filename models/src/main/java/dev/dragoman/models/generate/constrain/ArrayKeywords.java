package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.generate.constrain.ArraySet.Counted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The keywords about arrays. */
final class ArrayKeywords {
  private static final Set<String> ADJACENT = Set.of("items", "prefixItems", "additionalItems");
  private static final Set<String> KNOWN =
      Set.of(
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "unevaluatedItems");
  private static final Set<String> CONDITIONAL =
      Set.of("anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "contains", "$dynamicRef");

  private final SchemaDocument document;

  ArrayKeywords(SchemaDocument document) {
    this.document = document;
  }

  boolean concerns(JsonNode schema) {
    return ADJACENT.stream().anyMatch(schema::has);
  }

  boolean knows(String keyword) {
    return KNOWN.contains(keyword) || ADJACENT.contains(keyword);
  }

  ArraySet keyword(SchemaNode schema, String name, JsonNode value, String pointer) {
    return switch (name) {
      case "minItems" -> ArraySet.ofLength(JsonNumbers.count(value, pointer), ArraySet.UNBOUNDED);
      case "maxItems" -> ArraySet.ofLength(0, JsonNumbers.count(value, pointer));
      case "uniqueItems" ->
          new ArraySet(
              List.of(),
              Formula.TRUE,
              0,
              ArraySet.UNBOUNDED,
              List.of(),
              value.asBoolean() ? pointer : null);
      case "contains" -> contains(schema, pointer);
      case "unevaluatedItems" -> unevaluated(schema, pointer);
      default -> ArraySet.ANY;
    };
  }

  private ArraySet contains(SchemaNode schema, String pointer) {
    JsonNode json = schema.json();
    int min = 1;
    int max = ArraySet.UNBOUNDED;
    if (json.has("minContains")) {
      String here = SchemaDocument.child(schema.pointer(), "minContains");
      min = JsonNumbers.count(json.get("minContains"), here);
    }
    if (json.has("maxContains")) {
      String here = SchemaDocument.child(schema.pointer(), "maxContains");
      max = JsonNumbers.count(json.get("maxContains"), here);
    }
    if (min == 0 && max == ArraySet.UNBOUNDED) {
      return ArraySet.ANY;
    }
    return ArraySet.counting(new Counted(Formula.of(document.at(pointer)), min, max));
  }

  /** {@code prefixItems}, {@code items} in both its forms, and {@code additionalItems}. */
  ArraySet items(SchemaNode schema) {
    JsonNode json = schema.json();
    boolean old = json.path("items").isArray();
    List<Formula> prefix = list(schema, old ? "items" : "prefixItems");
    String others = old ? "additionalItems" : "items";
    Formula rest =
        json.has(others)
            ? Formula.of(document.at(SchemaDocument.child(schema.pointer(), others)))
            : Formula.TRUE;
    return ArraySet.ofItems(prefix, rest);
  }

  private List<Formula> list(SchemaNode schema, String keyword) {
    String pointer = SchemaDocument.child(schema.pointer(), keyword);
    List<Formula> parts = new ArrayList<>();
    for (int i = 0; i < schema.json().path(keyword).size(); i++) {
      parts.add(Formula.of(document.at(pointer + "/" + i)));
    }
    return parts;
  }

  private ArraySet unevaluated(SchemaNode schema, String pointer) {
    int evaluated = evaluated(schema, schema, pointer, new HashSet<>());
    if (evaluated == ArraySet.UNBOUNDED) {
      return ArraySet.ANY;
    }
    List<Formula> prefix = new ArrayList<>();
    for (int i = 0; i < evaluated; i++) {
      prefix.add(Formula.TRUE);
    }
    return ArraySet.ofItems(prefix, Formula.of(document.at(pointer)));
  }

  /** How many leading items a schema surely evaluates. */
  private int evaluated(SchemaNode schema, SchemaNode top, String pointer, Set<SchemaNode> seen) {
    JsonNode json = schema.json();
    if (!seen.add(schema) || json.isBoolean()) {
      return 0;
    }
    for (String keyword : CONDITIONAL) {
      if (json.has(keyword)) {
        throw SchemaDocument.refused(
            pointer, "unevaluatedItems beside %s is not supported".formatted(keyword));
      }
    }
    boolean old = json.path("items").isArray();
    boolean all =
        json.has(old ? "additionalItems" : "items")
            || schema != top && json.has("unevaluatedItems");
    int count = all ? ArraySet.UNBOUNDED : list(schema, old ? "items" : "prefixItems").size();
    if (json.has("$ref")) {
      String reference =
          SchemaKeywords.text(json.get("$ref"), SchemaDocument.child(schema.pointer(), "$ref"));
      count = Math.max(count, evaluated(document.target(schema, reference), top, pointer, seen));
    }
    for (int i = 0; i < json.path("allOf").size(); i++) {
      SchemaNode part = document.at(SchemaDocument.child(schema.pointer(), "allOf") + "/" + i);
      count = Math.max(count, evaluated(part, top, pointer, seen));
    }
    return count;
  }
}
