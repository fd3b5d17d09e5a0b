package dev.dragoman.models.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonSchemaConstraintTest {
  private static Constraint schema(String json) throws IOException {
    return Constraint.jsonSchema(Oracle.MAPPER.readTree(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"integer\"} | 12 | 1.5",
        "{\"type\":\"integer\"} | -3 | \"3\"",
        "{\"type\":\"number\"} | -0.5e10 | -",
        "{\"type\":[\"null\",\"boolean\"]} | null | 0",
        "{\"minimum\":10,\"type\":\"integer\"} | 10 | 9",
        "{\"minimum\":-2.5} | -2.5 | -2.51",
        "{\"exclusiveMinimum\":0} | 0.001 | 0.0",
        "{\"maximum\":99.9} | 99.90 | 99.91",
        "{\"exclusiveMaximum\":100} | 99 | 100.0",
        "{\"multipleOf\":0.01} | 3.14 | 3.141",
        "{\"multipleOf\":12} | 144 | 146",
        "{\"minLength\":2} | \"😀é\" | \"😀\"",
        "{\"maxLength\":2} | \"😀é\" | \"abc\"",
        "{\"pattern\":\"^a\"} | \"ab\" | \"ba\"",
        "{\"format\":\"date\"} | \"2024-02-29\" | \"2023-02-29\"",
        "{\"enum\":[\"a\",3]} | 3 | \"b\"",
        "{\"const\":{\"a\":[1]}} | {\"a\":[1]} | {\"a\":[1,1]}",
        "{\"required\":[\"a\"]} | {\"a\":1} | {}",
        "{\"properties\":{\"a\":{\"type\":\"null\"}}} | {\"a\":null,\"b\":1} | {\"a\":1}",
        "{\"additionalProperties\":false,\"properties\":{\"a\":true}} | {\"a\":1} | {\"b\":1}",
        "{\"additionalProperties\":{\"type\":\"null\"}} | {\"b\":null} | {\"b\":1}",
        "{\"patternProperties\":{\"^x\":{\"type\":\"null\"}}} | {\"y\":1,\"x\":null} | {\"xy\":1}",
        "{\"propertyNames\":{\"maxLength\":1}} | {\"y\":1} | {\"xy\":1}",
        "{\"minProperties\":1} | {\"y\":1} | {}",
        "{\"maxProperties\":1} | {\"y\":1} | {\"y\":1,\"z\":1}",
        "{\"dependentRequired\":{\"a\":[\"b\"]}} | {\"a\":1,\"b\":1} | {\"a\":1}",
        "{\"dependentSchemas\":{\"a\":{\"maxProperties\":1}}} | {\"a\":1} | {\"a\":1,\"b\":2}",
        "{\"items\":{\"type\":\"null\"}} | [null] | [1]",
        "{\"prefixItems\":[true,{\"type\":\"null\"}]} | [1,null,2] | [1,2]",
        "{\"minItems\":1} | [1] | []",
        "{\"maxItems\":1} | [1] | [1,2]",
        "{\"items\":{\"type\":\"string\"},\"uniqueItems\":true} | [\"a\",\"b\"] | [\"a\",\"a\"]",
        "{\"contains\":{\"const\":1}} | [2,1] | [2,2]",
        "{\"contains\":{\"const\":1},\"minContains\":2} | [1,1] | [1,2]",
        "{\"contains\":{\"const\":1},\"maxContains\":1} | [1,2] | [1,1]",
        "{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":5,\"type\":\"number\"}]} | 6 | 4",
        "{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]} | 4 | 6",
        "{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]} | 2 | 4",
        "{\"not\":{\"const\":\"a\"}} | \"b\" | \"a\"",
        "{\"if\":{\"type\":\"null\"},\"else\":{\"const\":1}} | null | 2",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"null\"}}} | null | 2",
        "{\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"a\":true}}]} | {\"a\":1} | {\"b\":1}",
        "true | {\"a\":{\"a\":1}} | {\"a\":1,\"a\":2}",
        "true | [1, {\"a\": \"\\u001f\"}] | [1 ]"
      })
  void eachKeywordIsHonoured(String schema, String valid, String invalid) throws IOException {
    Constraint constraint = schema(schema);
    assertThat(constraint.matches(valid)).as(valid).isTrue();
    assertThat(constraint.matches(invalid)).as(invalid).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"properties\":{\"a\":{\"colour\":1}}} | /properties/a/colour | colour",
        "{\"$dynamicRef\":\"#a\"} | /$dynamicRef | $dynamicRef",
        "{\"$ref\":\"https://example.org/x\"} | /$ref | outside the document",
        "{\"$ref\":\"#/$defs/none\"} | /$ref | no schema",
        "{\"$ref\":\"#\"} | `` | refers to itself",
        "{\"uniqueItems\":true} | /uniqueItems | all items are strings",
        "{\"format\":\"colour\"} | /format | format colour",
        "{\"pattern\":\"(?=a)\"} | /pattern | lookaround",
        "{\"type\":\"text\"} | /type | no type text",
        "{\"items\":{\"minLength\":-1}} | /items/minLength | integer from 0",
        "{\"oneOf\":[{\"format\":\"date\"},{\"format\":\"time\"}]} | /oneOf | exclude each other",
        "{\"not\":{\"format\":\"date\"}} | /not | opposite",
        "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"} | /$schema | draft-04",
        "{\"anyOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false} | /unevaluatedProperties | beside anyOf",
        "{\"multipleOf\":123457} | /multipleOf | not supported"
      })
  void whatCannotBeHonouredIsRefusedWithItsPlace(String schema, String pointer, String why) {
    assertThatThrownBy(() -> schema(schema))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("at \"" + pointer + "\"")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "{\"type\":\"integer\",\"minimum\":1.2,\"maximum\":1.8}",
        "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"],\"type\":\"object\"}",
        "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}",
        "{\"type\":\"object\",\"minProperties\":2,\"properties\":{\"a\":true},\"additionalProperties\":false}",
        "{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\"]},\"uniqueItems\":true,\"minItems\":3}",
        "{\"enum\":[]}"
      })
  void aSchemaThatNothingSatisfiesIsRefused(String schema) {
    assertThatThrownBy(() -> schema(schema))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("No value");
  }

  @Test
  void integersAreWrittenWithoutFractionAndZeroWithoutSign() throws IOException {
    Constraint constraint = schema("{\"type\":\"integer\"}");
    assertThat(constraint.matches("1.0")).isFalse();
    assertThat(constraint.matches("-0")).isFalse();
    assertThat(constraint.matches("01")).isFalse();
  }

  @Test
  void propertiesComeInTheOrderOfTheSchema() throws IOException {
    Constraint constraint = schema("{\"properties\":{\"b\":true,\"a\":true}}");
    assertThat(constraint.matches("{\"b\":1, \"a\":2,\"c\": 3}")).isTrue();
    assertThat(constraint.matches("{\"a\":1,\"b\":2}")).isFalse();
  }

  @Test
  void hostileSchemasAreBounded() throws IOException {
    StringBuilder deep = new StringBuilder();
    deep.append("{\"not\":".repeat(300)).append("true").append("}".repeat(300));
    ObjectNode wide = Oracle.MAPPER.createObjectNode();
    ObjectNode properties = wide.putObject("properties");
    for (int i = 0; i < 3000; i++) {
      properties.put("p" + i, true);
    }
    ObjectNode product = Oracle.MAPPER.createObjectNode();
    for (int i = 0; i < 20; i++) {
      ObjectNode any = product.withArray("/allOf").addObject();
      any.withArray("/anyOf").addObject().putArray("required").add("a" + i);
      any.withArray("/anyOf").addObject().putArray("required").add("b" + i);
    }
    ObjectNode chain = Oracle.MAPPER.createObjectNode();
    for (int i = 0; i < 2000; i++) {
      chain.withObject("/$defs").putObject("d" + i).put("$ref", "#/$defs/d" + (i + 1));
    }
    chain.withObject("/$defs").put("d2000", true);
    chain.put("$ref", "#/$defs/d0");
    ObjectNode patterns = Oracle.MAPPER.createObjectNode();
    for (int i = 0; i < 12; i++) {
      patterns.withObject("/patternProperties").putObject("a.{" + i + "}b").put("minimum", i);
    }
    JsonNode[] schemas = {
      Oracle.MAPPER.readTree(deep.toString()),
      wide,
      product,
      chain,
      patterns,
      Oracle.MAPPER.readTree("{\"type\":\"array\",\"minItems\":1000000}"),
      Oracle.MAPPER.readTree("{\"minLength\":100000}"),
      Oracle.MAPPER.readTree("{\"minimum\":1e100000}"),
      Oracle.MAPPER.readTree("{\"const\":\"\\ud800\"}")
    };
    for (JsonNode schema : schemas) {
      assertThatThrownBy(() -> Constraint.jsonSchema(schema)).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void bigLimitsAreCutRatherThanRefused() throws IOException {
    Constraint constraint =
        schema(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":1000000},"
                + "\"b\":{\"type\":\"array\",\"maxItems\":1000000}},\"maxProperties\":1000000}");
    assertThat(constraint.matches("{\"a\":\"x\",\"b\":[1,2],\"c\":3}")).isTrue();
  }
}
