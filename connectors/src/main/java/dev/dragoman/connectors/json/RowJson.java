package dev.dragoman.connectors.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.joda.time.ReadableInstant;
import org.jspecify.annotations.Nullable;

/**
 * A row as a JSON object: a key a column, in their order, null where there is no value. Times are
 * ISO 8601 in UTC; bytes are base64; numbers that JSON cannot write (NaN, infinities) are null.
 */
public final class RowJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper WRITER = new ObjectMapper();

  private RowJson() {}

  /** The row as an object. */
  public static ObjectNode object(Row row) {
    ObjectNode object = JSON.objectNode();
    for (Schema.Field field : row.getSchema().getFields()) {
      object.set(field.getName(), node(row.getValue(field.getName())));
    }
    return object;
  }

  /** The row as text on one line. */
  public static String text(Row row) {
    try {
      return WRITER.writeValueAsString(object(row));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written", e);
    }
  }

  private static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.textNode(text);
      case Boolean truth -> JSON.booleanNode(truth);
      case Double number -> Double.isFinite(number) ? JSON.numberNode(number) : JSON.nullNode();
      case Float number -> Float.isFinite(number) ? JSON.numberNode(number) : JSON.nullNode();
      case Long number -> JSON.numberNode(number);
      case BigDecimal number -> JSON.numberNode(number);
      case Number number -> JSON.numberNode(number.intValue());
      case ReadableInstant time -> JSON.textNode(Instant.ofEpochMilli(time.getMillis()).toString());
      case byte[] bytes -> JSON.binaryNode(bytes);
      case Row row -> object(row);
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, each) -> object.set(String.valueOf(key), node(each)));
        yield object;
      }
      case Iterable<?> values -> {
        ArrayNode array = JSON.arrayNode();
        values.forEach(each -> array.add(node(each)));
        yield array;
      }
      default -> JSON.textNode(value.toString());
    };
  }
}
