package dev.dragoman.models.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tensors of a model. They stay mapped until {@link #close()}; then nothing may be read from
 * them any more.
 */
public final class Weights implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path path;
  private final Arena arena;
  private final WeightFile file;
  private final Map<String, Tensor> tensors;
  private final Set<String> unused;

  private Weights(Path path, Arena arena, WeightFile file) {
    this.path = path;
    this.arena = arena;
    this.file = file;
    this.tensors = file.tensors();
    this.unused = new TreeSet<>(tensors.keySet());
  }

  /**
   * Maps the weights in a file, or in a folder: {@code model.safetensors}, the shards that {@code
   * model.safetensors.index.json} names, or the only file of another kind.
   *
   * @param path a {@code .safetensors} or {@code .gguf} file, or a folder
   * @throws ModelException if there are none or a file lies about itself
   */
  public static Weights open(Path path) {
    Arena arena = Arena.ofShared();
    try {
      return new Weights(path, arena, file(path, arena));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static WeightFile file(Path path, Arena arena) {
    if (Files.isDirectory(path)) {
      return folder(path, arena);
    }
    String name = String.valueOf(path.getFileName());
    MemorySegment bytes = MappedFile.open(path, arena);
    if (name.endsWith(".safetensors")) {
      return new WeightFile.Plain(SafeTensors.parse(name, bytes));
    }
    if (name.endsWith(".gguf")) {
      return Gguf.parse(name, bytes);
    }
    throw new ModelException(
        path + " is no file of weights; such files end in .safetensors or .gguf");
  }

  private static WeightFile folder(Path folder, Arena arena) {
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      return new WeightFile.Plain(SafeTensors.open(folder.resolve(SINGLE), arena));
    }
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return new WeightFile.Plain(shards(folder, arena));
    }
    List<Path> others = others(folder);
    if (others.size() == 1) {
      return file(others.getFirst(), arena);
    }
    throw new ModelException(
        others.isEmpty()
            ? "%s holds no weights: neither %s nor %s nor a .gguf file is there"
                .formatted(folder, SINGLE, INDEX)
            : "%s holds several files of weights (%s); name the one you want"
                .formatted(folder, others));
  }

  private static List<Path> others(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    } catch (IOException e) {
      throw new ModelException("cannot read " + folder + ": " + e.getMessage(), e);
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

  /** The GGUF file that these weights are in, with what it says about the model. */
  public Optional<Gguf> gguf() {
    return file instanceof Gguf gguf ? Optional.of(gguf) : Optional.empty();
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** Whether there is a tensor with this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The tensor with this name and shape.
   *
   * @throws ModelException if there is none
   */
  public Tensor tensor(String name, long... shape) {
    return any(name).expect(shape);
  }

  /**
   * The tensor with this name, whatever its shape.
   *
   * @throws ModelException if there is none
   */
  public Tensor any(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelException("%s: the weights lack tensor %s".formatted(path, name));
    }
    unused.remove(name);
    return tensor;
  }

  /** Says that a tensor, if it is there, does not matter for what the model is used for. */
  public void ignore(String name) {
    unused.remove(name);
  }

  /** The tensors nobody asked for, sorted. */
  public Set<String> unused() {
    return unused;
  }

  /** Unmaps the files. */
  @Override
  public void close() {
    arena.close();
  }
}
