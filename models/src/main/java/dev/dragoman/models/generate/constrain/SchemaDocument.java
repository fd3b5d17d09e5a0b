package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All schemas of a document by their places, and what its references lead to. */
final class SchemaDocument {
  private static final int MOST_SCHEMAS = 20_000;
  private static final int MOST_VALUES = 200_000;
  private static final int DEEPEST = 200;
  private static final URI ROOT = URI.create("schema:/");

  private static final Set<String> ONE =
      Set.of(
          "additionalProperties",
          "additionalItems",
          "unevaluatedProperties",
          "unevaluatedItems",
          "propertyNames",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "contentSchema");
  private static final Set<String> LIST = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> NAMED =
      Set.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "dependencies",
          "$defs",
          "definitions");

  private final Map<String, SchemaNode> byPointer = new HashMap<>();
  private final Map<String, SchemaNode> resources = new HashMap<>();
  private final Map<String, SchemaNode> anchors = new HashMap<>();
  private final boolean referencesStandAlone;
  private final SchemaNode root;

  SchemaDocument(JsonNode json) {
    checkText(json);
    referencesStandAlone = oldDraft(json);
    visit(json, "", ROOT, 0);
    root = at("");
    resources.put(ROOT.toString(), root);
  }

  SchemaNode root() {
    return root;
  }

  /** Whether, as in draft 7 and before, nothing beside {@code $ref} counts. */
  boolean referencesStandAlone() {
    return referencesStandAlone;
  }

  private static boolean oldDraft(JsonNode json) {
    if (!json.has("$schema")) {
      return false;
    }
    String draft = json.get("$schema").asText().replaceAll("#$", "");
    return switch (draft) {
      case "https://json-schema.org/draft/2020-12/schema",
          "https://json-schema.org/draft/2019-09/schema" ->
          false;
      case "http://json-schema.org/draft-07/schema",
          "https://json-schema.org/draft-07/schema",
          "http://json-schema.org/draft-06/schema" ->
          true;
      default -> throw refused("/$schema", "the dialect " + draft + " is not supported");
    };
  }

  /** No half characters, which have no UTF-8 form; not too much, not too deep. */
  private static void checkText(JsonNode json) {
    record Level(JsonNode node, int depth) {}
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(json, 0));
    int count = 0;
    while (!open.isEmpty()) {
      Level level = open.pop();
      Budget.limit("values in the schema", ++count, MOST_VALUES);
      Budget.limit("levels of nested values", level.depth(), DEEPEST);
      if (level.node().isTextual()) {
        checkText(level.node().textValue());
      }
      level.node().fieldNames().forEachRemaining(SchemaDocument::checkText);
      level.node().forEach(child -> open.push(new Level(child, level.depth() + 1)));
    }
  }

  private static void checkText(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw refused("", "a text with half a character: " + text);
    }
  }

  static ModelException refused(String pointer, String why) {
    return new ModelException("JSON schema, at \"%s\": %s".formatted(pointer, why));
  }

  /** The schema at a JSON pointer that is known to hold one. */
  SchemaNode at(String pointer) {
    SchemaNode node = byPointer.get(pointer);
    if (node == null) {
      throw refused(pointer, "there is no schema");
    }
    return node;
  }

  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private void visit(JsonNode json, String pointer, URI outer, int depth) {
    Budget.limit("levels of nested schemas", depth, DEEPEST);
    Budget.limit("schemas", byPointer.size(), MOST_SCHEMAS);
    if (!json.isObject() && !json.isBoolean()) {
      throw refused(pointer, "a schema must be an object, true or false");
    }
    URI base = base(json, pointer, outer);
    SchemaNode node = new SchemaNode(json, pointer, base);
    byPointer.put(pointer, node);
    if (!base.equals(outer)) {
      resources.put(base.toString(), node);
    }
    for (String key : new String[] {"$anchor", "$dynamicAnchor"}) {
      if (json.path(key).isTextual()) {
        anchors.put(base + "#" + json.get(key).asText(), node);
      }
    }
    json.properties()
        .forEach(entry -> children(entry.getKey(), entry.getValue(), pointer, base, depth));
  }

  private void children(String key, JsonNode value, String pointer, URI base, int depth) {
    String here = child(pointer, key);
    if (ONE.contains(key) || key.equals("items") && !value.isArray()) {
      visit(value, here, base, depth + 1);
    } else if (LIST.contains(key) || key.equals("items")) {
      if (!value.isArray() || value.isEmpty() && !key.equals("items")) {
        throw refused(here, "must be a list of schemas");
      }
      for (int i = 0; i < value.size(); i++) {
        visit(value.get(i), here + "/" + i, base, depth + 1);
      }
    } else if (NAMED.contains(key)) {
      if (!value.isObject()) {
        throw refused(here, "must be an object of schemas");
      }
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        if (!key.equals("dependencies") || !entry.getValue().isArray()) {
          visit(entry.getValue(), child(here, entry.getKey()), base, depth + 1);
        }
      }
    }
  }

  private URI base(JsonNode json, String pointer, URI outer) {
    JsonNode id = json.path("$id");
    if (id.isMissingNode() || referencesStandAlone && json.has("$ref")) {
      return outer;
    }
    if (!id.isTextual()) {
      throw refused(pointer + "/$id", "must be a string");
    }
    URI resolved = resolve(outer, id.asText(), pointer + "/$id");
    String text = resolved.toString();
    int hash = text.indexOf('#');
    return hash < 0 ? resolved : resolve(outer, text.substring(0, hash), pointer + "/$id");
  }

  private static URI resolve(URI base, String reference, String pointer) {
    try {
      return reference.isEmpty() ? base : base.resolve(reference);
    } catch (IllegalArgumentException e) {
      throw refused(pointer, "is no URI");
    }
  }

  /** What a {@code $ref} leads to. */
  SchemaNode target(SchemaNode from, String reference) {
    String where = child(from.pointer(), "$ref");
    int hash = reference.indexOf('#');
    String path = hash < 0 ? reference : reference.substring(0, hash);
    String fragment = hash < 0 ? "" : reference.substring(hash + 1);
    URI uri = resolve(from.base(), path, where);
    SchemaNode resource = resources.get(uri.toString());
    if (resource == null) {
      throw refused(where, "$ref leads outside the document, to " + uri);
    }
    if (fragment.isEmpty()) {
      return resource;
    }
    String decoded = decoded(fragment, where);
    if (!decoded.startsWith("/")) {
      SchemaNode anchor = anchors.get(uri + "#" + decoded);
      if (anchor == null) {
        throw refused(where, "$ref leads to the unknown anchor " + decoded);
      }
      return anchor;
    }
    SchemaNode node = byPointer.get(resource.pointer() + decoded);
    if (node == null) {
      throw refused(where, "$ref leads to " + reference + ", which is no schema");
    }
    return node;
  }

  private static String decoded(String fragment, String where) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(where, "$ref is no URI");
    }
  }
}
