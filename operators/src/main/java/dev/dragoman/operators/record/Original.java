package dev.dragoman.operators.record;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The message a document was made of, byte for byte, so that it can be sent again. Callers must not
 * change the arrays.
 *
 * @param key null if it had none
 * @param headers in their order; a name may stand there twice
 * @param value what it held: inline, or the same as a part of the document that holds those very
 *     bytes, or a reference if it was too large to carry along; null if it had none
 */
public record Original(byte @Nullable [] key, List<Header> headers, @Nullable Content value) {
  public Original {
    headers = List.copyOf(headers);
  }

  /** A header of a message. */
  public record Header(String name, byte @Nullable [] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Header header
          && name.equals(header.name)
          && Arrays.equals(value, header.value);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Header[" + name + "]";
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Original original
        && Arrays.equals(key, original.key)
        && headers.equals(original.headers)
        && Objects.equals(value, original.value);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(key) + headers.hashCode()) + Objects.hashCode(value);
  }

  @Override
  public String toString() {
    return "Original[key of "
        + (key == null ? "no" : key.length)
        + " bytes, headers "
        + headers
        + ", value "
        + value
        + "]";
  }
}
