package dev.dragoman.models.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the weights in a folder, and tells one kind of file from another. */
final class WeightFiles {
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int START = 256;
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private WeightFiles() {}

  static WeightFile open(Path path, Arena arena) {
    return Files.isDirectory(path) ? folder(path, arena) : file(path, arena);
  }

  private static WeightFile file(Path path, Arena arena) {
    String name = String.valueOf(path.getFileName());
    MemorySegment bytes = MappedFile.open(path, arena);
    if (name.endsWith(".safetensors")) {
      return new WeightFile.Plain(SafeTensors.parse(name, bytes));
    }
    if (name.endsWith(".onnx")) {
      return new WeightFile.Plain(Onnx.parse(path, bytes, arena));
    }
    if (name.endsWith(".npz")) {
      return Marian.npz(name, bytes);
    }
    int magic = bytes.byteSize() < Integer.BYTES ? 0 : bytes.get(I32, 0);
    if (name.endsWith(".gguf") || magic == Gguf.MAGIC) {
      return Gguf.parse(name, bytes);
    }
    if (magic == PackedE5.MAGIC) {
      return PackedE5.parse(name, bytes);
    }
    if (CTranslate2.starts(bytes)) {
      return CTranslate2.parse(name, bytes);
    }
    if (Marian.starts(bytes)) {
      return Marian.parse(name, bytes);
    }
    throw new ModelException(
        path
            + " holds no weights that are known here: .safetensors, .gguf, .onnx, model.bin of"
            + " CTranslate2, .bin or .npz of Marian");
  }

  private static WeightFile folder(Path folder, Arena arena) {
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      return file(folder.resolve(SINGLE), arena);
    }
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return new WeightFile.Plain(shards(folder, arena));
    }
    List<Path> others = others(folder);
    if (others.size() == 1) {
      return file(others.getFirst(), arena);
    }
    if (!others.isEmpty()) {
      throw new ModelException(
          "%s holds several files of weights (%s); name the one you want"
              .formatted(folder, others.stream().map(Path::getFileName).toList()));
    }
    throw new ModelException(
        ("%s holds no weights: neither %s nor %s nor model.bin nor a .gguf, .onnx, .npz or Marian's"
                + " .bin file is there%s")
            .formatted(
                folder,
                SINGLE,
                INDEX,
                Files.exists(folder.resolve("pytorch_model.bin"))
                    ? "; pytorch_model.bin is not read, since opening such a file can run code"
                    : ""));
  }

  private static List<Path> others(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(WeightFiles::isWeights).sorted().toList();
    } catch (IOException e) {
      throw new ModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean isWeights(Path file) {
    String name = file.toString();
    return name.endsWith(".gguf")
        || name.endsWith(".onnx")
        || name.endsWith(".npz")
        || name.endsWith(".bin") && startsLikeOne(file);
  }

  private static boolean startsLikeOne(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      MemorySegment start = MemorySegment.ofArray(stream.readNBytes(START));
      return start.byteSize() >= Integer.BYTES && start.get(I32, 0) == PackedE5.MAGIC
          || CTranslate2.starts(start)
          || Marian.starts(start);
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Tensor> shards(Path folder, Arena arena) {
    JsonNode map = JsonFile.read(folder.resolve(INDEX)).path("weight_map");
    Map<String, Map<String, Tensor>> shards = new HashMap<>();
    Map<String, Tensor> tensors = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      if (shard.contains("/") || shard.contains("\\") || !shard.endsWith(".safetensors")) {
        throw new ModelException(
            "%s: tensor %s is said to be in %s, which is no file of this folder"
                .formatted(INDEX, entry.getKey(), shard));
      }
      Tensor tensor =
          shards
              .computeIfAbsent(shard, name -> SafeTensors.open(folder.resolve(name), arena))
              .get(entry.getKey());
      if (tensor == null) {
        throw new ModelException(
            "%s: tensor %s is not in %s".formatted(INDEX, entry.getKey(), shard));
      }
      tensors.put(entry.getKey(), tensor);
    }
    return tensors;
  }
}
