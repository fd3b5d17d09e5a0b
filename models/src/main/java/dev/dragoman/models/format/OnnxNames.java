package dev.dragoman.models.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the weights of an exported model the names of their layers back.
 *
 * <p>PyTorch's exporter stores the matrix of a linear layer transposed, as the second factor of a
 * {@code MatMul}, under a name such as {@code onnx::MatMul_885}; the bias keeps its name. So the
 * layer is found by the bias that is added to the product, or else by the name of the node, which
 * newer exporters make from the layer's: {@code /encoder/layer.0/output/dense/MatMul}.
 */
final class OnnxNames {
  private static final int MAX_NODES = 1 << 20;
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final Pattern NODE = Pattern.compile("/(.+)/(?:MatMul|Gemm)(?:_\\d+)?");

  private record Product(
      String node, String matrix, String output, Optional<String> bias, boolean transposed) {}

  private final List<Product> products = new ArrayList<>();
  private final Map<String, List<String>> sums = new HashMap<>();
  private int nodes;

  /**
   * Notes a node that may tell a name.
   *
   * @param rightTransposed whether a {@code Gemm} has its second factor as PyTorch has it
   * @throws IllegalStateException if there are more than any model has
   */
  void node(
      String operator, String name, List<String> inputs, String output, boolean rightTransposed) {
    switch (operator) {
      case "MatMul" -> {
        if (inputs.size() > 1) {
          count();
          products.add(new Product(name, inputs.get(1), output, Optional.empty(), true));
        }
      }
      case "Gemm" -> {
        if (inputs.size() > 1) {
          count();
          Optional<String> bias = inputs.size() > 2 ? Optional.of(inputs.get(2)) : Optional.empty();
          products.add(new Product(name, inputs.get(1), output, bias, !rightTransposed));
        }
      }
      case "Add" -> {
        if (inputs.size() == 2) {
          count();
          sums.putIfAbsent(inputs.get(0), inputs);
          sums.putIfAbsent(inputs.get(1), inputs);
        }
      }
      default -> {}
    }
  }

  private void count() {
    nodes++;
    if (nodes > MAX_NODES) {
      throw new IllegalStateException("there are more nodes than any model has");
    }
  }

  /** The tensors with the names of their layers where these could be found. */
  Map<String, Tensor> apply(Map<String, Tensor> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>(tensors);
    for (Product product : products) {
      Tensor matrix = tensors.get(product.matrix());
      if (matrix == null || matrix.rank() != 2 || product.matrix().endsWith(WEIGHT)) {
        continue;
      }
      layer(product, tensors)
          .map(layer -> layer + WEIGHT)
          .filter(name -> !named.containsKey(name))
          .ifPresent(name -> {
            named.put(name, product.transposed() ? matrix.transposed(name) : matrix.as(name));
            named.remove(product.matrix());
          });
    }
    return Collections.unmodifiableMap(named);
  }

  private Optional<String> layer(Product product, Map<String, Tensor> tensors) {
    Optional<String> bias =
        product
            .bias()
            .or(() ->
                sums.getOrDefault(product.output(), List.of()).stream()
                    .filter(input -> !input.equals(product.output()))
                    .findFirst())
            .filter(name -> name.endsWith(BIAS) && tensors.containsKey(name));
    if (bias.isPresent()) {
      return bias.map(name -> name.substring(0, name.length() - BIAS.length()));
    }
    Matcher matcher = NODE.matcher(product.node());
    return matcher.matches() ? Optional.of(matcher.group(1).replace('/', '.')) : Optional.empty();
  }
}
