package dev.dragoman.connectors.opensearch;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Beam rows as JSON: points in time as ISO 8601, what is null is left out. */
final class RowJson {
  private RowJson() {}

  /**
   * Writes the fields of a row into an object that was begun.
   *
   * @param include the fields to write; all, if none is named
   */
  static void fields(JsonGenerator json, Row row, List<String> include) throws IOException {
    for (Schema.Field field : row.getSchema().getFields()) {
      Object value = row.getValue(field.getName());
      if (value != null && (include.isEmpty() || include.contains(field.getName()))) {
        json.writeFieldName(field.getName());
        value(json, field.getType(), value);
      }
    }
  }

  private static void value(JsonGenerator json, FieldType type, @Nullable Object value)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (type.getTypeName()) {
      case STRING -> json.writeString((String) value);
      case BYTES -> json.writeBinary((byte[]) value);
      case BYTE, INT16, INT32, INT64 -> json.writeNumber(((Number) value).longValue());
      case FLOAT -> json.writeNumber((Float) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case DECIMAL -> json.writeNumber((BigDecimal) value);
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case DATETIME -> json.writeString(value.toString());
      case ARRAY, ITERABLE -> {
        json.writeStartArray();
        for (Object each : (Iterable<?>) value) {
          value(json, requireNonNull(type.getCollectionElementType()), each);
        }
        json.writeEndArray();
      }
      case MAP -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(json, requireNonNull(type.getMapValueType()), entry.getValue());
        }
        json.writeEndObject();
      }
      case ROW -> {
        json.writeStartObject();
        fields(json, (Row) value, List.of());
        json.writeEndObject();
      }
      case LOGICAL_TYPE -> {
        switch (value) {
          case Number number -> json.writeNumber(new BigDecimal(number.toString()));
          case Boolean bool -> json.writeBoolean(bool);
          default -> json.writeString(value.toString());
        }
      }
    }
  }
}
