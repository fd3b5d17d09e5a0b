package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses of messages: {@code kafka:TOPIC/PARTITION#offset=N} and {@code kafka:TOPIC#ID}. */
final class KafkaUris {
  private static final Pattern MESSAGE = Pattern.compile("kafka:([A-Za-z0-9._-]+)(/\\d+)?#[^!]*");

  private KafkaUris() {}

  /** By its place. */
  static URI place(String topic, int partition, long offset) {
    return URI.create("kafka:" + topic + "/" + partition + "#offset=" + offset);
  }

  /** By its name. */
  static URI name(String topic, String id) {
    StringBuilder uri = new StringBuilder("kafka:").append(topic).append('#');
    for (byte b : id.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-._~".indexOf(c) >= 0;
      if (plain) {
        uri.append(c);
      } else {
        uri.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return URI.create(uri.toString());
  }

  /** The topic of a message; empty if the address is not that of a message as such. */
  static Optional<String> topic(String uri) {
    Matcher matcher = MESSAGE.matcher(uri);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
