package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads one initialiser (TensorProto). */
final class OnnxTensor {
  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_NAME = 4096;
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Where numbers are that are not in the file itself. */
  interface Outside {
    /**
     * The bytes of a tensor in another file.
     *
     * @param place the keys {@code location}, {@code offset} and {@code length}, as far as there
     */
    MemorySegment bytes(String tensor, Map<String, String> place, long size);
  }

  private final String file;
  private final Outside outside;
  private String name = "";
  private int number;
  private final long[] dimensions = new long[MAX_DIMENSIONS];
  private int rank;
  private Optional<MemorySegment> raw = Optional.empty();
  private Optional<MemorySegment> floats = Optional.empty();
  private Optional<MemorySegment> doubles = Optional.empty();
  private Optional<MemorySegment> varints = Optional.empty();
  private long varintsAt;
  private boolean elsewhere;
  private final Map<String, String> place = new HashMap<>();

  private OnnxTensor(String file, Outside outside) {
    this.file = file;
    this.outside = outside;
  }

  /** The tensor, unless it is one of texts or of whole numbers that are not stored plainly. */
  static Optional<Tensor> read(String file, ProtoReader reader, Outside outside) {
    long start = reader.offset();
    OnnxTensor tensor = new OnnxTensor(file, outside);
    tensor.fields(reader);
    return tensor.build(start);
  }

  private void fields(ProtoReader reader) {
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> dimension(reader);
        case 2 -> number = (int) reader.varint("the type of a tensor");
        case 4 -> floats = once(reader, floats, "float_data");
        case 5 -> {
          varints = once(reader, varints, "int32_data");
          varintsAt = reader.offset() - varints.map(MemorySegment::byteSize).orElse(0L);
        }
        case 8 -> name = reader.text(MAX_NAME, "the name of a tensor");
        case 9 -> raw = once(reader, raw, "raw_data");
        case 10 -> doubles = once(reader, doubles, "double_data");
        case 13 -> entry(reader.message("external_data"));
        case 14 -> elsewhere = reader.varint("data_location") == 1;
        default -> reader.skip();
      }
    }
  }

  private void dimension(ProtoReader reader) {
    if (reader.isBytes()) {
      ProtoReader packed = reader.message("dims");
      while (!packed.atEnd()) {
        add(reader, packed.anyVarint());
      }
    } else {
      add(reader, reader.varint("dims"));
    }
  }

  private void add(ProtoReader reader, long dimension) {
    if (rank == MAX_DIMENSIONS) {
      throw reader.wrong("tensor %s has more than %d dimensions".formatted(name, MAX_DIMENSIONS));
    }
    dimensions[rank] = dimension;
    rank++;
  }

  private Optional<MemorySegment> once(
      ProtoReader reader, Optional<MemorySegment> before, String what) {
    if (before.isPresent() || !reader.isBytes()) {
      throw reader.wrong(
          "tensor %s has its %s in several pieces, which is not read".formatted(name, what));
    }
    return Optional.of(reader.bytes(what));
  }

  private void entry(ProtoReader reader) {
    String key = "";
    String value = "";
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> key = reader.text(MAX_NAME, "external_data");
        case 2 -> value = reader.text(MAX_NAME, "external_data");
        default -> reader.skip();
      }
    }
    if (place.size() < 16) {
      place.put(key, value);
    }
  }

  private Optional<Tensor> build(long start) {
    long[] shape = Arrays.copyOf(dimensions, rank);
    DType type;
    switch (number) {
      case 1 -> type = DType.F32;
      case 2 -> type = DType.U8;
      case 3 -> type = DType.I8;
      case 5 -> type = DType.I16;
      case 6 -> type = DType.I32;
      case 7 -> type = DType.I64;
      case 9 -> type = DType.BOOL;
      case 10 -> type = DType.F16;
      case 11 -> type = DType.F64;
      case 16 -> type = DType.BF16;
      case 8 -> {
        return Optional.empty();
      }
      default -> throw wrong(start, "is stored as ONNX type %d, not supported".formatted(number));
    }
    long size = size(start, type, shape);
    Optional<MemorySegment> stored = stored(start, type, size);
    if (stored.isPresent() && stored.get().byteSize() != size) {
      throw wrong(
          start,
          "has %d bytes, but %s of shape %s needs %d"
              .formatted(stored.get().byteSize(), type, Arrays.toString(shape), size));
    }
    return stored.map(bytes -> new Tensor(file, name, type, shape, bytes));
  }

  private long size(long start, DType type, long[] shape) {
    long size = type.blockBytes();
    try {
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new ArithmeticException("negative");
        }
        size = Math.multiplyExact(size, dimension);
      }
      return size;
    } catch (ArithmeticException e) {
      throw new ModelException(
          "%s: offset %d: tensor %s claims the impossible shape %s"
              .formatted(file, start, name, Arrays.toString(shape)),
          e);
    }
  }

  private Optional<MemorySegment> stored(long start, DType type, long size) {
    if (elsewhere) {
      return Optional.of(outside.bytes(name, place, size));
    }
    if (raw.isPresent()) {
      return raw;
    }
    return switch (type) {
      case F32 -> floats.or(() -> none(start, size));
      case F64 -> doubles.or(() -> none(start, size));
      case F16, BF16 -> varints.map(this::shorts).or(() -> none(start, size));
      case I64, I32, I16, I8, U8, BOOL -> Optional.empty();
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS ->
          throw new IllegalStateException("ONNX has no " + type);
    };
  }

  private Optional<MemorySegment> none(long start, long size) {
    if (size != 0) {
      throw wrong(start, "has no numbers, but its shape needs %d bytes".formatted(size));
    }
    return Optional.of(MemorySegment.ofArray(new byte[0]));
  }

  /** Halves that were written as whole numbers of varying length. */
  private MemorySegment shorts(MemorySegment packed) {
    long count = 0;
    for (long i = 0; i < packed.byteSize(); i++) {
      count += packed.get(ValueLayout.JAVA_BYTE, i) >= 0 ? 1 : 0;
    }
    MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(2 * count)]);
    ProtoReader reader = new ProtoReader(file, packed, varintsAt);
    for (long i = 0; !reader.atEnd(); i++) {
      copy.set(I16, 2 * i, (short) reader.anyVarint());
    }
    return copy;
  }

  private ModelException wrong(long start, String what) {
    return new ModelException("%s: offset %d: tensor %s %s".formatted(file, start, name, what));
  }
}
