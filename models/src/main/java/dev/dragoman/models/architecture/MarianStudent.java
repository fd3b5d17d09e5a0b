package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Marian;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import java.util.ArrayList;
import java.util.List;

/**
 * A student as Firefox ships it (<a href="https://aclanthology.org/D19-5632/">paper</a>, <a
 * href="https://github.com/browsermt/marian-dev/blob/master/src/models/transformer.h">reference</a>,
 * with <a href="https://github.com/browsermt/marian-dev/blob/master/src/rnn/cells.h">its
 * cells</a>): the encoder of a transformer, and a decoder whose layers remember what they wrote in
 * a simple recurrent cell (SSRU) in place of self-attention, so that a step costs the same wherever
 * it is in the sentence. Tiny and base ones differ in their sizes only.
 *
 * <p>The reference rounds activations to 8 bits. Here weights of 8 bits are turned back into
 * singles and activations stay singles, which is closer to what the student was trained with.
 */
public final class MarianStudent {
  /**
   * A layer of the decoder. H is the width.
   *
   * @param candidate [H, H], what may go into the cell
   * @param forget [H, H], how much of the cell stays
   * @param query [H, H]
   * @param out [H, H]
   * @param up [I, H]
   * @param down [H, I]
   */
  record Layer(
      Matrix candidate,
      Matrix forget,
      Norm.Layer afterCell,
      Matrix query,
      Matrix out,
      Norm.Layer afterLook,
      Matrix up,
      Matrix down,
      Norm.Layer afterFeedForward) {}

  final Kernels kernels;
  final int width;
  final Activation activation;
  final CacheShape heads;
  final WordVectors source;
  final WordVectors target;
  final WordVectors output;
  final float[] bias; // [target words]
  final EncoderStack encoder;
  final Matrix keyValue; // [layers, 2H, H]
  final List<Layer> layers;
  final int alignmentLayer;

  private MarianStudent(MarianSettings settings, Weights weights, Kernels kernels) {
    this.kernels = kernels;
    this.width = settings.positive("dim-emb");
    int count = MarianKeys.heads(settings, width);
    this.heads = new CacheShape(count, count, width / count);
    this.activation = MarianKeys.activation(settings);
    Reader reader = new Reader(settings, weights);
    this.source = reader.words("encoder_Wemb");
    this.target = weights.has("Wemb") ? source : reader.words("decoder_Wemb");
    this.output = reader.output(target);
    this.bias = reader.row("decoder_ff_logit_out_b", target.words());
    this.encoder = reader.encoder();
    int depth = settings.positive("dec-depth");
    this.layers = reader.decoder(depth);
    this.keyValue = reader.keyValue(depth);
    String guided = settings.text("transformer-guided-alignment-layer", "last");
    this.alignmentLayer = guided.equals("last") ? depth - 1 : layer(settings, guided, depth);
    reader.refuseOthers();
  }

  private static int layer(MarianSettings settings, String written, int depth) {
    for (int i = 0; i < depth; i++) {
      if (written.equals(String.valueOf(i + 1))) {
        return i;
      }
    }
    throw settings.wrong("transformer-guided-alignment-layer", "last, or a number of a layer");
  }

  /** Whether a model of Marian says that it is one of these. */
  public static boolean isOne(MarianSettings settings) {
    return settings.text("type", "").equals("transformer")
        && settings.text("transformer-decoder-autoreg", "self-attention").equals("rnn");
  }

  /**
   * Takes a student out of its file.
   *
   * @throws ModelException if it has settings or weights that are not known here
   */
  public static MarianStudent of(Marian file, Weights weights, Kernels kernels) {
    MarianSettings settings = file.settings();
    MarianKeys.check(settings, true);
    return new MarianStudent(settings, weights, kernels);
  }

  /** How many words of sources it knows. */
  public int sources() {
    return source.words();
  }

  /** How many words of translations it knows. */
  public int targets() {
    return target.words();
  }

  /** The length of the hidden states. */
  public int width() {
    return width;
  }

  /** Scratch for one thread, to be kept and used again. */
  public StudentSession session() {
    return new StudentSession(this);
  }

  /** Takes weights out of the file by their names. */
  private final class Reader {
    private final MarianSettings settings;
    private final Weights weights;

    Reader(MarianSettings settings, Weights weights) {
      this.settings = settings;
      this.weights = weights;
    }

    WordVectors words(String own) {
      Tensor tensor = weights.any(weights.has("Wemb") ? "Wemb" : own);
      if (tensor.shape().length != 2) {
        throw settings.wrong("dim-vocabs", "a matrix of embeddings");
      }
      return WordVectors.of(tensor.expect(tensor.dimension(0), width));
    }

