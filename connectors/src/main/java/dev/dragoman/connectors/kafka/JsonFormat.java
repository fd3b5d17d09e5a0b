package dev.dragoman.connectors.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.files.Fields;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values that are one JSON object each, and nothing that JSON leaves open. */
final class JsonFormat implements MessageFormat {
  private static final int MAX_NESTING = 100;
  private static final int MAX_NUMBER_CHARS = 1_000;

  private final ObjectMapper json;

  JsonFormat(int maxBytes) {
    json =
        new JsonMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(maxBytes)
                        .maxNumberLength(MAX_NUMBER_CHARS)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build());
    json.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  @Override
  public Message read(byte[] value) throws BadMessageException {
    String text = MessageFormat.utf8(value);
    JsonNode node;
    try {
      node = json.readTree(text);
    } catch (JsonProcessingException e) {
      throw BadMessageException.row(
          "the value is not one JSON object: " + e.getOriginalMessage() + place(e));
    }
    if (!(node instanceof ObjectNode object)) {
      throw BadMessageException.row(
          "the value is not a JSON object but "
              + node.getNodeType().name().toLowerCase(Locale.ROOT)
              + "; send one object in braces as each message");
    }
    Fields fields = Fields.of(object);
    return () -> fields;
  }

  @Override
  public @Nullable String field(byte[] value, String name) throws BadMessageException {
    try (JsonParser parser = json.getFactory().createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = name.equals(parser.currentName());
        JsonToken token = parser.nextToken();
        if (wanted) {
          return token.isScalarValue() && token != JsonToken.VALUE_NULL ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      throw BadMessageException.row("the value is not JSON");
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
