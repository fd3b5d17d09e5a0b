package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Makes up schemas, with all keywords in all combinations, and small values. */
final class RandomSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NAMES = List.of("a", "b", "ab", "c", "name");
  private static final List<String> PATTERNS =
      List.of("^a", "b$", "^[a-c]{1,2}$", "a|c", "^[^a]", "[0-9]", "^(ab)*$", "^.{2}$");
  private static final List<String> TYPES =
      List.of("null", "boolean", "integer", "number", "string", "array", "object");

  private final Random random;

  RandomSchemas(long seed) {
    random = new Random(seed);
  }

  JsonNode next() {
    return schema(3);
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private JsonNode schema(int depth) {
    if (random.nextInt(12) == 0) {
      return BooleanNode.valueOf(random.nextInt(4) > 0);
    }
    ObjectNode schema = JSON.objectNode();
    if (random.nextInt(4) > 0) {
      if (random.nextInt(4) == 0) {
        schema.putArray("type").add(one(TYPES)).add("string");
      } else {
        schema.put("type", one(TYPES));
      }
    }
    int keywords = random.nextInt(depth + 2);
    for (int i = 0; i < keywords; i++) {
      add(schema, depth);
    }
    return schema;
  }

  private void add(ObjectNode schema, int depth) {
    boolean deep = depth > 0;
    switch (random.nextInt(deep ? 33 : 12)) {
      case 0 -> schema.put("minimum", number());
      case 1 -> schema.put("maximum", number());
      case 2 -> schema.put("exclusiveMinimum", number());
      case 3 -> schema.put("exclusiveMaximum", number());
      case 4 ->
          schema.put("multipleOf", new BigDecimal(one(List.of("1", "2", "0.5", "0.2", "5", "10"))));
      case 5 -> schema.put("minLength", random.nextInt(3));
      case 6 -> schema.put("maxLength", random.nextInt(5));
      case 7 -> schema.put("pattern", one(PATTERNS));
      case 8 -> schema.set("const", value());
      case 9 -> schema.putArray("enum").add(value()).add(value()).add(value());
      case 10 -> schema.put("minProperties", random.nextInt(3));
      case 11 -> schema.put("maxProperties", random.nextInt(4));
      case 12, 13, 14 -> properties(schema.putObject("properties"), depth);
      case 15 -> schema.set("additionalProperties", schema(depth - 1));
      case 16 -> schema.putObject("patternProperties").set(one(PATTERNS), schema(depth - 1));
      case 17 -> schema.putObject("propertyNames").put("pattern", one(PATTERNS));
      case 18 -> schema.putArray("required").add(one(NAMES));
      case 19 -> schema.set("items", schema(depth - 1));
      case 20 -> schema.set("prefixItems", list(depth));
      case 21 -> schema.put("minItems", random.nextInt(3));
      case 22 -> schema.put("maxItems", random.nextInt(4));
      case 23 -> {
        schema.set("contains", schema(depth - 1));
        if (random.nextBoolean()) {
          schema.put("minContains", random.nextInt(3));
        }
        if (random.nextBoolean()) {
          schema.put("maxContains", 2 + random.nextInt(2));
        }
      }
      case 24 -> schema.put("type", "array").put("uniqueItems", random.nextBoolean());
      case 25 -> schema.set("anyOf", list(depth));
      case 26 -> schema.set("oneOf", list(depth));
      case 27 -> schema.set("allOf", list(depth));
      case 28 -> schema.set("not", schema(depth - 1));
      case 29 -> {
        schema.set("if", schema(depth - 1));
        schema.set("then", schema(depth - 1));
        schema.set("else", schema(depth - 1));
      }
      case 30 -> schema.putObject("dependentRequired").putArray(one(NAMES)).add(one(NAMES));
      case 31 -> schema.putObject("dependentSchemas").set(one(NAMES), schema(depth - 1));
      default ->
          schema.set(
              random.nextBoolean() ? "unevaluatedProperties" : "unevaluatedItems",
              BooleanNode.FALSE);
    }
  }

  private void properties(ObjectNode properties, int depth) {
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      properties.set(one(NAMES), schema(depth - 1));
    }
  }

  private ArrayNode list(int depth) {
    ArrayNode list = JSON.arrayNode();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      list.add(schema(depth - 1));
    }
    return list;
  }

  private BigDecimal number() {
    return BigDecimal.valueOf(random.nextInt(-300, 1500), random.nextInt(3));
  }

  JsonNode value() {
    return value(2);
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt(-3, 15));
      case 3 -> JSON.numberNode(number());
      case 4, 5 -> JSON.textNode(one(List.of("", "a", "b", "ab", "abab", "c1", "é\n")));
      case 6 -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(one(NAMES), value(depth - 1));
        }
        yield object;
      }
    };
  }
}
