package dev.dragoman.models.kernel;

import dev.dragoman.models.format.BlockCodes;
import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weights of a linear layer, {@code y = x * W^T + b}, of few bits each, in an order in which
 * vectors read them: panels of as many outputs as a vector has lanes, and in each panel, input by
 * input, the codes of all its outputs. About as large as in the file. It is never changed, so
 * threads share it.
 */
public final class BlockMatrix implements Matrix {
  /** How the codes of a panel are kept. */
  public enum Form {
    /** Two inputs a byte, the first in the low half; a weight is code * scale + minimum. */
    NIBBLES,
    /** An input a byte, signed; a weight is code * scale. */
    BYTES,
    /** An input a byte, signed; a weight is code * scale + minimum. */
    BYTES_AND_MINIMUMS
  }

  private final int outputs;
  private final int inputs;
  private final int lanes;
  private final Form[] forms; // [panels]
  private final int[] runs; // [panels]
  private final int[] codesAt; // [panels]
  private final int[] scalesAt; // [panels]
  private final byte[] codes;
  private final float[] scales; // for each run of a panel: [lanes] scales, [lanes] minimums if any
  private final float[] bias; // [whole panels]

  /**
   * Packs a matrix.
   *
   * @param stored one that {@link #takes}
   * @param lanes how many outputs a panel has
   */
  public BlockMatrix(StoredMatrix stored, int lanes) {
    this.outputs = stored.outputs();
    this.inputs = stored.inputs();
    this.lanes = lanes;
    int panels = Math.ceilDiv(stored.outputs(), lanes);
    this.forms = new Form[panels];
    this.runs = new int[panels];
    this.codesAt = new int[panels + 1];
    this.scalesAt = new int[panels + 1];
    layOut(stored);
    this.codes = new byte[codesAt[panels]];
    this.scales = new float[scalesAt[panels]];
    float[] some = stored.bias();
    this.bias = Arrays.copyOf(some, panels * lanes);
    IntStream.range(0, panels).parallel().forEach(panel -> pack(stored, panel));
  }

  /** Whether all its weights are codes, and they fit an array. */
  public static boolean takes(StoredMatrix stored) {
    for (int part = 0; part < stored.parts(); part++) {
      if (!BlockCodes.known(stored.part(part).type())) {
        return false;
      }
    }
    return (long) (stored.outputs() + GUARD) * stored.inputs() < Integer.MAX_VALUE;
  }

  private static final int GUARD = 64;

  private void layOut(StoredMatrix stored) {
    int part = 0;
    for (int panel = 0; panel < forms.length; panel++) {
      int last = Math.min(stored.outputs(), (panel + 1) * lanes) - 1;
      while (stored.end(part) <= panel * lanes) {
        part++;
      }
      DType type = stored.part(part).type();
      Form form = form(type);
      int run = BlockCodes.run(type);
      for (int next = part + 1; stored.end(next - 1) <= last; next++) {
        DType other = stored.part(next).type();
        form = form(other) == form ? form : Form.BYTES_AND_MINIMUMS;
        run = Math.min(run, BlockCodes.run(other));
      }
      forms[panel] = form;
      runs[panel] = run;
      int size = lanes * inputs;
      codesAt[panel + 1] = codesAt[panel] + (form == Form.NIBBLES ? size / 2 : size);
      scalesAt[panel + 1] = scalesAt[panel] + size / run * (form == Form.BYTES ? 1 : 2);
    }
  }

  private static Form form(DType type) {
    if (BlockCodes.nibbles(type)) {
      return Form.NIBBLES;
    }
    return BlockCodes.minimums(type) ? Form.BYTES_AND_MINIMUMS : Form.BYTES;
  }

  private void pack(StoredMatrix stored, int panel) {
    byte[] row = new byte[inputs];
    float[] rowScales = new float[inputs / 16];
    float[] rowMinimums = new float[inputs / 16];
    int end = Math.min(lanes, stored.outputs() - panel * lanes);
    int part = 0;
    for (int lane = 0; lane < end; lane++) {
      int output = panel * lanes + lane;
      while (stored.end(part) <= output) {
        part++;
      }
      Tensor tensor = stored.part(part);
      int first = part == 0 ? 0 : stored.end(part - 1);
      new BlockCodes(tensor.type()).row(tensor, output - first, row, rowScales, rowMinimums);
      putCodes(panel, lane, row);
      putScales(panel, lane, BlockCodes.run(tensor.type()), rowScales, rowMinimums);
    }
  }

  private void putCodes(int panel, int lane, byte[] row) {
    int to = codesAt[panel] + lane;
    if (forms[panel] == Form.NIBBLES) {
      for (int i = 0; i < row.length; i += 2, to += lanes) {
        codes[to] = (byte) (row[i] | row[i + 1] << 4);
      }
    } else {
      for (int i = 0; i < row.length; i++, to += lanes) {
        codes[to] = row[i];
      }
    }
  }

  private void putScales(int panel, int lane, int rowRun, float[] rowScales, float[] rowMinimums) {
    int run = runs[panel];
    int step = forms[panel] == Form.BYTES ? lanes : 2 * lanes;
    int to = scalesAt[panel] + lane;
    for (int i = 0; i < inputs; i += run, to += step) {
      scales[to] = rowScales[i / rowRun];
      if (step > lanes) {
        scales[to + lanes] = rowMinimums[i / rowRun];
      }
    }
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  /** Unpacks a row of the weights: the numbers that the file has. */
  public void row(int row, float[] into) {
    int panel = row / lanes;
    int lane = row % lanes;
    Form form = forms[panel];
    int step = form == Form.BYTES ? lanes : 2 * lanes;
    for (int i = 0; i < inputs; i++) {
      int scale = scalesAt[panel] + i / runs[panel] * step + lane;
      int code =
          form == Form.NIBBLES
              ? codes[codesAt[panel] + i / 2 * lanes + lane] >> i % 2 * 4 & 15
              : codes[codesAt[panel] + i * lanes + lane];
      into[i] = Math.fma(code, scales[scale], form == Form.BYTES ? 0 : scales[scale + lanes]);
    }
  }

  /** How a panel's codes are kept. */
  public Form form(int panel) {
    return forms[panel];
  }

  /** How many inputs of a panel share scales. */
  public int run(int panel) {
    return runs[panel];
  }

  /** Where a panel's codes start. */
  public int codesAt(int panel) {
    return codesAt[panel];
  }

  /** Where a panel's scales start. */
  public int scalesAt(int panel) {
    return scalesAt[panel];
  }

  /** The codes of all panels. */
  public byte[] codes() {
    return codes;
  }

  /** The scales and minimums of all panels. */
  public float[] scales() {
    return scales;
  }

  /** The bias of whole panels; zeros if there is none. */
  public float[] bias() {
    return bias;
  }
}
