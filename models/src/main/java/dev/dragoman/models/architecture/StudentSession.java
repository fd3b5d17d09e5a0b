package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.Sight;
import java.util.Arrays;

/**
 * What one thread needs to translate with a {@link MarianStudent}: first {@link #encode} some
 * sources, then {@link #step} word by word. What a row gives does not depend on the others, to the
 * last bit. Allocates only when there is more than before.
 */
public final class StudentSession {
  /** Words of a source at most, its end included: several times what students are trained with. */
  public static final int LONGEST = 512;

  /** In place of the word before the first one. */
  public static final int START = -1;

  private static final int ROWS = 64;

  private final MarianStudent model;
  private final Kernels kernels;
  private final EncoderStack.Run encoder;
  private final int width;
  private float[] positions = new float[0]; // [positions, H]
  private float[] projected = new float[0]; // [T, layers, 2H]
  private KeyValues[][] memories = new KeyValues[0][]; // [sources][layers]
  private int[] reserved = new int[0]; // pages of each source
  private int[] starts = {0};
  private float[] firstKeys = new float[0]; // [T, headWidth], of the layer that says where from
  private boolean aligned;

  private int rows;
  private float[] states = new float[0]; // [rows, H]
  private float[] candidates = new float[0]; // [rows, H]
  private float[] gates = new float[0]; // [rows, H]
  private float[] answers = new float[0]; // [rows, H]
  private float[] raised = new float[0]; // [ROWS, I]
  private float[] scratch = new float[0];
  private float[][] cells; // [layers][rows, H]
  private float[][] spare; // the same, to change places
  private int[] looked = new int[0]; // [rows]

  StudentSession(MarianStudent model) {
    this.model = model;
    this.kernels = model.kernels;
    this.encoder = model.encoder.session();
    this.width = model.width;
    this.cells = new float[model.layers.size()][0];
    this.spare = new float[model.layers.size()][0];
  }

  /**
   * Reads sources, all of which must end with the end of a sentence.
   *
   * @param ids their words, one source after the other
   * @param sources how many there are
   * @param ends where each begins, and after the last one where it ends
   * @param wantsAlignment whether {@link #looked} will be asked for
   * @param seen is shown [words, H] for 0 (the embeddings) up to the number of layers
   */
  public void encode(
      int[] ids, int sources, int[] ends, boolean wantsAlignment, Encoder.Layers seen) {
    int tokens = ends[sources];
    int longest = 0;
    for (int i = 0; i < sources; i++) {
      longest = Math.max(longest, ends[i + 1] - ends[i]);
    }
    makePositions(longest);
    float[] hidden = encoder.room(tokens);
    for (int i = 0; i < sources; i++) {
      for (int token = ends[i]; token < ends[i + 1]; token++) {
        embed(model.source, ids[token], token - ends[i], hidden, token * width);
      }
    }
    float[] encoded = encoder.run(sources, ends, seen);
    starts = Arrays.copyOf(ends, sources + 1);
    aligned = wantsAlignment;
    remember(encoded, sources, tokens);
    scratch = Pass.room(scratch, 1, kernels.attendScratch(model.heads, 1, longest));
    rows = 0;
  }

  private void embed(WordVectors words, int word, int position, float[] into, int at) {
    words.read(word, (float) Math.sqrt(width), into, at);
    kernels.add(width, positions, position * width, into, at);
  }

  /** Sines, then cosines, of a position times falling frequencies. */
  private void makePositions(int count) {
    int from = positions.length / width;
    if (count <= from) {
      return;
    }
    int to = Math.max(count, 2 * from);
    positions = Arrays.copyOf(positions, Math.multiplyExact(to, width));
    int half = width / 2;
    for (int i = 0; i < half; i++) {
      double rate = Math.pow(10_000, -i / (half - 1.0));
      for (int position = from; position < to; position++) {
        positions[position * width + i] = (float) Math.sin(position * rate);
        positions[position * width + half + i] = (float) Math.cos(position * rate);
      }
    }
  }

