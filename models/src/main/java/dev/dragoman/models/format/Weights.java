package dev.dragoman.models.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a model folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. They stay mapped until {@link #close()}.
 */
public final class Weights implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Arena arena;
  private final Map<String, Tensor> tensors;
  private final Set<String> unused;

  private Weights(Path folder, Arena arena, Map<String, Tensor> tensors) {
    this.folder = folder;
    this.arena = arena;
    this.tensors = tensors;
    this.unused = new TreeSet<>(tensors.keySet());
  }

  /**
   * Maps the weights in this folder.
   *
   * @throws ModelException if there are none or a file lies about itself
   */
  public static Weights open(Path folder) {
    Arena arena = Arena.ofShared();
    try {
      return new Weights(folder, arena, tensors(folder, arena));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Map<String, Tensor> tensors(Path folder, Arena arena) {
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      return SafeTensors.open(folder.resolve(SINGLE), arena);
    }
    if (!Files.isRegularFile(folder.resolve(INDEX))) {
      throw new ModelException(
          "%s holds no weights: neither %s nor %s is there".formatted(folder, SINGLE, INDEX));
    }
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
      throw new ModelException("%s: the weights lack tensor %s".formatted(folder, name));
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