    /** Words are scored by their embeddings, or by vectors of their own. */
    WordVectors output(WordVectors embeddings) {
      String own = "decoder_ff_logit_out_W";
      return weights.has(own)
          ? WordVectors.of(weights.tensor(own, width, embeddings.words()).transposed(own))
          : embeddings;
    }

    EncoderStack encoder() {
      List<EncoderStack.Layer> stack = new ArrayList<>();
      int depth = settings.positive("enc-depth");
      for (int i = 1; i <= depth; i++) {
        String self = "encoder_l" + i + "_self";
        String ffn = "encoder_l" + i + "_ffn";
        stack.add(
            new EncoderStack.Layer(
                Residual.post(norm(self + "_Wo")),
                joined(width, List.of(self + "_Wq", self + "_Wk", self + "_Wv"), self),
                linear(self, "o", width),
                Residual.post(norm(ffn + "_ffn")),
                new FeedForward.Plain(
                    activation, linear(ffn, "1", inner(ffn)), linear(ffn, "2", width))));
      }
      return new EncoderStack(
          kernels,
          width,
          heads.heads(),
          heads.headWidth(),
          scale(),
          PositionBias.NONE,
          stack,
          Norm.NONE);
    }

    List<Layer> decoder(int depth) {
      List<Layer> read = new ArrayList<>();
      for (int i = 1; i <= depth; i++) {
        String cell = "decoder_l" + i + "_rnn";
        String look = "decoder_l" + i + "_context";
        String ffn = "decoder_l" + i + "_ffn";
        read.add(
            new Layer(
                pack(List.of(cell + "_W"), width, width, new float[width]),
                linear(cell, "f", width),
                norm(cell + "_ffn"),
                linear(look, "q", width),
                linear(look, "o", width),
                norm(look + "_Wo"),
                linear(ffn, "1", inner(ffn)),
                linear(ffn, "2", width),
                norm(ffn + "_ffn")));
      }
      return List.copyOf(read);
    }

    /** What all layers of the decoder look at, in one product. */
    Matrix keyValue(int depth) {
      List<String> names = new ArrayList<>();
      float[] biases = new float[2 * depth * width];
      for (int i = 1; i <= depth; i++) {
        String look = "decoder_l" + i + "_context";
        names.addAll(List.of(look + "_Wk", look + "_Wv"));
        read(look + "_bk", biases, (2 * i - 2) * width);
        read(look + "_bv", biases, (2 * i - 1) * width);
      }
      return pack(names, width, width, biases);
    }

    private int inner(String ffn) {
      return Math.toIntExact(weights.any(ffn + "_b1").size());
    }

    private Matrix linear(String part, String which, int outputs) {
      Tensor weight = weights.any(part + "_W" + which);
      return pack(
          List.of(part + "_W" + which),
          outputs,
          Math.toIntExact(weight.dimension(0)),
          row(part + "_b" + which, outputs));
    }

    private Matrix joined(int outputs, List<String> names, String part) {
      float[] biases = new float[names.size() * outputs];
      for (int i = 0; i < names.size(); i++) {
        read(part + "_b" + "qkv".charAt(i), biases, i * outputs);
      }
      return pack(names, outputs, width, biases);
    }

    /** Matrices are [inputs, outputs] in the file. */
    private Matrix pack(List<String> names, int outputs, int inputs, float[] biases) {
      List<Tensor> parts =
          names.stream()
              .map(name -> weights.tensor(name, inputs, outputs).transposed(name))
              .toList();
      return kernels.pack(
          names.size() * outputs,
          inputs,
          (row, into, at) ->
              parts.get(row / outputs).read((long) (row % outputs) * inputs, into, at, inputs),
          biases);
    }

    private Norm.Layer norm(String name) {
      return new Norm.Layer(
          row(name + "_ln_scale", width), row(name + "_ln_bias", width), MarianKeys.EPSILON);
    }

    float[] row(String name, int count) {
      return weights.tensor(name, 1, count).floats();
    }

    private void read(String name, float[] into, int at) {
      weights.tensor(name, 1, width).read(0, into, at, width);
    }

    void refuseOthers() {
      for (String name : weights.unused()) {
        if (!name.endsWith("_QuantMultA")) {
          throw new ModelException(
              "tensor %s is not part of a student as it is known here".formatted(name));
        }
      }
    }
  }

  float scale() {
    return (float) (1 / Math.sqrt(heads.headWidth()));
  }
}