  private void remember(float[] encoded, int sources, int tokens) {
    Matrix keyValue = model.keyValue;
    int stride = keyValue.outputs();
    projected = Pass.room(projected, tokens, stride);
    for (int row = 0; row < tokens; row += ROWS) {
      kernels.linear(
          Math.min(ROWS, tokens - row),
          encoded,
          row * width,
          width,
          keyValue,
          Activation.NONE,
          projected,
          row * stride,
          stride);
    }
    makeMemories(sources);
    for (int i = 0; i < sources; i++) {
      int length = starts[i + 1] - starts[i];
      int pages = CacheShape.pages(length);
      for (int layer = 0; layer < model.layers.size(); layer++) {
        if (reserved[i] == 0) {
          memories[i][layer] = kernels.keyValues(model.heads, CacheType.F32, LONGEST);
        }
        memories[i][layer].reserve(Math.min(reserved[i], pages), pages);
        kernels.cache(
            model.heads,
            length,
            projected,
            starts[i] * stride + 2 * layer * width,
            stride,
            memories[i][layer],
            0);
      }
      reserved[i] = Math.max(reserved[i], pages);
    }
    if (aligned) {
      int head = model.heads.headWidth();
      firstKeys = Pass.room(firstKeys, tokens, head);
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(
            projected,
            token * stride + 2 * model.alignmentLayer * width,
            firstKeys,
            token * head,
            head);
      }
    }
  }

  private void makeMemories(int sources) {
    int before = memories.length;
    if (sources > before) {
      memories = Arrays.copyOf(memories, sources);
      reserved = Arrays.copyOf(reserved, sources);
      for (int i = before; i < sources; i++) {
        memories[i] = new KeyValues[model.layers.size()];
      }
    }
  }

  /**
   * Says which rows there are from now on.
   *
   * @param count how many
   * @param parents for each, which of the rows so far it goes on from; START for one at its
   *     beginning
   */
  public void follow(int count, int[] parents) {
    states = Pass.room(states, count, width);
    candidates = Pass.room(candidates, count, width);
    gates = Pass.room(gates, count, width);
    answers = Pass.room(answers, count, width);
    if (looked.length < count) {
      looked = new int[count];
    }
    for (int layer = 0; layer < cells.length; layer++) {
      float[] next = Pass.room(spare[layer], count, width);
      for (int row = 0; row < count; row++) {
        if (parents[row] == START) {
          Arrays.fill(next, row * width, (row + 1) * width, 0);
        } else {
          System.arraycopy(cells[layer], parents[row] * width, next, row * width, width);
        }
      }
      spare[layer] = cells[layer];
      cells[layer] = next;
    }
    rows = count;
  }

  /**
   * One word more in each row.
   *
   * @param words the last word of each row, or START
   * @param sources which source each is a translation of
   * @param position how many words each row has
   * @param seen is shown [rows, H] for 0 (the embeddings) up to the number of layers
   */
  public void step(int[] words, int[] sources, int position, Encoder.Layers seen) {
    makePositions(position + 1);
    for (int row = 0; row < rows; row++) {
      if (words[row] == START) {
        System.arraycopy(positions, position * width, states, row * width, width);
      } else {
        embed(model.target, words[row], position, states, row * width);
      }
    }
    seen.layer(0, states);
    for (int layer = 0; layer < model.layers.size(); layer++) {
      for (int row = 0; row < rows; row += ROWS) {
        run(layer, row, Math.min(ROWS, rows - row), sources);
      }
      seen.layer(layer + 1, states);
    }
  }

  private void run(int index, int row, int count, int[] sources) {
    MarianStudent.Layer layer = model.layers.get(index);
    int at = row * width;
    linear(count, states, at, layer.candidate(), Activation.NONE, candidates, at);
    linear(count, states, at, layer.forget(), Activation.SIGMOID, gates, at);
    remember(count * width, at, cells[index]);
    close(count, at, layer.afterCell());

    linear(count, states, at, layer.query(), Activation.NONE, gates, at);
    if (aligned && index == model.alignmentLayer) {
      look(row, count, sources);
    }
    attend(index, row, count, sources);
    linear(count, answers, at, layer.out(), Activation.NONE, candidates, at);
    close(count, at, layer.afterLook());

    raised = Pass.room(raised, count, layer.up().outputs());
    linear(count, states, at, layer.up(), model.activation, raised, 0);
    linear(count, raised, 0, layer.down(), Activation.NONE, candidates, at);
    close(count, at, layer.afterFeedForward());
  }

  private void linear(
      int count, float[] x, int xAt, Matrix weights, Activation activation, float[] y, int yAt) {
    kernels.linear(count, x, xAt, weights.inputs(), weights, activation, y, yAt, weights.outputs());
  }

  /** {@code cell = gate * cell + (1 - gate) * candidate; candidate = max(cell, 0)}. */
  private void remember(int count, int at, float[] cell) {
    for (int i = at; i < at + count; i++) {
      float next = gates[i] * cell[i] + (1 - gates[i]) * candidates[i];
      cell[i] = next;
      candidates[i] = Math.max(next, 0);
    }
  }

  /** {@code states = normalise(states + candidates)}. */
  private void close(int count, int at, Norm.Layer norm) {
    kernels.addAndNormalize(
        count, width, states, at, candidates, at, norm.gain(), norm.bias(), norm.epsilon());
  }

  /** From the queries in gates to answers. */
  private void attend(int layer, int row, int count, int[] sources) {
    for (int i = row; i < row + count; i++) {
      int source = sources[i];
      kernels.attend(
          model.heads,
          model.scale(),
          Sight.ALL,
          1,
          gates,
          i * width,
          width,
          memories[source][layer],
          starts[source + 1] - starts[source] - 1,
          answers,
          i * width,
          width,
          scratch);
    }
  }

  /** Which word of its source the first head of each row looks at most. */
  private void look(int row, int count, int[] sources) {
    int head = model.heads.headWidth();
    for (int i = row; i < row + count; i++) {
      int start = starts[sources[i]];
      int best = 0;
      float most = Float.NEGATIVE_INFINITY;
      for (int token = start; token < starts[sources[i] + 1]; token++) {
        float score = 0;
        for (int j = 0; j < head; j++) {
          score += gates[i * width + j] * firstKeys[token * head + j];
        }
        if (score > most) {
          most = score;
          best = token - start;
        }
      }
      looked[i] = best;
    }
  }

  /** Which word of its source a row looked at in the last step, counted from the first one. */
  public int looked(int row) {
    return looked[row];
  }

  /**
   * Scores words as the next one of a row.
   *
   * @param count how many
   * @param words which ones
   * @param scores overwritten: one for each
   */
  public void scores(int row, int count, int[] words, float[] scores) {
    model.output.dots(kernels, count, words, model.bias, states, row * width, scores);
  }
}
