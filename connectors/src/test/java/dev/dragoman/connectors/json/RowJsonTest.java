package dev.dragoman.connectors.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class RowJsonTest {
  private static final Schema TERM =
      Schema.builder().addStringField("term").addInt64Field("documents").build();

  private static final Schema ALL =
      Schema.builder()
          .addDateTimeField("time")
          .addStringField("text")
          .addNullableField("nothing", FieldType.STRING)
          .addInt64Field("long")
          .addInt32Field("int")
          .addDoubleField("double")
          .addDoubleField("nan")
          .addBooleanField("truth")
          .addByteArrayField("bytes")
          .addDecimalField("decimal")
          .addMapField("fields", FieldType.STRING, FieldType.STRING)
          .addArrayField("terms", FieldType.row(TERM))
          .build();

  @Test
  void aRowIsAnObjectWithAKeyAColumnInTheirOrder() {
    Row row =
        Row.withSchema(ALL)
            .addValues(Instant.parse("2026-01-05T10:00:00Z"), "a \"b\"\n", null, 1L << 40, 7, 0.5)
            .addValues(Double.NaN, true, "hi".getBytes(UTF_8), new BigDecimal("1.10"))
            .addValue(Map.of("product", "lamp"))
            .addValue(List.of(Row.withSchema(TERM).addValues("outage", 3L).build()))
            .build();
    assertThat(RowJson.text(row))
        .isEqualTo(
            "{\"time\":\"2026-01-05T10:00:00Z\",\"text\":\"a \\\"b\\\"\\n\",\"nothing\":null,"
                + "\"long\":1099511627776,\"int\":7,\"double\":0.5,\"nan\":null,\"truth\":true,"
                + "\"bytes\":\"aGk=\",\"decimal\":1.10,\"fields\":{\"product\":\"lamp\"},"
                + "\"terms\":[{\"term\":\"outage\",\"documents\":3}]}");
  }
}
