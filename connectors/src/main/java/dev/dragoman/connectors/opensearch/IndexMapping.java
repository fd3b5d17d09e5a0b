package dev.dragoman.connectors.opensearch;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/** What an index is made with: a type for every column. */
final class IndexMapping {
  /** The columns of documents that are read, not filtered by. */
  private static final Set<String> TEXTS =
      Set.of("title", "text", "translation", "summary", "masked_text");

  /** Longer values are stored but cannot be filtered by: Lucene takes 32,766 bytes. */
  private static final int LONGEST_KEYWORD = 8_191;

  private IndexMapping() {}

  static String of(Schema schema, boolean documents, boolean embedding) {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode properties = index.putObject("mappings").putObject("properties");
    for (Schema.Field field : schema.getFields()) {
      ObjectNode property = properties.putObject(field.getName());
      if (documents && TEXTS.contains(field.getName())) {
        property.put("type", "text");
      } else {
        type(property, field.getType());
      }
    }
    if (embedding) {
      properties
          .putObject("embedding")
          .put("type", "float")
          .put("index", false)
          .put("doc_values", false);
      properties.putObject("embedding_model").put("type", "keyword");
    }
    return index.toString();
  }

  private static void type(ObjectNode property, FieldType type) {
    switch (type.getTypeName()) {
      case STRING -> property.put("type", "keyword").put("ignore_above", LONGEST_KEYWORD);
      case BYTES -> property.put("type", "binary");
      case BYTE, INT16, INT32, INT64 -> property.put("type", "long");
      case FLOAT -> property.put("type", "float");
      case DOUBLE, DECIMAL -> property.put("type", "double");
      case BOOLEAN -> property.put("type", "boolean");
      case DATETIME -> property.put("type", "date");
      case ARRAY, ITERABLE -> type(property, requireNonNull(type.getCollectionElementType()));
      case MAP -> property.put("type", "flat_object");
      case ROW -> {
        ObjectNode properties = property.putObject("properties");
        for (Schema.Field field : requireNonNull(type.getRowSchema()).getFields()) {
          type(properties.putObject(field.getName()), field.getType());
        }
      }
      case LOGICAL_TYPE -> {
        switch (requireNonNull(type.getLogicalType()).getIdentifier()) {
          case "beam:logical_type:date:v1",
              "beam:logical_type:datetime:v1",
              "beam:logical_type:micros_instant:v1" ->
              property.put("type", "date");
          default -> type(property, type.getLogicalType().getBaseType());
        }
      }
    }
  }
}
