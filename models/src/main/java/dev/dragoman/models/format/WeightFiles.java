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
  private static final String SAFE = "safetensors";
  private static final String PYTORCH = "PyTorch";
  private static final String SINGLE = "model.safetensors";
  private static final String TORCH = "pytorch_model.bin";
  private static final String INDEX = ".index.json";

  private WeightFiles() {}

  static WeightFile open(Path path, Arena arena) {
    return Files.isDirectory(path) ? folder(path, arena) : file(path, arena);
  }

  private static WeightFile file(Path path, Arena arena) {
    String name = String.valueOf(path.getFileName());
    MemorySegment bytes = MappedFile.open(path, arena);
    if (name.endsWith(".safetensors")) {
      return new WeightFile.Plain(SAFE, SafeTensors.parse(name, bytes));
    }
    if (name.endsWith(".onnx")) {
      return new WeightFile.Plain("ONNX", Onnx.parse(path, bytes, arena));
    }
    if (name.endsWith(".npz")) {
      return Marian.npz(name, bytes);
    }
    if (name.equals(TORCH) || ZipDirectory.starts(bytes)) {
      return new WeightFile.Plain(PYTORCH, TorchFile.parse(name, bytes));
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
            + " holds no weights that are known here: .safetensors, .gguf, .onnx,"
            + " pytorch_model.bin, model.bin of CTranslate2, .bin or .npz of Marian");
  }

  private static WeightFile folder(Path folder, Arena arena) {
    for (String name : List.of(SINGLE, TORCH)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return file(folder.resolve(name), arena);
      }
      if (Files.isRegularFile(folder.resolve(name + INDEX))) {
        return shards(folder, name, arena);
      }
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
        ("%s holds no weights: neither %s nor %s, alone or with %s, nor model.bin nor a .gguf, .onnx,"
                + " .npz or Marian's .bin file is there")
            .formatted(folder, SINGLE, TORCH, INDEX));
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

  private static WeightFile.Plain shards(Path folder, String single, Arena arena) {
    boolean safe = single.equals(SINGLE);
    String suffix = safe ? ".safetensors" : ".bin";
    String index = single + INDEX;
    JsonNode map = JsonFile.read(folder.resolve(index)).path("weight_map");
    Map<String, Map<String, Tensor>> shards = new HashMap<>();
    Map<String, Tensor> tensors = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      if (shard.contains("/") || shard.contains("\\") || !shard.endsWith(suffix)) {
        throw new ModelException(
            "%s: tensor %s is said to be in %s, which is no file of this folder"
                .formatted(index, entry.getKey(), shard));
      }
      Tensor tensor =
          shards
              .computeIfAbsent(
                  shard,
                  name -> {
                    MemorySegment bytes = MappedFile.open(folder.resolve(name), arena);
                    return safe ? SafeTensors.parse(name, bytes) : TorchFile.parse(name, bytes);
                  })
              .get(entry.getKey());
      if (tensor == null) {
        throw new ModelException(
            "%s: tensor %s is not in %s".formatted(index, entry.getKey(), shard));
      }
      tensors.put(entry.getKey(), tensor);
    }
    return new WeightFile.Plain(safe ? SAFE : PYTORCH, tensors);
  }
}
