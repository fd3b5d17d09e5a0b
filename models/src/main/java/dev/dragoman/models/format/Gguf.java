package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, version 2 or 3, little-endian: a magic number, typed metadata, a list of tensors,
 * their bytes (<a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">format</a>).
 *
 * <p>Nothing is copied, and nothing is believed before it has been checked: lengths against the
 * bytes that are left, known types, rows of whole blocks, aligned tensors that lie inside the file
 * and do not overlap, no name twice.
 */
public final class Gguf implements WeightFile {
  static final int MAGIC = 0x46554747;

  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_TENSORS = 131_072;
  private static final int MAX_NAME = 1024;
  private static final int LEAST_KEY = 8 + 4 + 1;
  private static final int LEAST_TENSOR = 8 + 4 + 4 + 8;
  private static final long MAX_ALIGNMENT = 1 << 20;

  private record Claim(String name, DType type, long[] shape, long offset, long size, long at) {}

  private final int version;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;

  private Gguf(int version, Metadata metadata, Map<String, Tensor> tensors) {
    this.version = version;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /**
   * Maps the file and checks its header.
   *
   * @param arena what the mapping lives as long as
   * @throws ModelException naming the file, the key or tensor and the offset
   */
  public static Gguf open(Path path, Arena arena) {
    return parse(String.valueOf(path.getFileName()), MappedFile.open(path, arena));
  }

  static Gguf parse(String file, MemorySegment bytes) {
    Cursor cursor = new Cursor(file, bytes, 0);
    int version = version(cursor);
    long count = cursor.count(LEAST_TENSOR, "number of tensors");
    long keys = cursor.count(LEAST_KEY, "number of keys");
    if (count > MAX_TENSORS) {
      throw cursor.wrong(8, count + " tensors are more than any model has");
    }
    Metadata metadata = Metadata.read(file, bytes, cursor, keys);
    refuseParts(metadata);
    long alignment = alignment(metadata);
    List<Claim> claims = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      claims.add(claim(cursor, i, alignment));
    }
    long start = Math.ceilDiv(cursor.at(), alignment) * alignment;
    return new Gguf(version, metadata, tensors(file, cursor, claims, bytes, start));
  }

  private static int version(Cursor cursor) {
    if (cursor.i32("magic number") != MAGIC) {
      throw cursor.wrong(0, "this is no GGUF file");
    }
    int version = cursor.i32("version");
    if (version == 2 || version == 3) {
      return version;
    }
    if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
      throw cursor.wrong(4, "this is a big-endian GGUF file; only little-endian ones are read");
    }
    throw cursor.wrong(
        4, "GGUF version %s; read are 2 and 3".formatted(Integer.toUnsignedString(version)));
  }

  private static void refuseParts(Metadata metadata) {
    long parts = metadata.integer("split.count", 1);
    if (parts > 1) {
      throw metadata.wrong(
          "split.count", "says that this is one of %d parts; join them first".formatted(parts));
    }
  }

  private static long alignment(Metadata metadata) {
    long alignment = metadata.integer("general.alignment", 32);
    if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
      throw metadata.wrong(
          "general.alignment", "is " + alignment + ", no power of two up to " + MAX_ALIGNMENT);
    }
    return alignment;
  }

  private static Claim claim(Cursor cursor, long number, long alignment) {
    long at = cursor.at();
    String unnamed = "name of tensor " + number;
    String name = cursor.text(Metadata.nameLength(cursor, MAX_NAME, unnamed), unnamed);
    String what = "tensor " + name;
    long dimensions = cursor.u32(what);
    if (dimensions > MAX_DIMENSIONS) {
      throw cursor.wrong(at, "%s has %d dimensions; at most 4 can be".formatted(what, dimensions));
    }
    long[] shape = new long[(int) dimensions];
    for (int i = shape.length - 1; i >= 0; i--) {
      shape[i] = cursor.i64(what);
    }
    DType type = type(cursor, what);
    long size = size(cursor, at, what, type, shape);
    long offsetAt = cursor.at();
    long offset = cursor.i64(what);
    if (offset < 0 || offset % alignment != 0) {
      throw cursor.wrong(
          offsetAt,
          "%s starts at %s, which is no multiple of %d"
              .formatted(what, Long.toUnsignedString(offset), alignment));
    }
    return new Claim(name, type, shape, offset, size, at);
  }

  private static long size(Cursor cursor, long at, String what, DType type, long[] shape) {
    long elements = 1;
    try {
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new ArithmeticException("2^63 or more");
        }
        elements = Math.multiplyExact(elements, dimension);
      }
      if (shape.length > 0 && shape[shape.length - 1] % type.blockSize() != 0
          || shape.length == 0 && type.packed()) {
        throw cursor.wrong(
            at,
            "%s has rows of shape %s, no whole blocks of %s (%d)"
                .formatted(what, Arrays.toString(shape), type, type.blockSize()));
      }
      return type.bytesFor(elements);
    } catch (ArithmeticException e) {
      throw cursor.wrong(
          at, "%s claims the impossible shape %s".formatted(what, Arrays.toString(shape)), e);
    }
  }

  private static DType type(Cursor cursor, String what) {
    long start = cursor.at();
    int number = cursor.i32(what);
    return switch (number) {
      case 0 -> DType.F32;
      case 1 -> DType.F16;
      case 2 -> DType.Q4_0;
      case 3 -> DType.Q4_1;
      case 6 -> DType.Q5_0;
      case 7 -> DType.Q5_1;
      case 8 -> DType.Q8_0;
      case 10 -> DType.Q2_K;
      case 11 -> DType.Q3_K;
      case 12 -> DType.Q4_K;
      case 13 -> DType.Q5_K;
      case 14 -> DType.Q6_K;
      case 20 -> DType.IQ4_NL;
      case 23 -> DType.IQ4_XS;
      case 24 -> DType.I8;
      case 25 -> DType.I16;
      case 26 -> DType.I32;
      case 27 -> DType.I64;
      case 28 -> DType.F64;
      case 30 -> DType.BF16;
      default ->
          throw cursor.wrong(
              start,
              "%s is stored as %s, which is not supported".formatted(what, unsupported(number)));
    };
  }

  private static String unsupported(int number) {
    return switch (number) {
      case 4 -> "Q4_2";
      case 5 -> "Q4_3";
      case 9 -> "Q8_1";
      case 15 -> "Q8_K";
      case 16 -> "IQ2_XXS";
      case 17 -> "IQ2_XS";
      case 18 -> "IQ3_XXS";
      case 19 -> "IQ1_S";
      case 21 -> "IQ3_S";
      case 22 -> "IQ2_S";
      case 29 -> "IQ1_M";
      case 34 -> "TQ1_0";
      case 35 -> "TQ2_0";
      case 39 -> "MXFP4";
      case 40 -> "NVFP4";
      case 41 -> "Q1_0";
      default -> "type number " + Integer.toUnsignedString(number);
    };
  }

  private static Map<String, Tensor> tensors(
      String file, Cursor cursor, List<Claim> claims, MemorySegment bytes, long start) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Spans spans = new Spans(file);
    long room = Math.max(0, bytes.byteSize() - start);
    for (Claim claim : claims) {
      if (claim.offset() > room || claim.size() > room - claim.offset()) {
        throw cursor.wrong(
            claim.at(),
            "tensor %s of %d bytes starts %d bytes into the %d bytes of data; the file is damaged,"
                    .formatted(claim.name(), claim.size(), claim.offset(), room)
                + " download it again");
      }
      Tensor tensor =
          new Tensor(
              file,
              claim.name(),
              claim.type(),
              claim.shape(),
              bytes.asSlice(Math.min(start, bytes.byteSize()) + claim.offset(), claim.size()));
      if (tensors.put(claim.name(), tensor) != null) {
        throw cursor.wrong(claim.at(), "tensor %s is there twice".formatted(claim.name()));
      }
      spans.add(claim.name(), start + claim.offset(), claim.size());
    }
    spans.refuseOverlaps(start);
    return Collections.unmodifiableMap(tensors);
  }

  /** The version of the format. */
  public int version() {
    return version;
  }

  /** What the file says about the model. */
  public Metadata metadata() {
    return metadata;
  }

  /** The tensors by name, in the file's order; their shapes are outermost first, as everywhere. */
  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }
}
