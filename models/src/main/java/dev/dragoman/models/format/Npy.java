package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of NumPy, as {@code numpy.save} writes it: single, half or double precision,
 * little-endian, the last dimension closest together.
 *
 * @param shape outermost dimension first; empty for a single number
 * @param values as many as the dimensions say, row-major
 */
public record Npy(int[] shape, float[] values) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

  /**
   * Reads a file.
   *
   * @throws ModelException if it cannot be read or is no such array
   */
  public static Npy read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer start = take(file, channel, 12);
      byte[] magic = new byte[MAGIC.length];
      start.get(magic);
      int version = start.get();
      start.get();
      if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
        throw new ModelException(file + " is no .npy file of NumPy");
      }
      int length = version == 1 ? Short.toUnsignedInt(start.getShort()) : start.getInt();
      channel.position(version == 1 ? 10 : 12);
      if (length < 0 || length > MOST_HEADER) {
        throw new ModelException("%s: a header of %d bytes".formatted(file, length));
      }
      return values(
          file,
          channel,
          StandardCharsets.ISO_8859_1.decode(take(file, channel, length)).toString());
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Npy values(Path file, FileChannel channel, String header) throws IOException {
    String type = field(file, TYPE, header);
    int width =
        switch (type) {
          case "<f2" -> Short.BYTES;
          case "<f4" -> Float.BYTES;
          case "<f8" -> Double.BYTES;
          default ->
              throw new ModelException(
                  "%s holds numbers of type %s; save it as float32".formatted(file, type));
        };
    if (field(file, FORTRAN, header).equals("True")) {
      throw new ModelException(
          file + " has its first dimension closest together; save numpy.ascontiguousarray of it");
    }
    int[] shape = shape(file, field(file, SHAPE, header));
    long count = 1;
    for (int dimension : shape) {
      // Neither can overflow: both are below 2^31.
      count = Math.min(count * dimension, Integer.MAX_VALUE);
    }
    if (channel.size() - channel.position() != count * width) {
      throw new ModelException(
          "%s has %d bytes of numbers, but shape %s of %s asks for others"
              .formatted(file, channel.size() - channel.position(), Arrays.toString(shape), type));
    }
    ByteBuffer bytes = take(file, channel, Math.toIntExact(count * width));
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (width) {
            case Short.BYTES -> Float.float16ToFloat(bytes.getShort());
            case Float.BYTES -> bytes.getFloat();
            default -> (float) bytes.getDouble();
          };
    }
    return new Npy(shape, values);
  }

  private static String field(Path file, Pattern pattern, String header) {
    Matcher found = pattern.matcher(header);
    if (!found.find()) {
      throw new ModelException(file + " has a header that is not known here: " + header.strip());
    }
    return found.group(1);
  }

  private static int[] shape(Path file, String dimensions) {
    try {
      return Arrays.stream(dimensions.split(","))
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new ModelException("%s has the shape (%s)".formatted(file, dimensions), e);
    }
  }

  private static ByteBuffer take(Path file, FileChannel channel, int count) throws IOException {
    if (count > channel.size() - channel.position()) {
      throw new ModelException(file + " breaks off");
    }
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new ModelException(file + " breaks off");
      }
    }
    return bytes.flip();
  }
}
