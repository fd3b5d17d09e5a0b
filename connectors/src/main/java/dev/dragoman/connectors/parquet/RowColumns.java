package dev.dragoman.connectors.parquet;

import static java.util.Objects.requireNonNull;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Beam rows as Parquet: a column a field, under the same name. Points in time are timestamps in
 * UTC, dates are dates, decimals are doubles (Beam's decimals have no fixed scale), other logical
 * types are what they are stored as. Every column may be null, so that fields can be added.
 */
final class RowColumns {
  private RowColumns() {}

  static MessageType schema(String name, Schema schema) {
    return new MessageType(name, types(schema));
  }

  static void write(RecordConsumer out, Row row) {
    Schema schema = row.getSchema();
    for (int i = 0; i < schema.getFieldCount(); i++) {
      Object value = row.getValue(i);
      if (value != null) {
        out.startField(schema.getField(i).getName(), i);
        value(out, schema.getField(i).getType(), value);
        out.endField(schema.getField(i).getName(), i);
      }
    }
  }

  private static List<Type> types(Schema schema) {
    List<Type> types = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      types.add(type(field.getName(), field.getType(), Repetition.OPTIONAL));
    }
    return types;
  }

  private static Type type(String name, FieldType type, Repetition repetition) {
    return switch (type.getTypeName()) {
      case STRING -> text(name, repetition);
      case BYTES -> Types.primitive(BINARY, repetition).named(name);
      case BYTE, INT16, INT32 -> Types.primitive(INT32, repetition).named(name);
      case INT64 -> Types.primitive(INT64, repetition).named(name);
      case FLOAT -> Types.primitive(FLOAT, repetition).named(name);
      case DOUBLE, DECIMAL -> Types.primitive(DOUBLE, repetition).named(name);
      case BOOLEAN -> Types.primitive(BOOLEAN, repetition).named(name);
      case DATETIME -> timestamp(name, true, repetition);
      case ARRAY, ITERABLE ->
          Types.list(repetition)
              .element(type("element", element(type), Repetition.OPTIONAL))
              .named(name);
      case MAP ->
          Types.map(repetition)
              .key(type("key", requireNonNull(type.getMapKeyType()), Repetition.REQUIRED))
              .value(type("value", requireNonNull(type.getMapValueType()), Repetition.OPTIONAL))
              .named(name);
      case ROW ->
          Types.buildGroup(repetition)
              .addFields(types(requireNonNull(type.getRowSchema())).toArray(Type[]::new))
              .named(name);
      case LOGICAL_TYPE -> logical(name, type, repetition);
    };
  }

  private static Type logical(String name, FieldType type, Repetition repetition) {
    Schema.LogicalType<?, ?> logical = requireNonNull(type.getLogicalType());
    return switch (logical.getIdentifier()) {
      case DATE ->
          Types.primitive(INT32, repetition).as(LogicalTypeAnnotation.dateType()).named(name);
      case LOCAL_DATETIME -> timestamp(name, false, repetition);
      case MICROS_INSTANT, NANOS_INSTANT -> timestamp(name, true, repetition);
      default -> type(name, logical.getBaseType(), repetition);
    };
  }

  private static final String DATE = "beam:logical_type:date:v1";
  private static final String LOCAL_DATETIME = "beam:logical_type:datetime:v1";
  private static final String MICROS_INSTANT = "beam:logical_type:micros_instant:v1";
  private static final String NANOS_INSTANT = "beam:logical_type:nanos_instant:v1";

  private static Type text(String name, Repetition repetition) {
    return Types.primitive(BINARY, repetition).as(LogicalTypeAnnotation.stringType()).named(name);
  }

  private static Type timestamp(String name, boolean utc, Repetition repetition) {
    return Types.primitive(PrimitiveTypeName.INT64, repetition)
        .as(LogicalTypeAnnotation.timestampType(utc, TimeUnit.MILLIS))
        .named(name);
  }

  private static FieldType element(FieldType type) {
    return requireNonNull(type.getCollectionElementType());
  }

  private static void value(RecordConsumer out, FieldType type, Object value) {
    switch (type.getTypeName()) {
      case STRING -> out.addBinary(Binary.fromString((String) value));
      case BYTES -> out.addBinary(Binary.fromConstantByteArray((byte[]) value));
      case BYTE, INT16, INT32 -> out.addInteger(((Number) value).intValue());
      case INT64 -> out.addLong((Long) value);
      case FLOAT -> out.addFloat((Float) value);
      case DOUBLE -> out.addDouble((Double) value);
      case DECIMAL -> out.addDouble(((BigDecimal) value).doubleValue());
      case BOOLEAN -> out.addBoolean((Boolean) value);
      case DATETIME -> out.addLong(((org.joda.time.ReadableInstant) value).getMillis());
      case ARRAY, ITERABLE -> list(out, element(type), (Iterable<?>) value);
      case MAP -> map(out, type, (Map<?, ?>) value);
      case ROW -> {
        out.startGroup();
        write(out, (Row) value);
        out.endGroup();
      }
      case LOGICAL_TYPE -> logical(out, type, value);
    }
  }

  private static void logical(RecordConsumer out, FieldType type, Object value) {
    switch (value) {
      case LocalDate date -> out.addInteger(Math.toIntExact(date.toEpochDay()));
      case LocalDateTime time -> out.addLong(time.toInstant(ZoneOffset.UTC).toEpochMilli());
      case Instant instant -> out.addLong(instant.toEpochMilli());
      default -> {
        Schema.LogicalType<Object, Object> logical = logicalType(type);
        value(out, logical.getBaseType(), requireNonNull(logical.toBaseType(value)));
      }
    }
  }

  @SuppressWarnings("unchecked") // A field's value has the type that the field's type says.
  private static Schema.LogicalType<Object, Object> logicalType(FieldType type) {
    return (Schema.LogicalType<Object, Object>) Objects.requireNonNull(type.getLogicalType());
  }

  private static void list(RecordConsumer out, FieldType type, Iterable<?> values) {
    out.startGroup();
    boolean started = false;
    for (Object value : values) {
      if (!started) {
        out.startField("list", 0);
        started = true;
      }
      out.startGroup();
      optional(out, "element", 0, type, value);
      out.endGroup();
    }
    if (started) {
      out.endField("list", 0);
    }
    out.endGroup();
  }

  private static void map(RecordConsumer out, FieldType type, Map<?, ?> values) {
    out.startGroup();
    if (!values.isEmpty()) {
      out.startField("key_value", 0);
      for (Map.Entry<?, ?> entry : values.entrySet()) {
        out.startGroup();
        optional(out, "key", 0, requireNonNull(type.getMapKeyType()), entry.getKey());
        optional(out, "value", 1, requireNonNull(type.getMapValueType()), entry.getValue());
        out.endGroup();
      }
      out.endField("key_value", 0);
    }
    out.endGroup();
  }

  private static void optional(
      RecordConsumer out, String name, int index, FieldType type, @Nullable Object value) {
    if (value != null) {
      out.startField(name, index);
      value(out, type, value);
      out.endField(name, index);
    }
  }
}
