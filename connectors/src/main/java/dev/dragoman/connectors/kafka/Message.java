package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.Original;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message on its way to a topic. */
record Message(byte @Nullable [] key, byte @Nullable [] value, List<Original.Header> headers) {
  Message {
    headers = List.copyOf(headers);
  }

  /** About what it takes up in a topic, never less. */
  int size() {
    int size = 128 + length(key) + length(value);
    for (Original.Header header : headers) {
      size += 10 + 3 * header.name().length() + length(header.value());
    }
    return size;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Message message
        && Arrays.equals(key, message.key)
        && Arrays.equals(value, message.value)
        && headers.equals(message.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), headers);
  }

  @Override
  public String toString() {
    return "Message[" + length(key) + " and " + length(value) + " bytes, " + headers + "]";
  }
}
