package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Matrix;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which linear layers of the reference a decoder's matrices are made of: what can be adapted. */
final class Modules {
  private static final List<String> ROOTS = List.of("model.", "transformer.");

  private final Map<String, Module> all = new LinkedHashMap<>();

  /**
   * A linear layer.
   *
   * @param name in transformers, without the prefix of a model with a head
   * @param matrix that it is a part of
   * @param from its first output in the matrix
   */
  record Module(String name, Matrix matrix, int from, int outputs) {
    int inputs() {
      return matrix.inputs();
    }
  }

  /** Some layers whose outputs follow one another in the matrix. */
  void add(List<String> names, int[] outputs, Matrix matrix) {
    int from = 0;
    for (int i = 0; i < outputs.length; i++) {
      String name = local(names.get(i));
      all.put(name, new Module(name, matrix, from, outputs[i]));
      from += outputs[i];
    }
  }

  /** The name without the prefix of a model with a head. */
  static String local(String name) {
    for (String root : ROOTS) {
      if (name.startsWith(root)) {
        return name.substring(root.length());
      }
    }
    return name;
  }

  @Nullable Module find(String name) {
    return all.get(local(name));
  }

  Collection<Module> all() {
    return all.values();
  }
}
