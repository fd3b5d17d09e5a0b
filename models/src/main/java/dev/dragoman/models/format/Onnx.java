package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights in an ONNX file, a message of protocol buffers (<a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>): its
 * initialisers, under the names that the layers had before the export (see {@link OnnxNames}).
 */
final class Onnx {
  private static final int MAX_TENSORS = 131_072;
  private static final int MAX_NAME = 4096;

  /** How ONNX Runtime's quantiser ends the names of the weights that it replaces. */
  private static final String QUANTISED = "_quantized";

  private final String file;
  private final OnnxTensor.Outside outside;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final OnnxNames names = new OnnxNames();
  private boolean graphSeen;

  private Onnx(String file, OnnxTensor.Outside outside) {
    this.file = file;
    this.outside = outside;
  }

  /**
   * Reads the file's initialisers.
   *
   * @param path the file, beside which others may lie that hold the numbers of large tensors
   * @param arena what the mappings of those live as long as
   * @throws ModelException naming the file, the tensor and the offset
   */
  static Map<String, Tensor> parse(Path path, MemorySegment bytes, Arena arena) {
    return parse(
        String.valueOf(path.getFileName()), bytes, new Beside(path, arena, new HashMap<>()));
  }

  static Map<String, Tensor> parse(String file, MemorySegment bytes, OnnxTensor.Outside outside) {
    Onnx onnx = new Onnx(file, outside);
    onnx.model(new ProtoReader(file, bytes, 0));
    onnx.refuseQuantised();
    return onnx.names.apply(onnx.tensors);
  }

  private void refuseQuantised() {
    for (Tensor tensor : tensors.values()) {
      if (tensor.name().endsWith(QUANTISED)) {
        throw new ModelException(
            "%s: tensor %s is quantised, which is not read from ONNX; take the model before that"
                    .formatted(file, tensor.name())
                + " (mostly called model.onnx)");
      }
    }
  }

  private void model(ProtoReader reader) {
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == 7) {
        if (graphSeen) {
          throw reader.wrong("there is a second graph");
        }
        graphSeen = true;
        graph(reader.message("the graph"));
      } else {
        reader.skip();
      }
    }
    if (!graphSeen) {
      throw reader.wrong("there is no graph; this is no ONNX file");
    }
  }

  private void graph(ProtoReader reader) {
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> node(reader.message("a node"));
        case 5 -> initialiser(reader.message("a tensor"));
        default -> reader.skip();
      }
    }
  }

  private void initialiser(ProtoReader reader) {
    OnnxTensor.read(file, reader, outside)
        .ifPresent(tensor -> {
          if (tensors.size() == MAX_TENSORS) {
            throw reader.wrong("there are more tensors than any model has");
          }
          if (tensors.put(tensor.name(), tensor) != null) {
            throw reader.wrong("tensor %s is there twice".formatted(tensor.name()));
          }
        });
  }

  private void node(ProtoReader reader) {
    List<String> inputs = new ArrayList<>(3);
    String output = "";
    String name = "";
    String operator = "";
    boolean rightTransposed = false;
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> {
          if (inputs.size() < 3) {
            inputs.add(reader.text(MAX_NAME, "an input"));
          } else {
            reader.skip();
          }
        }
        case 2 -> output = reader.text(MAX_NAME, "an output");
        case 3 -> name = reader.text(MAX_NAME, "the name of a node");
        case 4 -> operator = reader.text(MAX_NAME, "an operator");
        case 5 -> rightTransposed |= isTransB(reader.message("an attribute"));
        default -> reader.skip();
      }
    }
    try {
      names.node(operator, name, inputs, output, rightTransposed);
    } catch (IllegalStateException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isTransB(ProtoReader reader) {
    boolean named = false;
    boolean on = false;
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> named = reader.text(MAX_NAME, "the name of an attribute").equals("transB");
        case 3 -> on = reader.varint("an attribute") != 0;
        default -> reader.skip();
      }
    }
    return named && on;
  }

  /** Numbers in files beside the model, each mapped once. */
  private record Beside(Path model, Arena arena, Map<String, MemorySegment> files)
      implements OnnxTensor.Outside {
    @Override
    public MemorySegment bytes(String tensor, Map<String, String> place, long size) {
      String location = place.getOrDefault("location", "");
      MemorySegment all = files.get(location);
      if (all == null) {
        all = MappedFile.open(path(tensor, location), arena);
        files.put(location, all);
      }
      long offset = number(tensor, place, "offset", 0);
      long length = number(tensor, place, "length", size);
      if (offset > all.byteSize() || length > all.byteSize() - offset) {
        throw wrong(
            tensor,
            "%d bytes from offset %d, but it has %d".formatted(length, offset, all.byteSize()),
            location);
      }
      return all.asSlice(offset, length);
    }

    private Path path(String tensor, String location) {
      Path folder = model.toAbsolutePath().normalize().getParent();
      try {
        if (folder != null && !location.isEmpty() && !Path.of(location).isAbsolute()) {
          Path wanted = folder.resolve(location).normalize();
          if (wanted.startsWith(folder) && !wanted.equals(folder)) {
            return wanted;
          }
        }
      } catch (InvalidPathException e) {
        throw new ModelException(
            "%s: tensor %s is said to be in \"%s\", which is no name of a file"
                .formatted(model.getFileName(), tensor, location),
            e);
      }
      throw wrong(tensor, "which is not beside the model", location);
    }

    private long number(String tensor, Map<String, String> place, String key, long absent) {
      String text = place.get(key);
      if (text == null) {
        return absent;
      }
      try {
        long value = Long.parseLong(text);
        if (value >= 0) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw new ModelException(
            "%s: tensor %s has the %s \"%s\"".formatted(model.getFileName(), tensor, key, text), e);
      }
      throw new ModelException(
          "%s: tensor %s has the %s %s".formatted(model.getFileName(), tensor, key, text));
    }

    private ModelException wrong(String tensor, String what, String location) {
      return new ModelException(
          "%s: tensor %s is said to be in %s, %s"
              .formatted(model.getFileName(), tensor, location, what));
    }
  }
}
