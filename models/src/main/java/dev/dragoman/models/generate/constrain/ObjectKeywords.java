package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.generate.constrain.ObjectSet.KeyClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keywords about objects. */
final class ObjectKeywords {
  private static final Set<String> ADJACENT =
      Set.of("properties", "patternProperties", "additionalProperties");
  private static final Set<String> KNOWN =
      Set.of(
          "required",
          "minProperties",
          "maxProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "unevaluatedProperties");
  private static final Set<String> CONDITIONAL =
      Set.of("anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$dynamicRef");

  private final SchemaDocument document;
  private final ValueAlgebra values;
  private final SchemaEvaluator evaluator;

  ObjectKeywords(SchemaDocument document, ValueAlgebra values, SchemaEvaluator evaluator) {
    this.document = document;
    this.values = values;
    this.evaluator = evaluator;
  }

  boolean concerns(JsonNode schema) {
    return ADJACENT.stream().anyMatch(schema::has);
  }

  boolean knows(String keyword) {
    return KNOWN.contains(keyword) || ADJACENT.contains(keyword);
  }

  private ObjectSet any() {
    return ObjectSet.any(values.strings.any);
  }

  List<ObjectSet> keyword(SchemaNode schema, String name, JsonNode value, String pointer) {
    return switch (name) {
      case "required" -> List.of(any().requiring(names(value, pointer)));
      case "minProperties" ->
          List.of(any().withBounds(JsonNumbers.count(value, pointer), ObjectSet.UNBOUNDED));
      case "maxProperties" -> List.of(any().withBounds(0, JsonNumbers.count(value, pointer)));
      case "propertyNames" -> List.of(propertyNames(pointer));
      case "dependentRequired", "dependentSchemas", "dependencies" -> dependencies(value, pointer);
      case "unevaluatedProperties" -> List.of(unevaluated(schema, pointer));
      default -> List.of(any());
    };
  }

  private static List<String> names(JsonNode value, String pointer) {
    if (!value.isArray()) {
      throw SchemaDocument.refused(pointer, "must be a list of names");
    }
    List<String> names = new ArrayList<>();
    value.forEach(name -> names.add(SchemaKeywords.text(name, pointer)));
    return names;
  }

  /** {@code properties}, {@code patternProperties} and {@code additionalProperties} together. */
  ObjectSet properties(SchemaNode schema) {
    Map<String, Formula> named = children(schema, "properties");
    Map<String, Formula> patterns = children(schema, "patternProperties");
    Formula additional = Formula.TRUE;
    if (schema.json().has("additionalProperties")) {
      additional =
          Formula.of(document.at(SchemaDocument.child(schema.pointer(), "additionalProperties")));
    }
    return objects(named, patterns, additional);
  }

  private ObjectSet objects(
      Map<String, Formula> named, Map<String, Formula> patterns, Formula additional) {
    Budget.limit("properties of one schema", named.size(), 500);
    Map<String, Formula> properties = new LinkedHashMap<>(named);
    List<KeyClass> classes = new ArrayList<>();
    classes.add(
        new KeyClass(
            values.sets.difference(values.strings.any, values.sets.literals(named.keySet())),
            Formula.TRUE));
    ByteDfa matched = values.sets.empty();
    for (Map.Entry<String, Formula> entry : patterns.entrySet()) {
      ByteDfa keys = values.strings.pattern(entry.getKey());
      properties.replaceAll(
          (name, value) -> keys.matches(name) ? Formula.and(value, entry.getValue()) : value);
      classes = divided(classes, keys, entry.getValue());
      matched = values.sets.union(matched, keys);
    }
    ByteDfa others = values.sets.difference(values.strings.any, matched);
    return new ObjectSet(
        properties, divided(classes, others, additional), Set.of(), 0, ObjectSet.UNBOUNDED);
  }

  /** Adds a condition on the properties with names of a set. */
  private List<KeyClass> divided(List<KeyClass> classes, ByteDfa keys, Formula value) {
    if (value.equals(Formula.TRUE)) {
      return classes;
    }
    List<KeyClass> parts = new ArrayList<>();
    for (KeyClass keyClass : classes) {
      ByteDfa inside = values.sets.intersection(keyClass.keys(), keys);
      ByteDfa outside = values.sets.difference(keyClass.keys(), keys);
      if (!inside.isEmpty()) {
        parts.add(new KeyClass(inside, Formula.and(keyClass.value(), value)));
      }
      if (!outside.isEmpty()) {
        parts.add(new KeyClass(outside, keyClass.value()));
      }
    }
    Budget.limit("classes of property names", parts.size(), 64);
    return parts;
  }

  private Map<String, Formula> children(SchemaNode schema, String keyword) {
    Map<String, Formula> children = new LinkedHashMap<>();
    String pointer = SchemaDocument.child(schema.pointer(), keyword);
    for (Map.Entry<String, JsonNode> entry : schema.json().path(keyword).properties()) {
      children.put(
          entry.getKey(), Formula.of(document.at(SchemaDocument.child(pointer, entry.getKey()))));
    }
    return children;
  }

  private ObjectSet propertyNames(String pointer) {
    ValueSet allowed = evaluator.evaluate(Formula.of(document.at(pointer)));
    if (allowed.narrowed() != null) {
      throw SchemaDocument.refused(pointer, "names cannot be checked: " + allowed.narrowed());
    }
    List<KeyClass> classes = new ArrayList<>();
    classes.add(new KeyClass(values.strings.any, Formula.TRUE));
    ByteDfa others = values.sets.difference(values.strings.any, allowed.strings());
    return new ObjectSet(
        Map.of(), divided(classes, others, Formula.FALSE), Set.of(), 0, ObjectSet.UNBOUNDED);
  }

  private List<ObjectSet> dependencies(JsonNode value, String pointer) {
    List<ObjectSet> all = List.of(any());
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String name = entry.getKey();
      String here = SchemaDocument.child(pointer, name);
      List<ObjectSet> allowed = new ArrayList<>();
      allowed.add(any().with(name, Formula.FALSE, values.sets));
      ObjectSet present = any().requiring(List.of(name));
      if (entry.getValue().isArray()) {
        allowed.add(present.requiring(names(entry.getValue(), here)));
      } else {
        for (ObjectSet wanted : evaluator.evaluate(Formula.of(document.at(here))).objects()) {
          allowed.add(present.and(wanted, values.sets));
        }
      }
      all =
          values
              .intersection(values.any.withObjects(all), values.any.withObjects(allowed))
              .objects();
    }
    return all;
  }

