package dev.dragoman.connectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.files.Fields;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro as schema registries frame it: a zero byte, the id of the schema in four bytes, the record.
 * Times become ISO 8601, bytes Base64, and what is nested JSON.
 */
final class AvroFormat implements MessageFormat {
  private static final int HEAD = 5;

  private final SchemaSource schemas;
  private final Map<Integer, GenericDatumReader<Object>> readers = new HashMap<>();

  AvroFormat(SchemaSource schemas) {
    this.schemas = schemas;
  }

  @Override
  public Message read(byte[] value) throws BadMessageException {
    if (value.length < HEAD || value[0] != 0) {
      throw BadMessageException.row(
          "the value does not begin with a zero byte and the id of a schema; have its sender use a schema registry's Avro serializer");
    }
    int id = ByteBuffer.wrap(value).getInt(1);
    Schema schema = schemas.schema(id);
    if (schema.getType() != Schema.Type.RECORD) {
      throw BadMessageException.row(
          "schema %d is no record but %s".formatted(id, schema.getType().getName()));
    }
    BoundedDecoder in = new BoundedDecoder(ByteBuffer.wrap(value, HEAD, value.length - HEAD));
    IndexedRecord row;
    try {
      Object datum =
          readers.computeIfAbsent(id, _ -> new GenericDatumReader<>(schema)).read(null, in);
      row = (IndexedRecord) datum;
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | StackOverflowError e) {
      throw BadMessageException.row(
          "the value is no record of schema %d: %s".formatted(id, e.getMessage()));
    }
    if (in.remaining() > 0) {
      throw BadMessageException.row(
          "%d bytes are left after the record of schema %d; is that its schema?"
              .formatted(in.remaining(), id));
    }
    return message(row);
  }

  private static Message message(IndexedRecord row) throws BadMessageException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    Map<String, byte[]> bytes = new HashMap<>();
    try {
      for (Schema.Field field : row.getSchema().getFields()) {
        Object value = row.get(field.pos());
        object.set(field.name(), json(value, field.schema()));
        if (value instanceof ByteBuffer buffer) {
          bytes.put(field.name(), octets(buffer));
        }
      }
    } catch (StackOverflowError | ArithmeticException | DateTimeException e) {
      throw BadMessageException.row("the record holds what cannot be shown: " + e.getMessage());
    }
    Fields fields = Fields.of(object);
    return new Message() {
      @Override
      public Fields fields() {
        return fields;
      }

      @Override
      public byte @Nullable [] bytes(String name) {
        return bytes.get(name);
      }
    };
  }

  private static JsonNode json(@Nullable Object value, Schema declared) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Schema schema = actual(value, declared);
    LogicalType logical = schema.getLogicalType();
    return switch (value) {
      case null -> json.nullNode();
      case Long number when logical instanceof LogicalTypes.TimestampMillis ->
          json.textNode(Instant.ofEpochMilli(number).toString());
      case Long number when logical instanceof LogicalTypes.TimestampMicros ->
          json.textNode(Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString());
      case Integer number when logical instanceof LogicalTypes.Date ->
          json.textNode(LocalDate.ofEpochDay(number).toString());
      case ByteBuffer bytes when logical instanceof LogicalTypes.Decimal decimal ->
          json.textNode(
              new BigDecimal(new BigInteger(octets(bytes)), decimal.getScale()).toPlainString());
      case Long number -> json.numberNode(number);
      case Integer number -> json.numberNode(number);
      case Float number -> json.numberNode(number);
      case Double number -> json.numberNode(number);
      case Boolean truth -> json.booleanNode(truth);
      case CharSequence text -> json.textNode(text.toString());
      case GenericEnumSymbol<?> symbol -> json.textNode(symbol.toString());
      case ByteBuffer bytes -> json.textNode(Base64.getEncoder().encodeToString(octets(bytes)));
      case GenericFixed fixed -> json.textNode(Base64.getEncoder().encodeToString(fixed.bytes()));
      case IndexedRecord row -> {
        ObjectNode object = json.objectNode();
        for (Schema.Field field : row.getSchema().getFields()) {
          object.set(field.name(), json(row.get(field.pos()), field.schema()));
        }
        yield object;
      }
      case Collection<?> elements -> {
        ArrayNode array = json.arrayNode();
        for (Object element : elements) {
          array.add(json(element, schema.getElementType()));
        }
        yield array;
      }
      case Map<?, ?> entries -> {
        ObjectNode object = json.objectNode();
        entries.forEach((key, element) ->
            object.set(String.valueOf(key), json(element, schema.getValueType())));
        yield object;
      }
      default -> json.textNode(String.valueOf(value));
    };
  }

  /** The member of a union that a value belongs to. */
  private static Schema actual(@Nullable Object value, Schema declared) {
    return declared.getType() == Schema.Type.UNION
        ? declared.getTypes().get(GenericData.get().resolveUnion(declared, value))
        : declared;
  }

  private static byte[] octets(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
