package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.PartId;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageReaderTest {
  private static final byte[] TICKET =
      "{\"subject\": \"Bill\", \"text\": \"Too high.\", \"lang\": \"en-GB\", \"id\": \"T 1/ö\", \"n\": 2, \"x\": {\"y\": [1]}}"
          .getBytes(UTF_8);

  @Test
  void theFieldsOfAMessageBecomeTextTitleLanguageAndLabels() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", "abc".getBytes(UTF_8));
    headers.add("binary", new byte[] {(byte) 0xff});
    Document document =
        Records.good(Records.config("{}"), Records.record(TICKET, headers, Records.NOW));
    assertThat(document.text()).isEqualTo("Too high.");
    DocumentColumns columns = DocumentColumns.of(document);
    assertThat(columns.title()).isEqualTo("Bill");
    assertThat(columns.language()).isEqualTo("en");
    assertThat(columns.fields())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "id", "T 1/ö",
                "n", "2",
                "x", "{\"y\":[1]}",
                "kafka_topic", "tickets",
                "kafka_key", "key"));
    assertThat(document.label("header:trace").map(Annotation.Label::value)).contains("abc");
    assertThat(document.label("header:binary").map(Annotation.Label::value)).contains("/w==");
    assertThat(document.provenance().source()).hasToString("kafka:tickets/3#offset=41");
    assertThat(requireNonNull(document.provenance().original()))
        .isEqualTo(
            new Original(
                "key".getBytes(UTF_8),
                List.of(
                    new Original.Header("trace", "abc".getBytes(UTF_8)),
                    new Original.Header("binary", new byte[] {(byte) 0xff})),
                new Content.Inline(TICKET)));
  }

  @Test
  void aMessageWithANameIsTheSameDocumentWhereverItLies() {
    ReadKafka.Config config = Records.config("{'id_field': 'id'}");
    Document document = Records.good(config, Records.record(TICKET));
    assertThat(document.provenance().source()).hasToString("kafka:tickets#T%201%2F%C3%B6");
    assertThat(KafkaUris.topic(document.provenance().source().toString())).contains("tickets");
    assertThat(Records.good(Records.config("{'id_field': 'kafka_key'}"), Records.record(TICKET)))
        .satisfies(
            keyed -> assertThat(keyed.provenance().source()).hasToString("kafka:tickets#key"));
  }

  @Test
  void aCallStaysWhereItIs(@TempDir Path folder) throws Exception {
    Path sound = Files.write(folder.resolve("a call.wav"), new byte[] {1, 2, 3});
    byte[] message = ("{\"sound\": \"" + sound + "\", \"caller\": \"x\"}").getBytes(UTF_8);
    Document document =
        Records.good(Records.config("{'payload_field': 'sound'}"), Records.record(message));
    assertThat(document.part(PartId.FILE).orElseThrow())
        .isInstanceOfSatisfying(
            FilePart.class,
            part ->
                assertThat(part.content())
                    .isInstanceOfSatisfying(
                        Content.Reference.class,
                        reference -> {
                          assertThat(reference.uri()).isEqualTo(sound.toUri());
                          assertThat(reference.length()).isEqualTo(3);
                        }));
    assertThat(document.provenance().mediaType()).isEqualTo("application/octet-stream");
    assertThat(DocumentColumns.of(document).fields()).containsEntry("caller", "x");
  }

  @Test
  void aSoundInAMessageTravelsOnce() {
    byte[] message = "{\"sound\": \"data:audio/wav;base64,AQID\"}".getBytes(UTF_8);
    Document inline =
        Records.good(
            Records.config("{'payload_field': 'sound', 'payload': 'inline'}"),
            Records.record(message));
    assertThat(inline.parts())
        .containsExactly(new FilePart(PartId.FILE, new Content.Inline(new byte[] {1, 2, 3})));
    assertThat(inline.provenance().mediaType()).isEqualTo("audio/wav");
    assertThat(DocumentColumns.of(inline).fields()).doesNotContainKey("sound");
    Document whole =
        Records.good(Records.config("{'format': 'bytes'}"), Records.record(new byte[] {1, 2, 3}));
    assertThat(requireNonNull(whole.provenance().original()).value())
        .isEqualTo(new Content.SameAs(PartId.FILE));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-01T11:00:00Z",
    "2026-05-01T13:00:00+02:00",
    "2026-05-01 11:00",
    "2026-05-01T11:00:00.000",
    "1777633200",
    "1777633200000",
    "1777633200.0"
  })
  void timesAreReadInTheWaysPeopleWriteThem(String said) throws Exception {
    assertThat(Records.config("{'event_time': 'at'}").time().of(said, Records.NOW, Records.NOW))
        .isEqualTo(Instant.parse("2026-05-01T11:00:00Z"));
  }

  @Test
  void avroIsReadWithTheSchemasOfARegistry() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Call", "fields": [
                  {"name": "text", "type": ["null", "string"]},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "sound", "type": "bytes"},
                  {"name": "tags", "type": {"type": "map", "values": "int"}}]}
                """);
    GenericRecord call =
        new GenericRecordBuilder(schema)
            .set("text", "hello")
            .set("at", Records.NOW.toEpochMilli())
            .set("sound", ByteBuffer.wrap(new byte[] {1, 2}))
            .set("tags", Map.of("a", 1))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {0, 0, 0, 1, 0});
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(call, encoder);
    encoder.flush();

    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/schemas/ids/256",
        exchange -> {
          byte[] body =
              ("{\"schema\": \"" + schema.toString().replace("\"", "\\\"") + "\"}").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          try (var response = exchange.getResponseBody()) {
            response.write(body);
          }
        });
    registry.start();
    try {
      String from =
          "'format': 'avro', 'schemas': 'http://127.0.0.1:%d'"
              .formatted(registry.getAddress().getPort());
      Document document =
          Records.good(
              Records.config("{" + from + ", 'event_time': 'at'}"),
              Records.record(out.toByteArray()));
      assertThat(document.text()).isEqualTo("hello");
      assertThat(DocumentColumns.of(document).fields())
          .containsEntry("at", "2026-05-01T12:00:00Z")
          .containsEntry("sound", "AQI=")
          .containsEntry("tags", "{\"a\":1}");
      assertThat(
              Records.good(
                      Records.config(
                          "{" + from + ", 'payload_field': 'sound', 'payload': 'inline'}"),
                      Records.record(out.toByteArray()))
                  .parts())
          .containsExactly(new FilePart(PartId.FILE, new Content.Inline(new byte[] {1, 2})));
      byte[] unknown = out.toByteArray();
      unknown[4] = 9;
      assertThat(
              Records.bad(Records.config("{" + from + "}"), Records.record(unknown))
                  .failure()
                  .message())
          .contains("no schema 265");
    } finally {
      registry.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'format': 'csv'};columns",
        "{'format': 'avro'};schemas",
        "{'format': 'text', 'event_time': 'at'};event_time",
        "{'format': 'bytes', 'id_field': 'id'};id_field",
        "{'spread': 'key'};order_by",
        "{'spread': 'any', 'order_by': 'customer'};spread",
        "{'delimiter': ''};delimiter",
        "{'inline_limit_bytes': 0};inline_limit_bytes",
        "{'nonsense': 1};nonsense"
      })
  void mistakesInAConfigurationAreNamed(String config, String key) {
    assertThatThrownBy(() -> Records.config(config))
        .isInstanceOfSatisfying(
            ConfigException.class, mistake -> assertThat(mistake.key()).isEqualTo(key))
        .hasMessageContaining(key);
  }
}
