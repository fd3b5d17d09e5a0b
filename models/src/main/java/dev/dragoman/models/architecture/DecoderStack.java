package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A decoder that is embeddings, blocks one on the other, a normalisation and a head; what the
 * blocks are is the architecture's business. V is the vocabulary, H the width, P the number of
 * learned positions.
 *
 * @param modules what can be adapted
 * @param words [V, H], mapped
 * @param wordScale what embeddings are multiplied by
 * @param learned [P, H], or empty where positions are computed
 * @param padding the id of tokens that have no position and are not counted; -1 if there is none
 * @param embeddingNorm of embeddings with their positions
 * @param ropes the rotary embeddings that blocks refer to
 * @param head [V, H], if there is one
 * @param softCap of the logits; 0 for none
 */
record DecoderStack(
    Kernels kernels,
    Modules modules,
    CacheShape cache,
    int positions,
    Tensor words,
    float wordScale,
    float[] learned,
    int padding,
    Norm embeddingNorm,
    List<RotaryEmbedding> ropes,
    List<Block> blocks,
    Norm norm,
    Optional<Matrix> head,
    float softCap)
    implements Decoder {
  static final int NO_PADDING = -1;

  @Override
  public int width() {
    return (int) words.dimension(1);
  }

  @Override
  public int vocabulary() {
    return (int) words.dimension(0);
  }

  @Override
  public int layers() {
    return blocks.size();
  }

  @Override
  public boolean hasHead() {
    return head.isPresent();
  }

  @Override
  public Sequence sequence(int limit, CacheType type, Adapter adapter, Memory memory) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    if (learned.length > 0 && limit > positions) {
      throw new ModelException(
          "%d tokens are more than the %d the model has positions for".formatted(limit, positions));
    }
    KeyValues[] layers = new KeyValues[blocks.size()];
    Arrays.setAll(layers, layer -> kernels.keyValues(cache, type, limit));
    return new Sequence(this, adapter, type, layers, limit, ropes, memory);
  }

  @Override
  public Adapter adapter(Path folder) {
    return AdapterReader.read(folder, this);
  }

  @Override
  public void embedding(int id, float[] into) {
    if (id < 0 || id >= vocabulary()) {
      throw new ModelException(
          "token id %d is outside the vocabulary of %d".formatted(id, vocabulary()));
    }
    words.read((long) id * width(), into, 0, width());
    for (int i = 0; wordScale != 1 && i < width(); i++) {
      into[i] *= wordScale;
    }
  }

  @Override
  public Session session() {
    return new Run(this);
  }

  private static final class Run implements Session {
    private final DecoderStack model;
    private final Kernels kernels;
    private final int width;
    private final int vocabulary;
    private final int raised;
    private final int crossQueries;
    private final Pass pass;
    private float[] shown = new float[0]; // [T, H]
    private float[] projected = new float[0]; // [ROWS, 2K] of a memory
    private float[] states = new float[0]; // [wanted, H]
    private float[] logits = new float[0]; // [wanted, V]
    private int wanted;
    private boolean scored;

    Run(DecoderStack model) {
      this.model = model;
      this.kernels = model.kernels;
      this.width = model.width();
      this.vocabulary = model.vocabulary();
      this.pass = new Pass(kernels, width, model.ropes);
      this.raised = model.blocks.stream().mapToInt(b -> b.feedForward().scratch()).max().orElse(0);
      this.crossQueries =
          model.blocks.stream()
              .flatMap(block -> block.cross().stream())
              .mapToInt(cross -> cross.shape().queries())
              .max()
              .orElse(0);
    }

    @Override
    public Memory remember(float[] encoded, int at, int length) {
      KeyValues[] memory = new KeyValues[model.blocks.size()];
      for (int layer = 0; layer < memory.length; layer++) {
        CrossAttention cross =
            model
                .blocks
                .get(layer)
                .cross()
                .orElseThrow(() -> new IllegalStateException("the decoder only sees its own text"));
        CacheShape shape = cross.shape();
        int inputs = cross.keyValue().inputs();
        int outputs = cross.keyValue().outputs();
        memory[layer] = kernels.keyValues(shape, CacheType.F32, length);
        memory[layer].reserve(0, CacheShape.pages(length));
        projected = Pass.room(projected, Math.min(Pass.ROWS, length), outputs);
        for (int row = 0; row < length; row += Pass.ROWS) {
          int rows = Math.min(Pass.ROWS, length - row);
          kernels.linear(
              rows,
              encoded,
              at + row * inputs,
              inputs,
              cross.keyValue(),
              Activation.NONE,
              projected,
              0,
              outputs);
          kernels.cache(shape, rows, projected, 0, outputs, memory[layer], row);
        }
      }
      return new Memory(memory, length);
    }

    @Override
    public void run(Step step, Encoder.Layers layers) {
      check(step);
      pass.begin(step, model.cache.queries(), model.cache.keys(), raised);
      pass.makeRoomForCross(crossQueries);
      pass.seen = layers;
      makeRoom(step);
      embed(step);
      layers.layer(0, pass.hidden);
      int last = model.blocks.size();
      for (int i = 0; i < last; i++) {
        model.blocks.get(i).run(pass, i);
        if (i + 1 < last) {
          layers.layer(i + 1, pass.hidden);
        }
      }
      if (layers != Encoder.Layers.UNSEEN) {
        shown = Pass.room(shown, step.tokens(), width);
        model.norm.apply(kernels, step.tokens(), width, pass.hidden, 0, shown, 0);
        layers.layer(last, shown);
      }
      collect(step);
      for (int i = 0; i < step.sequences(); i++) {
        step.sequence(i).grow(step.end(i) - step.start(i));
      }
    }

    private void check(Step step) {
      for (int i = 0; i < step.sequences(); i++) {
        if (!step.sequence(i).belongsTo(model)) {
          throw new IllegalArgumentException("a sequence belongs to another model");
        }
      }
      for (int token = 0; token < step.tokens(); token++) {
        if (step.id(token) == Step.EMBEDDED) {
          step.check(token, width);
        } else if (step.id(token) < 0 || step.id(token) >= vocabulary) {
          throw new ModelException(
              "token id %d is outside the vocabulary of %d".formatted(step.id(token), vocabulary));
        }
      }
    }

    private void makeRoom(Step step) {
      int scratch = 0;
      for (int i = 0; i < step.sequences(); i++) {
        Sequence sequence = step.sequence(i);
        int rows = step.end(i) - step.start(i);
        sequence.reserve(rows);
        // Whole pages more than needed now, so that not every token asks for a new buffer.
        int positions = Math.min(sequence.limit(), sequence.length() + rows + 16 * CacheShape.PAGE);
        scratch = Math.max(scratch, kernels.attendScratch(model.cache, rows, positions));
        if (crossQueries > 0) {
          scratch = Math.max(scratch, crossScratch(sequence.memory().length()));
        }
      }
      pass.scratch = Pass.room(pass.scratch, 1, scratch);
    }

    private int crossScratch(int length) {
      CacheShape shape = model.blocks.getFirst().cross().orElseThrow().shape();
      return kernels.attendScratch(shape, Pass.ROWS, length);
    }

    private void embed(Step step) {
      for (int i = 0; i < step.sequences(); i++) {
        int position = step.sequence(i).length();
        for (int token = step.start(i); token < step.end(i); token++) {
          int at = token * width;
          boolean given = step.id(token) == Step.EMBEDDED;
          if (given) {
            step.read(token, pass.hidden, at, width);
          } else {
            model.words.read((long) step.id(token) * width, pass.hidden, at, width);
          }
          if (model.wordScale != 1 && !given) {
            for (int j = at; j < at + width; j++) {
              pass.hidden[j] *= model.wordScale;
            }
          }
          if (model.learned.length > 0 && (given || step.id(token) != model.padding)) {
            kernels.add(width, model.learned, position++ * width, pass.hidden, at);
          }
          model.embeddingNorm.apply(kernels, 1, width, pass.hidden, at, pass.hidden, at);
        }
      }
    }

    private void collect(Step step) {
      wanted = step.wanted();
      scored = false;
      states = Pass.room(states, wanted, width);
      int row = 0;
      for (int i = 0; i < step.sequences(); i++) {
        int first = step.firstWanted(i);
        int rows = step.end(i) - first;
        model.norm.apply(kernels, rows, width, pass.hidden, first * width, states, row * width);
        row += rows;
      }
    }

    @Override
    public float[] states() {
      return states;
    }

    @Override
    public float[] logits() {
      if (!scored) {
        Matrix head =
            model.head.orElseThrow(
                () -> new IllegalStateException("the checkpoint has no head for logits"));
        logits = Pass.room(logits, wanted, vocabulary);
        kernels.linear(wanted, states, 0, width, head, Activation.NONE, logits, 0, vocabulary);
        if (model.softCap > 0) {
          kernels.softCap(wanted * vocabulary, model.softCap, logits, 0);
        }
        scored = true;
      }
      return logits;
    }
  }
}
