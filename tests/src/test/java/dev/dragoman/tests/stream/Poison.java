package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Thirty kinds of messages that are no tickets. */
final class Poison {
  private static final String ALMOST =
      "{\"ticket_id\":\"%s\",\"created_at\":\"2026-03-01T00:00:00Z\",\"text\":\"My parcel is late\"";

  /** Each makes the bytes for an id, which makes messages of one kind different. */
  private static final List<Function<String, byte[]>> KINDS =
      List.of(
          id -> text(ALMOST.formatted(id)),
          id -> text(ALMOST.formatted(id) + ",}"),
          id -> text(ALMOST.formatted(id) + "} trailing"),
          id -> text(ALMOST.formatted(id).replace("\"text\"", "text") + "}"),
          id -> text(ALMOST.formatted(id).replace('"', '\'') + "}"),
          id -> text("[" + ALMOST.formatted(id) + "}]"),
          id -> text("\"" + id + "\""),
          id -> text(Integer.toString(id.hashCode())),
          _ -> text("null"),
          _ -> text("   "),
          _ -> new byte[0],
          id -> text(ALMOST.formatted(id) + ",\"text\":\"again\"}"),
          id -> text(ALMOST.formatted(id) + ",\"a\":{\"b\":1,\"b\":2}}"),
          id ->
              text(
                  ALMOST.formatted(id)
                      + ",\"deep\":"
                      + "[".repeat(3_000)
                      + "]".repeat(3_000)
                      + "}"),
          id -> text(ALMOST.formatted(id) + ",\"n\":1" + "0".repeat(5_000) + "}"),
          id -> text(ALMOST.formatted(id).replace("My parcel", "\u0001My parcel") + "}"),
          id -> invalid(ALMOST.formatted(id), (byte) 0xff),
          id -> invalid(ALMOST.formatted(id), (byte) 0xc0),
          id -> invalid(ALMOST.formatted(id), (byte) 0xed),
          id -> (ALMOST.formatted(id) + "}").getBytes(UTF_16LE),
          id -> framed(7, id),
          id -> framed(-1, id),
          id -> text(ALMOST.formatted(id).replace("2026-03-01", "1826-03-01") + "}"),
          id -> text(ALMOST.formatted(id).replace("2026-03-01", "2126-03-01") + "}"),
          id -> text(ALMOST.formatted(id).replace("2026-03-01T00:00:00Z", "yesterday") + "}"),
          id -> text(ALMOST.formatted(id).replace("2026-03-01", "2026-13-41") + "}"),
          id -> text(ALMOST.formatted(id).replace("My parcel is late", "   ") + "}"),
          id -> text("{\"ticket_id\":\"" + id + "\",\"created_at\":\"2026-03-01T00:00:00Z\"}"),
          id -> text(ALMOST.formatted(id) + ",\"pad\":\"" + "x".repeat(900_000)),
          Poison::noise);

  private Poison() {}

  static int kinds() {
    return KINDS.size();
  }

  static byte[] message(int kind, String id) {
    return KINDS.get(kind).apply(id);
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] invalid(String almost, byte wrong) {
    byte[] bytes = text(almost + "}");
    bytes[bytes.length - 10] = wrong;
    return bytes;
  }

  /** As a schema registry frames a message. */
  private static byte[] framed(int schema, String id) {
    byte[] body = text(id);
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(schema).put(body).array();
  }

  private static byte[] noise(String id) {
    byte[] bytes = new byte[200];
    new Random(Arrays.hashCode(text(id))).nextBytes(bytes);
    return bytes;
  }
}
