package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken messages of forty kinds: each is rejected for what it is and keeps what was sent. */
class PoisonTest {
  private static final Schema TICKET =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Ticket", "fields": [
                {"name": "text", "type": "string"},
                {"name": "tags", "type": {"type": "array", "items": "null"}, "default": []}]}
              """);

  @TempDir static Path schemas;

  @BeforeAll
  static void registry() throws IOException {
    Files.writeString(schemas.resolve("7.avsc"), TICKET.toString());
    Files.writeString(schemas.resolve("8.avsc"), "{\"type\": \"string\"}");
    Files.writeString(schemas.resolve("9.avsc"), "{\"type\": \"recor");
  }

  /** What is sent, to which source, and what must be said of it. */
  record Poison(
      String name, String config, byte @Nullable [] value, RejectionCode code, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Poison> poison() throws IOException {
    String json = "{'event_time': 'at'}";
    String fine = "\"at\": \"2026-05-01T11:00:00Z\"";
    String named = "{'text': ['body']}";
    String csv = "{'format': 'csv', 'columns': ['id', 'text']}";
    String text = "{'format': 'text'}";
    String bytes = "{'format': 'bytes', 'inline_limit_bytes': 100}";
    String avro = "{'format': 'avro', 'schemas': '" + schemas + "'}";
    String inline = "{'payload_field': 'sound', 'payload': 'inline', 'inline_limit_bytes': 100}";
    String file = "{'payload_field': 'sound', 'payload_roots': ['" + schemas + "']}";
    byte[] good = framed(7, ticket("hello"));
    return Stream.of(
        bad("broken off", json, "{\"text\": \"hel", "not one JSON object"),
        bad("no JSON at all", json, "hello world", "not one JSON object"),
        bad("the same key twice", json, "{\"text\": \"a\", \"text\": \"b\"}", "Duplicate"),
        bad(
            "a nested key twice",
            json,
            "{\"text\": \"a\", \"x\": {\"y\": 1, \"y\": 2}}",
            "Duplicate"),
        bad("a list", json, "[{\"text\": \"a\"}]", "not a JSON object but array"),
        bad("a number", json, "42", "not a JSON object but number"),
        bad("null as text", json, "null", "not a JSON object but null"),
        bad("two objects", json, "{\"text\": \"a\"} {\"text\": \"b\"}", "not one JSON object"),
        bad(
            "deep nesting",
            json,
            "{\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            "nesting"),
        bad("an endless number", json, "{\"x\": " + "9".repeat(5_000) + "}", "umber"),
        bad("NaN", json, "{\"text\": \"a\", \"x\": NaN}", "not one JSON object"),
        bad("single quotes", json, "{'text': 'a'}", "not one JSON object"),
        bad("a raw line end in a text", json, "{\"text\": \"a\nb\"}", "not one JSON object"),
        bad("half a surrogate pair", json, "{" + fine + ", \"text\": \"a\\ud83d\"}", "surrogate"),
        new Poison(
            "Latin-1",
            json,
            "{\"text\": \"één\"}".getBytes(ISO_8859_1),
            RejectionCode.BAD_ROW,
            "is not UTF-8"),
        new Poison(
            "UTF-16",
            json,
            "{\"text\": \"a\"}".getBytes(UTF_16),
            RejectionCode.BAD_ROW,
            "is not UTF-8"),
        new Poison(
            "an overlong zero",
            json,
            new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"'},
            RejectionCode.BAD_ROW,
            "byte 2"),
        new Poison("a tombstone", json, null, RejectionCode.EMPTY, "tombstone"),
        new Poison("nothing", json, new byte[0], RejectionCode.EMPTY, "empty"),
        new Poison(
            "a blank text",
            json,
            ("{" + fine + ", \"text\": \" \"}").getBytes(UTF_8),
            RejectionCode.EMPTY,
            "no text in text"),
        bad("no text field", named, "{\"x\": 1}", "looked for body"),
        bad("no time", json, "{\"text\": \"a\"}", "no 'at'"),
        bad("a time that is none", json, "{\"text\": \"a\", \"at\": \"soon\"}", "no time"),
        bad(
            "a time a century on",
            json,
            "{\"text\": \"a\", \"at\": \"2126-05-01T11:00:00Z\"}",
            "max_future"),
        bad("a time a century back", json, "{\"text\": \"a\", \"at\": -1368000000}", "max_past"),
        bad("an endless time", json, "{\"text\": \"a\", \"at\": 1e400}", "no time"),
        bad("no name", "{'id_field': 'id'}", "{\"text\": \"a\"}", "no 'id'"),
        bad("a value too many", csv, "1,hello,there", "3 columns"),
        bad("an open quote", csv, "1,\"hello", "not a row"),
        bad("two rows", csv, "1,a\n2,b", "2 rows"),
        new Poison(
            "text that is not UTF-8",
            text,
            new byte[] {(byte) 0xff},
            RejectionCode.BAD_ROW,
            "byte 0"),
        new Poison("an empty file", bytes, new byte[0], RejectionCode.EMPTY, "empty"),
        new Poison(
            "a large file", bytes, new byte[101], RejectionCode.TOO_LARGE, "inline_limit_bytes"),
        new Poison(
            "a schema that is not there",
            avro,
            framed(6, ticket("a")),
            RejectionCode.BAD_ROW,
            "no schema 6"),
        new Poison(
            "a schema that is no record",
            avro,
            framed(8, ticket("a")),
            RejectionCode.BAD_ROW,
            "no record but string"),
        new Poison(
            "a schema that is broken",
            avro,
            framed(9, ticket("a")),
            RejectionCode.BAD_ROW,
            "no Avro schema"),
        new Poison(
            "no frame", avro, "{\"text\": 1}".getBytes(UTF_8), RejectionCode.BAD_ROW, "zero byte"),
        new Poison(
            "a record broken off",
            avro,
            Arrays.copyOf(good, 9),
            RejectionCode.BAD_ROW,
            "no record of schema 7"),
        new Poison(
            "a record and more",
            avro,
            Arrays.copyOf(good, good.length + 3),
            RejectionCode.BAD_ROW,
            "3 bytes are left"),
        new Poison(
            "a text of 2 GiB",
            avro,
            framed(7, hex("feffffff0f")),
            RejectionCode.BAD_ROW,
            "announced"),
        new Poison(
            "a thousand million elements",
            avro,
            framed(7, hex("026180a8d6b907")),
            RejectionCode.BAD_ROW,
            "announced"),
        bad("Base64 that is none", inline, "{\"sound\": \"~~~~\"}", "not Base64"),
        new Poison(
            "a large sound",
            inline,
            ("{\"sound\": \"" + "A".repeat(400) + "\"}").getBytes(UTF_8),
            RejectionCode.TOO_LARGE,
            "inline_limit_bytes"),
        bad("no sound", inline, "{\"text\": \"a\"}", "no 'sound'"),
        new Poison(
            "a sound that is not there",
            file,
            ("{\"sound\": \"" + schemas + "/none.wav\"}").getBytes(UTF_8),
            RejectionCode.UNREADABLE,
            "none.wav"),
        bad(
            "a file that is none of its business",
            file,
            "{\"sound\": \"/etc/passwd\"}",
            "payload_roots"),
        bad(
            "a way around",
            file,
            "{\"sound\": \"" + schemas + "/../../etc/passwd\"}",
            "payload_roots"));
  }

  private static Poison bad(String name, String config, String value, String message) {
    return new Poison(name, config, value.getBytes(UTF_8), RejectionCode.BAD_ROW, message);
  }

  @ParameterizedTest
  @MethodSource("poison")
  void isRejectedForWhatItIsAndKeepsWhatWasSent(Poison poison) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[] {1, (byte) 0xff});
    Rejected rejected =
        Records.bad(
            Records.config(poison.config()), Records.record(poison.value(), headers, Records.NOW));
    assertThat(rejected.failure().message()).contains(poison.message());
    assertThat(rejected.failure().code()).isEqualTo(poison.code());
    assertThat(rejected.failure().operator()).isEqualTo("ReadKafka");
    assertThat(rejected.document().provenance().source()).hasToString("kafka:tickets/3#offset=41");
    Message letter = DeadLetter.of(rejected, 1 << 20);
    assertThat(letter.key()).isEqualTo("key".getBytes(UTF_8));
    assertThat(letter.value()).isEqualTo(poison.value());
    assertThat(letter.headers())
        .contains(
            new Original.Header("trace", new byte[] {1, (byte) 0xff}),
            new Original.Header("dragoman-code", poison.code().name().getBytes(UTF_8)),
            new Original.Header("dragoman-payload", "original".getBytes(UTF_8)));
  }

  @Test
  void aMessageBeyondTheLimitIsNotCarriedAlongButSaysWhereItIs() {
    Rejected rejected =
        Records.bad(Records.config("{'max_message_bytes': 1000}"), Records.record(new byte[1_001]));
    assertThat(rejected.failure().code()).isEqualTo(RejectionCode.TOO_LARGE);
    assertThat(rejected.document().parts().toString()).contains("Reference");
    Message letter = DeadLetter.of(rejected, 1 << 20);
    assertThat(letter.value()).isNull();
    assertThat(letter.headers())
        .contains(new Original.Header("dragoman-payload", "left".getBytes(UTF_8)));
  }

  @Test
  void aRecordWhoseOwnTimeCannotBeIsRejectedIfNothingBetterIsSaid() {
    Rejected rejected =
        Records.bad(
            Records.config("{}"),
            Records.record(
                "{\"text\": \"a\"}".getBytes(UTF_8),
                new RecordHeaders(),
                Records.NOW.plus(Duration.ofDays(40_000))));
    assertThat(rejected.failure().message()).contains("the record's timestamp");
  }

  @Test
  void whatFailsLaterStillGivesBackWhatWasSent() {
    byte[] sent = "{ \"text\" : \"a\", \"n\": 1.50 }".getBytes(UTF_8);
    var found = Records.good(Records.config("{}"), Records.record(sent)).asFound();
    assertThat(found.provenance().original()).isNotNull();
    assertThat(
            DeadLetter.of(
                    new Rejected(
                        found, new Failure(RejectionCode.INTERNAL, "Translate", "no memory", 1)),
                    1 << 20)
                .value())
        .isEqualTo(sent);
  }

  @Test
  void whatCameAsNoMessageIsALetterOfItsOwnKind() {
    var document =
        Document.ofFile(
            URI.create("file:///a.pdf"),
            "application/pdf",
            1,
            Sha256.of(new byte[1]),
            new Content.Inline(new byte[1]));
    Message letter =
        DeadLetter.of(
            new Rejected(document, new Failure(RejectionCode.CORRUPT, "ExtractText", "broken", 1)),
            1 << 20);
    assertThat(letter.headers())
        .contains(new Original.Header("dragoman-payload", "rejected".getBytes(UTF_8)));
    assertThat(letter.value()).isNotEmpty();
  }

  private static byte[] ticket(String text) throws IOException {
    GenericRecord ticket = new GenericRecordBuilder(TICKET).set("text", text).build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(TICKET).write(ticket, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] framed(int id, byte[] record) {
    return ByteBuffer.allocate(5 + record.length).put((byte) 0).putInt(id).put(record).array();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
