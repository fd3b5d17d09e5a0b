package dev.dragoman.connectors.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row or a message as named texts.
 *
 * @param names of all columns in their order, those without a value among them
 * @param values by name; what is null is not in it
 */
public record Fields(List<String> names, Map<String, String> values) {
  public Fields {
    names = List.copyOf(names);
    values = new LinkedHashMap<>(values);
  }

  /** The fields of a JSON object; objects and lists in it stay JSON. */
  public static Fields of(ObjectNode object) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      if (!value.isNull()) {
        values.put(field.getKey(), value.isValueNode() ? value.asText() : value.toString());
      }
    }
    return new Fields(object.properties().stream().map(Map.Entry::getKey).toList(), values);
  }

  /** The value of a field, empty if it has none. */
  public String value(String name) {
    return values.getOrDefault(name, "");
  }
}
