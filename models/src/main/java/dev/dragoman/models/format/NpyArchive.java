package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MOST_COMMENT = 1 << 16;
  private static final int MOST_HEADER = 1 << 16;
  private static final int MOST_PACKED = 64;
  private static final long LARGE = 0xFFFFFFFFL;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']{1,8})'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(((?:[0-9]{1,12},? ?){0,8})\\)");

  private final String file;
  private final MemorySegment bytes;

  private NpyArchive(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static Map<String, Tensor> parse(String file, MemorySegment bytes) {
    return new NpyArchive(file, bytes).arrays();
  }

  private Map<String, Tensor> arrays() {
    Cursor end = cursor(endRecord());
    end.skip(10, "end record");
    int count = end.u16("number of entries");
    end.u32("size of the directory");
    long directory = end.u32("place of the directory");
    if (directory > bytes.byteSize()) {
      throw end.wrong(directory, "the directory is outside the file");
    }
    Cursor cursor = cursor(directory);
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Spans spans = new Spans(file);
    for (int i = 0; i < count; i++) {
      long start = cursor.at();
      cursor.skip(0, "entry");
      if (cursor.i32("entry") != ENTRY) {
        throw cursor.wrong(start, "the directory of the archive is damaged");
      }
      cursor.skip(6, "entry");
      int method = cursor.u16("entry");
      cursor.skip(8, "entry");
      long packed = cursor.u32("entry");
      long size = cursor.u32("entry");
      int nameLength = cursor.u16("entry");
      int more = cursor.u16("entry") + cursor.u16("entry");
      cursor.skip(8, "entry");
      long local = cursor.u32("entry");
      String name = cursor.text(nameLength, "name of an entry");
      cursor.skip(more, "entry");
      if (packed == LARGE || size == LARGE || local == LARGE) {
        throw cursor.wrong(start, "%s needs the 64-bit form of zip".formatted(name));
      }
      long data = data(local, name);
      if (packed > bytes.byteSize() - data) {
        throw cursor.wrong(start, "%s of %d bytes is outside the file".formatted(name, packed));
      }
      spans.add(name, data, packed);
      String array = name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name;
      MemorySegment content =
          switch (method) {
            case 0 -> bytes.asSlice(data, packed);
            case 8 -> inflate(name, bytes.asSlice(data, packed), size);
            default ->
                throw cursor.wrong(start, "%s is packed by method %d".formatted(name, method));
          };
      if (arrays.put(array, array(array, content)) != null) {
        throw cursor.wrong(start, "%s is there twice".formatted(name));
      }
    }
    spans.refuseOverlaps(0);
    return arrays;
  }

  private Cursor cursor(long at) {
    return new Cursor(file, bytes, at);
  }

  private long endRecord() {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
      if (cursor(at).i32("end record") == END) {
        return at;
      }
    }
    throw new ModelException(file + ": no zip archive, or a damaged one: download it again");
  }

  private long data(long local, String name) {
    if (local > bytes.byteSize() - LOCAL_BYTES || cursor(local).i32("local header") != LOCAL) {
      throw new ModelException("%s: offset %d: no header of %s".formatted(file, local, name));
    }
    Cursor cursor = cursor(local + 26);
    int length = cursor.u16("local header") + cursor.u16("local header");
    return cursor.skip(length, "local header") + length;
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