  private ObjectSet unevaluated(SchemaNode schema, String pointer) {
    Map<String, Formula> named = new LinkedHashMap<>();
    Map<String, Formula> patterns = new LinkedHashMap<>();
    boolean all = collect(schema, schema, pointer, named, patterns, new HashSet<>());
    Formula rest = all ? Formula.TRUE : Formula.of(document.at(pointer));
    named.replaceAll((name, value) -> Formula.TRUE);
    patterns.replaceAll((name, value) -> Formula.TRUE);
    return objects(named, patterns, rest);
  }

  /** Collects the properties that a schema surely evaluates; whether it is all of them. */
  private boolean collect(
      SchemaNode schema,
      SchemaNode top,
      String pointer,
      Map<String, Formula> named,
      Map<String, Formula> patterns,
      Set<SchemaNode> seen) {
    JsonNode json = schema.json();
    if (!seen.add(schema) || json.isBoolean()) {
      return false;
    }
    for (String keyword : CONDITIONAL) {
      if (json.has(keyword)) {
        throw SchemaDocument.refused(
            pointer, "unevaluatedProperties beside %s is not supported".formatted(keyword));
      }
    }
    named.putAll(children(schema, "properties"));
    patterns.putAll(children(schema, "patternProperties"));
    boolean all =
        json.has("additionalProperties") || schema != top && json.has("unevaluatedProperties");
    if (json.has("$ref")) {
      String reference =
          SchemaKeywords.text(json.get("$ref"), SchemaDocument.child(schema.pointer(), "$ref"));
      all |= collect(document.target(schema, reference), top, pointer, named, patterns, seen);
    }
    for (int i = 0; i < json.path("allOf").size(); i++) {
      SchemaNode part = document.at(SchemaDocument.child(schema.pointer(), "allOf") + "/" + i);
      all |= collect(part, top, pointer, named, patterns, seen);
    }
    return all;
  }
}
