package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The {@code model.bin} of CTranslate2 (<a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/model_spec.py">what
 * writes it</a>, <a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/src/models/model.cc">what reads it</a>),
 * versions 2 to 6, little-endian: the version, the name of a specification and its revision, then
 * variables one after the other (name, shape, type, bytes), from version 3 on aliases of variables.
 *
 * <p>A name is a path such as {@code decoder/layer_0/self_attention/linear_0/weight}. Weights of 8
 * and 16 bits are divided by the variable {@code NAME_scale} beside them, one for each row or one
 * for all; here they are {@link Tensor#factors} of the weights. Settings (numbers of heads, flags)
 * are variables without a shape.
 */
public final class CTranslate2 implements WeightFile {
  private static final int OLDEST = 2;
  private static final int NEWEST = 6;
  private static final int ALIASES_SINCE = 3;
  private static final int TYPES_SINCE = 4;
  private static final int LEAST_VARIABLE = 2 + 1 + 1 + 1 + 4;
  private static final int LEAST_ALIAS = 2 + 2;
  private static final int MOST_START = 1024;
  private static final int MOST_DIMENSIONS = 8;
  private static final float OLD_SCALE = 1000;
  private static final String SCALE = "_scale";
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final int version;
  private final String specification;
  private final int revision;
  private final Map<String, Tensor> tensors;
  private final Map<String, Tensor> settings;

  private CTranslate2(
      String file,
      int version,
      String specification,
      int revision,
      Map<String, Tensor> tensors,
      Map<String, Tensor> settings) {
    this.file = file;
    this.version = version;
    this.specification = specification;
    this.revision = revision;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.settings = settings;
  }

  /**
   * Maps the file and checks all of it but the numbers.
   *
   * @param arena what the mapping lives as long as
   * @throws ModelException naming the file, the variable and the offset
   */
  public static CTranslate2 open(Path path, Arena arena) {
    return parse(String.valueOf(path.getFileName()), MappedFile.open(path, arena));
  }

  /** What kind of model a file holds, if it is there and says that it is one of CTranslate2. */
  public static Optional<String> specification(Path path) {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try (InputStream stream = Files.newInputStream(path)) {
      MemorySegment start = MemorySegment.ofArray(stream.readNBytes(MOST_START));
      if (!starts(start)) {
        return Optional.empty();
      }
      Cursor cursor = new Cursor(String.valueOf(path.getFileName()), start, Integer.BYTES);
      return Optional.of(text(cursor, "name of the specification"));
    } catch (IOException e) {
      throw new ModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** Whether a file that starts like this says that it is one. */
  static boolean starts(MemorySegment bytes) {
    if (bytes.byteSize() < Integer.BYTES + Short.BYTES) {
      return false;
    }
    int version = bytes.get(I32, 0);
    int length = bytes.get(I16, Integer.BYTES) & 0xFFFF;
    long end = Integer.BYTES + Short.BYTES + (long) length;
    return version >= OLDEST
        && version < 256
        && length > 1
        && end <= bytes.byteSize()
        && bytes.get(ValueLayout.JAVA_BYTE, end - 1) == 0
        && new String(
                bytes.asSlice(end - length, length - 1).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.ISO_8859_1)
            .endsWith("Spec");
  }

  static CTranslate2 parse(String file, MemorySegment bytes) {
    Cursor cursor = new Cursor(file, bytes, 0);
    int version = cursor.i32("version");
    if (version < OLDEST || version > NEWEST) {
      throw cursor.wrong(
          0,
          "version %s of CTranslate2's file; read are %d to %d, convert the model again"
              .formatted(Integer.toUnsignedString(version), OLDEST, NEWEST));
    }
    String specification = text(cursor, "name of the specification");
    int revision = cursor.i32("revision");
    Map<String, Tensor> variables = variables(file, cursor, version);
    if (version >= ALIASES_SINCE) {
      aliases(cursor, variables);
    }
    if (cursor.left() > 0) {
      throw cursor.wrong(
          cursor.at(), "%d bytes follow what should be the end".formatted(cursor.left()));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Tensor> settings = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : variables.entrySet()) {
      String name = entry.getKey();
      Tensor tensor = entry.getValue();
      if (tensor.rank() == 0) {
        settings.put(name, tensor);
      } else if (!name.endsWith(SCALE) || !variables.containsKey(unscaled(name))) {
        tensors.put(name, scaled(file, tensor, name, variables));
      }
    }
    return new CTranslate2(file, version, specification, revision, tensors, settings);
  }

  private static String unscaled(String name) {
    return name.substring(0, name.length() - SCALE.length());
  }

  private static String text(Cursor cursor, String what) {
    long start = cursor.at();
    int length = cursor.u16(what);
    if (length == 0) {
      throw cursor.wrong(start, what + " has no end");
    }
    String text = cursor.text(length - 1L, what);
    if (cursor.u8(what) != 0 || text.indexOf(0) >= 0) {
      throw cursor.wrong(start, "%s does not end where it should".formatted(what));
    }
    return text;
  }

  private static Map<String, Tensor> variables(String file, Cursor cursor, int version) {
    int count = count(cursor, LEAST_VARIABLE, "number of variables");
    Map<String, Tensor> variables = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long start = cursor.at();
      String name = text(cursor, "name of a variable");
      if (variables.put(name, variable(file, cursor, version, name)) != null) {
        throw cursor.wrong(start, "variable %s is there twice".formatted(name));
      }
    }
    return variables;
  }

  private static int count(Cursor cursor, int unit, String what) {
    long start = cursor.at();
    long count = cursor.u32(what);
    if (count > cursor.left() / unit) {
      throw cursor.wrong(
          start,
          "%s: %d is claimed, but only %d bytes are left".formatted(what, count, cursor.left()));
    }
    return (int) count;
  }

  private static Tensor variable(String file, Cursor cursor, int version, String name) {
    long start = cursor.at();
    String what = "variable " + name;
    int rank = cursor.u8(what);
    if (rank > MOST_DIMENSIONS) {
      throw cursor.wrong(start, "%s has %d dimensions".formatted(what, rank));
    }
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = cursor.u32(what);
    }
    int type = cursor.u8(what);
    DType stored = version >= TYPES_SINCE ? type(cursor, name, type) : oldType(cursor, name, type);
    long claimed = cursor.u32(what) * (version >= TYPES_SINCE ? 1 : type);
    long size = stored.blockBytes();
    try {
      for (long dimension : shape) {
        size = Math.multiplyExact(size, dimension);
      }
    } catch (ArithmeticException e) {
      throw cursor.wrong(
          start, "%s claims the impossible shape %s".formatted(what, Arrays.toString(shape)), e);
    }
    if (size != claimed) {
      throw cursor.wrong(
          start,
          "%s has %d bytes, but %s of shape %s needs %d"
              .formatted(what, claimed, stored, Arrays.toString(shape), size));
    }
    return new Tensor(file, name, stored, shape, cursor.slice(size, what));
  }

  private static DType type(Cursor cursor, String name, int type) {
    return switch (type) {
      case 0 -> DType.F32;
      case 1 -> DType.I8;
      case 2 -> DType.I16;
      case 3 -> DType.I32;
      case 4 -> DType.F16;
      case 5 -> DType.BF16;
      default ->
          throw cursor.wrong(
              cursor.at() - 1, "variable %s has the unknown type %d".formatted(name, type));
    };
  }

  /** Of a number's width, which is all that old files say. */
  private static DType oldType(Cursor cursor, String name, int width) {
    return switch (width) {
      case 4 -> DType.F32;
      case 2 -> DType.I16;
      case 1 -> DType.I8;
      default ->
          throw cursor.wrong(
              cursor.at() - 1, "variable %s has numbers of %d bytes".formatted(name, width));
    };
  }

  private static void aliases(Cursor cursor, Map<String, Tensor> variables) {
    int count = count(cursor, LEAST_ALIAS, "number of aliases");
    for (int i = 0; i < count; i++) {
      long start = cursor.at();
      String alias = text(cursor, "an alias");
      String name = text(cursor, "what an alias stands for");
      Tensor tensor = variables.get(name);
      if (tensor == null) {
        throw cursor.wrong(
            start, "%s is said to be the same as %s, which is not there".formatted(alias, name));
      }
      Tensor scale = variables.get(name + SCALE);
      if (variables.put(alias, tensor.as(alias)) != null
          || scale != null && variables.put(alias + SCALE, scale.as(alias + SCALE)) != null) {
        throw cursor.wrong(start, "variable %s is there twice".formatted(alias));
      }
    }
  }

  private static Tensor scaled(
      String file, Tensor tensor, String name, Map<String, Tensor> variables) {
    if (!name.endsWith("weight") || tensor.type() != DType.I8 && tensor.type() != DType.I16) {
      return tensor;
    }
    Tensor scale = variables.get(name + SCALE);
    if (scale == null) {
      if (tensor.type() == DType.I16) {
        return tensor.times(1 / OLD_SCALE);
      }
      throw new ModelException(
          "%s: %s has whole numbers of 8 bits, but there is no %s%s"
              .formatted(file, name, name, SCALE));
    }
    long rows = tensor.dimension(0);
    if (scale.size() != 1 && (scale.rank() != 1 || scale.size() != rows)) {
      throw new ModelException(
          "%s: %s%s has shape %s for %d rows"
              .formatted(file, name, SCALE, Arrays.toString(scale.shape()), rows));
    }
    float[] factors = scale.floats();
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 / factors[i];
      if (!Float.isFinite(factors[i])) {
        throw new ModelException(
            "%s: %s%s has a scale that is no number above 0".formatted(file, name, SCALE));
      }
    }
    return tensor.times(factors);
  }

  /** The version of the file. */
  public int version() {
    return version;
  }

  /** What kind of model it is: {@code TransformerSpec}, {@code WhisperSpec}. */
  public String specification() {
    return specification;
  }

  /** Which layout of that kind it has. */
  public int revision() {
    return revision;
  }

  /** All settings and their values, as the file orders them. */
  public Map<String, Double> settings() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String name : settings.keySet()) {
      values.put(name, setting(name).orElseThrow());
    }
    return values;
  }

  /** A number or flag that belongs to the architecture, if the file has it. */
  public OptionalDouble setting(String name) {
    Tensor tensor = settings.get(name);
    if (tensor == null) {
      return OptionalDouble.empty();
    }
    MemorySegment bytes = tensor.bytes();
    return OptionalDouble.of(
        switch (tensor.type()) {
          case I8 -> bytes.get(ValueLayout.JAVA_BYTE, 0);
          case I16 -> bytes.get(I16, 0);
          case I32 -> bytes.get(I32, 0);
          default -> tensor.floats()[0];
        });
  }

  /**
   * A setting that is a whole number.
   *
   * @throws ModelException if the file does not have it
   */
  public int whole(String name) {
    double value =
        setting(name)
            .orElseThrow(() ->
                new ModelException("%s: the file lacks the setting %s".formatted(file, name)));
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new ModelException("%s: the setting %s is %s".formatted(file, name, value));
    }
    return (int) value;
  }

  /** Whether a setting is there as one that is on or off, and not as a number. */
  public boolean isFlag(String name) {
    Tensor tensor = settings.get(name);
    return tensor != null && tensor.type() == DType.I8;
  }

  /** A setting that is on or off; this if the file does not have it. */
  public boolean flag(String name, boolean absent) {
    return setting(name).orElse(absent ? 1 : 0) != 0;
  }

  /** A text, which is stored as a list of bytes, if the file has it. */
  public Optional<String> text(String name) {
    Tensor tensor = tensors.get(name);
    return tensor == null || tensor.type() != DType.I8 || tensor.rank() != 1
        ? Optional.empty()
        : Optional.of(Cursor.utf8(file, tensor.bytes(), 0, name));
  }

  /** The weights by their paths, aliases included. */
  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }
}
