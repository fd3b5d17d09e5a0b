package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The tensors of a model. They stay mapped until {@link #close()}; then nothing may be read from
 * them any more.
 */
public final class Weights implements AutoCloseable {
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
   * model.safetensors.index.json} names, {@code pytorch_model.bin}, the shards that {@code
   * pytorch_model.bin.index.json} names, or the only file of another kind.
   *
   * @param path a {@code .safetensors}, {@code .gguf} or {@code .onnx} file, one of PyTorch, a
   *     {@link CTranslate2}, a {@link Marian}, a {@link PackedE5}, or a folder
   * @throws ModelException if there are none or a file lies about itself
   */
  public static Weights open(Path path) {
    Arena arena = Arena.ofShared();
    try {
      return new Weights(path, arena, WeightFiles.open(path, arena));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The GGUF file that these weights are in, with what it says about the model. */
  public Optional<Gguf> gguf() {
    return file instanceof Gguf gguf ? Optional.of(gguf) : Optional.empty();
  }

  /** The file of CTranslate2 that these weights are in, with its settings. */
  public Optional<CTranslate2> ctranslate2() {
    return file instanceof CTranslate2 converted ? Optional.of(converted) : Optional.empty();
  }

  /** The file of Marian that these weights are in, with its settings. */
  public Optional<Marian> marian() {
    return file instanceof Marian model ? Optional.of(model) : Optional.empty();
  }

  /** The packed file that these weights are in, with its vocabulary. */
  public Optional<PackedE5> packedE5() {
    return file instanceof PackedE5 packed ? Optional.of(packed) : Optional.empty();
  }

  /** What a file that holds nothing but tensors is called: safetensors, PyTorch, ONNX. */
  public Optional<String> plain() {
    return file instanceof WeightFile.Plain(String format, var _)
        ? Optional.of(format)
        : Optional.empty();
  }

  /**
   * The same tensors under other names, mapped as long as these are.
   *
   * @param names gives a tensor's other name for its own; two may not come to have the same
   * @throws ModelException if they do
   */
  public Weights renamed(UnaryOperator<String> names) {
    Map<String, Tensor> others = new HashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (others.put(names.apply(entry.getKey()), entry.getValue()) != null) {
        throw new ModelException(
            "%s: tensor %s is there twice, under two names".formatted(path, entry.getKey()));
      }
    }
    return new Weights(path, arena, new WeightFile.Plain(plain().orElse(""), others));
  }

  /** Other tensors that were made of these, mapped as long as these are. */
  public Weights rearranged(Map<String, Tensor> others) {
    return new Weights(path, arena, new WeightFile.Plain(plain().orElse(""), others));
  }

  /** The tensors whose names start like this, without that, mapped as long as these are. */
  public Weights part(String prefix) {
    Map<String, Tensor> part = new HashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        part.put(entry.getKey().substring(prefix.length()), entry.getValue());
        unused.remove(entry.getKey());
      }
    }
    return new Weights(path, arena, new WeightFile.Plain(plain().orElse(""), part));
  }

  /**
   * Some of the tensors, under other names, mapped as long as these are.
   *
   * @param names from the names here to those there
   */
  public Weights part(Map<String, String> names) {
    Map<String, Tensor> part = new HashMap<>();
    names.forEach((own, other) -> part.put(other, any(own)));
    return new Weights(path, arena, new WeightFile.Plain(plain().orElse(""), part));
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** The bytes of all tensors that are stored in blocks of several numbers. */
  public long blockBytes() {
    return names().stream()
        .map(tensors::get)
        .filter(tensor -> tensor.type().packed())
        .mapToLong(tensor -> tensor.type().bytesFor(tensor.size()))
        .sum();
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
