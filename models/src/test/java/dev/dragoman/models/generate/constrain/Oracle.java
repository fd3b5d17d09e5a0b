package dev.dragoman.models.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Says with a validator of others whether a text is JSON, in UTF-8, and valid. */
final class Oracle {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode json;
  private final Schema schema;

  Oracle(JsonNode json) {
    this.json = json;
    this.schema = REGISTRY.getSchema(json);
  }

  void assertValid(byte[] text) {
    JsonNode value;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      value = MAPPER.readTree(new String(text, StandardCharsets.UTF_8));
    } catch (CharacterCodingException | JsonProcessingException e) {
      throw new AssertionError("no JSON: " + new String(text, StandardCharsets.UTF_8), e);
    }
    assertThat(
            schema.validate(
                value,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
        .as("%s against %s", new String(text, StandardCharsets.UTF_8), json)
        .isEmpty();
  }

  /** What the validator has against a value; nothing where it is valid. */
  List<String> objections(JsonNode value) {
    return schema.validate(value).stream().map(Object::toString).toList();
  }
}
