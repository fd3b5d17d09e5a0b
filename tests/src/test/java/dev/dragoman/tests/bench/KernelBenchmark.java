package dev.dragoman.tests.bench;

import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PackedMatrix;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.vector.VectorKernels;
import dev.dragoman.tests.StarterModels;
import dev.dragoman.tests.parity.Goldens;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The kernels at the sizes of all-MiniLM-L6-v2, 96 rows at a time, and its tokenizer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx1g"})
public class KernelBenchmark {
  private static final int ROWS = 96;
  private static final int TOKENS = 128;

  private final Kernels kernels = new VectorKernels();
  private final Random random = new Random(1);
  private final PackedMatrix queryKeyValue = pack(1152, 384);
  private final PackedMatrix up = pack(1536, 384);
  private final PackedMatrix down = pack(384, 1536);
  private final float[] narrow = randoms(ROWS * 384);
  private final float[] wide = randoms(ROWS * 1536);
  private final float[] projected = randoms(TOKENS * 1152);
  private final float[] mixed = new float[TOKENS * 384];
  private final float[] scratch = new float[kernels.attentionScratch(TOKENS, 32)];
  private final float[] gain = randoms(384);
  private List<String> sentences = List.of();
  private Tokenizer tokenizer = Tokenizer.open(StarterModels.minilm());

  /** Reads the sentences. */
  @Setup
  public void read() throws Exception {
    sentences = Goldens.sentences();
    tokenizer = Tokenizer.open(StarterModels.minilm());
  }

  /** [96, 384] x [384, 1152]: 84.9 million operations. */
  @Benchmark
  public float[] queryKeyValue() {
    kernels.linear(ROWS, narrow, 0, 384, queryKeyValue, Activation.NONE, wide, 0, 1152);
    return wide;
  }

  /** [96, 384] x [384, 1536] and GELU: 113.2 million operations. */
  @Benchmark
  public float[] upAndGelu() {
    kernels.linear(ROWS, narrow, 0, 384, up, Activation.GELU, wide, 0, 1536);
    return wide;
  }

  /** [96, 1536] x [1536, 384]: 113.2 million operations. */
  @Benchmark
  public float[] down() {
    kernels.linear(ROWS, wide, 0, 1536, down, Activation.NONE, mixed, 0, 384);
    return mixed;
  }

  /** 12 heads of 32 over 128 tokens: 25.2 million operations and 196,608 exponentials. */
  @Benchmark
  public float[] attention() {
    kernels.attention(
        PositionBias.NONE, TOKENS, 12, 32, 0.17f, projected, 0, 1152, mixed, 0, 384, scratch);
    return mixed;
  }

  /** 96 rows of 384. */
  @Benchmark
  public float[] addAndNormalize() {
    kernels.addAndNormalize(ROWS, 384, mixed, 0, narrow, 0, gain, gain, 1e-12f);
    return mixed;
  }

  /** 1,000 sentences. */
  @Benchmark
  public int tokenize() {
    int tokens = 0;
    for (String sentence : sentences) {
      tokens += tokenizer.count(sentence);
    }
    return tokens;
  }

  private PackedMatrix pack(int outputs, int inputs) {
    return kernels.pack(outputs, inputs, randoms(outputs * inputs), randoms(outputs));
  }

  private float[] randoms(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
