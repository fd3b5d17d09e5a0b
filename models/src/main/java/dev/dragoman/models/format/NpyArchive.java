package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An {@code .npz} of NumPy: a zip archive of arrays in {@code .npy} form (<a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">format</a>). Arrays
 * that were only stored stay mapped; deflated ones are unpacked into memory.
 */
final class NpyArchive {
  private static final int MOST_HEADER = 1 << 16;
  private static final int MOST_PACKED = 64;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']{1,8})'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(((?:[0-9]{1,12},? ?){0,8})\\)");

  private final String file;

  private NpyArchive(String file) {
    this.file = file;
  }

  static Map<String, Tensor> parse(String file, MemorySegment bytes) {
    return new NpyArchive(file).arrays(ZipDirectory.read(file, bytes));
  }

  private Map<String, Tensor> arrays(List<ZipDirectory.Entry> entries) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (ZipDirectory.Entry entry : entries) {
      String name = entry.name();
      String array = name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name;
      if (arrays.put(array, array(array, content(entry))) != null) {
        throw wrong(entry, "is there twice");
      }
    }
    return arrays;
  }

  private MemorySegment content(ZipDirectory.Entry entry) {
    return switch (entry.method()) {
      case 0 -> entry.content();
      case 8 -> inflate(entry.name(), entry.content(), entry.size());
      default -> throw wrong(entry, "is packed by method " + entry.method());
    };
  }

  private ModelException wrong(ZipDirectory.Entry entry, String what) {
    return new ModelException(
        "%s: offset %d: %s %s".formatted(file, entry.at(), entry.name(), what));
  }

  private MemorySegment inflate(String name, MemorySegment packed, long size) {
    if (size > MOST_PACKED * packed.byteSize() + MOST_HEADER || size > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          "%s: %s is said to grow from %d bytes to %d, which numbers do not"
              .formatted(file, name, packed.byteSize(), size));
    }
    byte[] content = new byte[(int) size];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed.asByteBuffer());
      int at = 0;
      int step = 1;
      while (at < content.length && step > 0) {
        step = inflater.inflate(content, at, content.length - at);
        at += step;
      }
      if (at < content.length) {
        throw new ModelException("%s: %s breaks off".formatted(file, name));
      }
      return MemorySegment.ofArray(content);
    } catch (DataFormatException e) {
      throw new ModelException("%s: %s is damaged: %s".formatted(file, name, e.getMessage()), e);
    } finally {
      inflater.end();
    }
  }

  private Tensor array(String name, MemorySegment content) {
    Cursor cursor = new Cursor(file + ", " + name, content, 0);
    byte[] magic = cursor.slice(MAGIC.length, "magic number").toArray(ValueLayout.JAVA_BYTE);
    int version = cursor.u8("version");
    cursor.u8("version");
    if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
      throw cursor.wrong(0, "this is no array of NumPy");
    }
    long length = version == 1 ? cursor.u16("header") : cursor.u32("header");
    if (length > MOST_HEADER) {
      throw cursor.wrong(8, "a header of %d bytes".formatted(length));
    }
    String header = cursor.text(length, "header");
    DType type = type(cursor, field(cursor, TYPE, header));
    long[] shape =
        Arrays.stream(field(cursor, SHAPE, header).split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    if (field(cursor, FORTRAN, header).equals("True") && shape.length > 1) {
      throw cursor.wrong(8, "its first dimension is closest together");
    }
    long size = type.blockBytes();
    try {
      for (long dimension : shape) {
        size = Math.multiplyExact(size, dimension);
      }
    } catch (ArithmeticException e) {
      throw cursor.wrong(8, "the impossible shape %s".formatted(Arrays.toString(shape)), e);
    }
    if (size != cursor.left()) {
      throw cursor.wrong(
          cursor.at(),
          "%d bytes of numbers, but %s of shape %s has %d"
              .formatted(cursor.left(), type, Arrays.toString(shape), size));
    }
    return new Tensor(file, name, type, shape, cursor.slice(size, "numbers"));
  }

  private static String field(Cursor cursor, Pattern pattern, String header) {
    Matcher found = pattern.matcher(header);
    if (!found.find()) {
      throw cursor.wrong(8, "a header that is not known here: " + header.strip());
    }
    return found.group(1);
  }

  private static DType type(Cursor cursor, String written) {
    return switch (written) {
      case "<f4" -> DType.F32;
      case "<f2" -> DType.F16;
      case "<f8" -> DType.F64;
      case "<i8" -> DType.I64;
      case "<i4" -> DType.I32;
      case "<i2" -> DType.I16;
      case "|i1" -> DType.I8;
      case "|u1", "|S1" -> DType.U8;
      case "|b1" -> DType.BOOL;
      default -> throw cursor.wrong(8, "numbers of type %s are not known here".formatted(written));
    };
  }
}
