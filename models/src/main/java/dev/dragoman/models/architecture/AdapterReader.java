package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.Modules.Module;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PackedMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code adapter_config.json} and {@code adapter_model.safetensors} as peft writes them. */
final class AdapterReader {
  private static final Pattern NAME =
      Pattern.compile("base_model\\.model\\.(.+)\\.lora_([AB])\\.weight");

  private final Path file;
  private final AdapterConfig config;
  private final Weights weights;
  private final DecoderStack decoder;
  private final boolean neighbours;

  private AdapterReader(Path file, AdapterConfig config, Weights weights, DecoderStack decoder) {
    this.file = file;
    this.config = config;
    this.weights = weights;
    this.decoder = decoder;
    this.neighbours = decoder.ropes().stream().anyMatch(RotaryEmbedding::neighbours);
  }

  static Adapter read(Path folder, DecoderStack decoder) {
    AdapterConfig config = AdapterConfig.read(folder);
    Path file = folder.resolve("adapter_model.safetensors");
    try (Weights weights = Weights.open(file)) {
      return new AdapterReader(file, config, weights, decoder).read();
    }
  }

  /** One layer's two matrices, [rank, inputs] and [outputs, rank], the second with its factor. */
  private record Piece(Module module, int rank, float[] down, float[] up) {}

  private Adapter read() {
    Map<Matrix, List<Piece>> pieces = new IdentityHashMap<>();
    String root = "";
    for (String name : adapted()) {
      Module module = decoder.modules().find(name);
      if (module == null) {
        throw wrong(name, "there is no such layer in the model that can be adapted");
      }
      if (!config.adapts(name)) {
        throw wrong(name, "target_modules of adapter_config.json leaves this layer out");
      }
      root = name.substring(0, name.length() - module.name().length());
      pieces.computeIfAbsent(module.matrix(), _ -> new ArrayList<>()).add(piece(name, module));
    }
    if (pieces.isEmpty()) {
      throw new ModelException(file + " adapts no layer");
    }
    refuseGaps(root);
    Map<Matrix, LowRank> parts = new LinkedHashMap<>();
    pieces.forEach((matrix, list) -> parts.put(matrix, joined(list)));
    return new Adapter(parts);
  }

  private Iterable<String> adapted() {
    TreeSet<String> names = new TreeSet<>();
    for (String tensor : weights.names()) {
      Matcher matcher = NAME.matcher(tensor);
      if (!matcher.matches()) {
        throw new ModelException(
            "%s: tensor %s is not known here; supported is base_model.model.LAYER.lora_A.weight"
                    .formatted(file, tensor)
                + " and lora_B");
      }
      names.add(matcher.group(1));
    }
    return names;
  }

  /** A layer that is said to be adapted, but is not in the file. */
  private void refuseGaps(String root) {
    if (config.partly()) {
      return;
    }
    for (Module module : decoder.modules().all()) {
      String name = root + module.name();
      if (config.adapts(name) && !weights.has(tensor(name, "A"))) {
        throw new ModelException(
            "%s: the weights lack tensor %s, which target_modules of adapter_config.json asks for"
                .formatted(file, tensor(name, "A")));
      }
    }
  }

  private static String tensor(String name, String which) {
    return "base_model.model." + name + ".lora_" + which + ".weight";
  }

  private ModelException wrong(String name, String what) {
    String tensor = tensor(name, weights.has(tensor(name, "A")) ? "A" : "B");
    return new ModelException("%s: tensor %s: %s".formatted(file, tensor, what));
  }

  private Piece piece(String name, Module module) {
    int rank = config.rank(name);
    float[] down = numbers(tensor(name, "A"), rank, module.inputs());
    float[] up = numbers(tensor(name, "B"), module.outputs(), rank);
    float scale = (float) config.scale(name);
    for (int i = 0; i < up.length; i++) {
      up[i] *= scale;
    }
    boolean turned = neighbours && (name.endsWith(".q_proj") || name.endsWith(".k_proj"));
    return new Piece(module, rank, down, turned ? turned(up, rank) : up);
  }

  private float[] numbers(String name, int rows, int columns) {
    float[] numbers = weights.tensor(name, rows, columns).floats();
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw new ModelException(
            "%s: tensor %s has %s at [%d, %d]"
                .formatted(file, name, numbers[i], i / columns, i % columns));
      }
    }
    return numbers;
  }

  /** In the order in which the rows of queries and keys are where neighbours are turned. */
  private float[] turned(float[] up, int rank) {
    float[] turned = new float[up.length];
    int width = decoder.cache().headWidth();
    for (int row = 0; row < up.length / rank; row++) {
      int within = row % width;
      int to = row - within + within % (width / 2) * 2 + within / (width / 2);
      System.arraycopy(up, row * rank, turned, to * rank, rank);
    }
    return turned;
  }

  /** The layers of one matrix: their ways down as one. */
  private LowRank joined(List<Piece> pieces) {
    Kernels kernels = decoder.kernels();
    int inputs = pieces.getFirst().module().inputs();
    int ranks = pieces.stream().mapToInt(Piece::rank).sum();
    float[] down = new float[Math.multiplyExact(ranks, inputs)];
    List<LowRank.Up> ups = new ArrayList<>();
    int at = 0;
    for (Piece piece : pieces) {
      System.arraycopy(piece.down(), 0, down, at * inputs, piece.down().length);
      int outputs = piece.module().outputs();
      PackedMatrix up = kernels.pack(outputs, piece.rank(), piece.up(), new float[outputs]);
      ups.add(new LowRank.Up(up, at, piece.module().from()));
      at += piece.rank();
    }
    return new LowRank(kernels.pack(ranks, inputs, down, new float[ranks]), List.copyOf(ups));
  }
}
