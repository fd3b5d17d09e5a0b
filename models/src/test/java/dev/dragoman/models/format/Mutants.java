package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Damages a good file in ten thousand ways; each must be read or refused, and nothing else. */
final class Mutants {
  static final String FILE = "some.file";
  private static final int COUNT = 10_000;
  private static final long[] ODD = {
    0,
    1,
    -1,
    2,
    7,
    8,
    31,
    33,
    255,
    256,
    65_535,
    65_536,
    1L << 31,
    (1L << 31) - 1,
    1L << 32,
    (1L << 32) - 1,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads a file as far as it can be read. */
  interface Reader {
    void readAll(MemorySegment bytes);
  }

  private Mutants() {}

  /**
   * Tries all of them.
   *
   * @param interesting so many first bytes are damaged more often than the others
   * @param allowance how many bytes may be allocated for each byte of the file
   */
  static void check(byte[] good, int interesting, long allowance, Reader reader) {
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger read = new AtomicInteger();
    reader.readAll(segment(good));
    IntStream.range(0, COUNT)
        .parallel()
        .forEach(seed -> {
          byte[] mutant = mutate(good, interesting, new Random(seed));
          (isRead(mutant, allowance, reader) ? read : refused).incrementAndGet();
        });
    assertThat(refused.get()).isGreaterThan(COUNT / 20);
    assertThat(read.get()).isGreaterThan(COUNT / 100);
  }

  /** Cuts the file off after each of its bytes; each piece must be refused, the whole is read. */
  static void checkPrefixes(byte[] good, int whole, long allowance, Reader reader) {
    IntStream.range(0, whole)
        .parallel()
        .forEach(size ->
            assertThat(isRead(Arrays.copyOf(good, size), allowance, reader))
                .as("the first %d of %d bytes", size, whole)
                .isFalse());
    assertThat(isRead(Arrays.copyOf(good, whole), allowance, reader)).isTrue();
  }

  /** Reads every number of every tensor, in one go and from the middle. */
  static void readAll(Map<String, Tensor> tensors) {
    tensors.forEach((name, tensor) -> {
      assertThat(tensor.name()).isEqualTo(name);
      switch (tensor.type()) {
        case I64, I32, I16, I8, U8, BOOL -> assertThat(tensor.bytes().isReadOnly()).isTrue();
        case F64,
            F32,
            F16,
            BF16,
            Q8_0,
            Q4_0,
            Q4_1,
            Q5_0,
            Q5_1,
            Q2_K,
            Q3_K,
            Q4_K,
            Q5_K,
            Q6_K,
            IQ4_NL,
            IQ4_XS -> {
          int size = tensor.floats().length;
          tensor.read(size / 3, new float[size], 0, size / 2);
        }
      }
    });
  }

  private static boolean isRead(byte[] mutant, long allowance, Reader reader) {
    long most = 1_000_000 + allowance * mutant.length;
    Optional<ModelException> refusal = Optional.empty();
    long allocated = Long.MAX_VALUE;
    // Again if need be: what is loaded or compiled on the way the first time does not count.
    for (int attempt = 0; attempt < 3 && allocated > most; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      refusal = attempt(mutant, reader);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isLessThanOrEqualTo(most);
    refusal.ifPresent(e -> assertThat(e).hasMessageContaining(FILE));
    return refusal.isEmpty();
  }

  private static Optional<ModelException> attempt(byte[] mutant, Reader reader) {
    try {
      reader.readAll(segment(mutant));
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(e);
    }
  }

  private static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes).asReadOnly();
  }

  private static byte[] mutate(byte[] good, int interesting, Random random) {
    byte[] mutant = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(random.nextInt(4) == 0 ? mutant.length : interesting);
      if (at >= mutant.length) {
        return mutant;
      }
      int room = mutant.length - at;
      ByteBuffer buffer = ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN);
      switch (random.nextInt(8)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> mutant[at] += (byte) (random.nextInt(5) - 2);
        case 3 -> {
          if (room >= 4) {
            buffer.putInt(at, (int) ODD[random.nextInt(ODD.length)]);
          }
        }
        case 4 -> {
          if (room >= 8) {
            buffer.putLong(at, ODD[random.nextInt(ODD.length)]);
          }
        }
        case 5 -> {
          int from = random.nextInt(mutant.length);
          int length = Math.min(random.nextInt(24), Math.min(room, mutant.length - from));
          System.arraycopy(good, from, mutant, at, Math.min(length, good.length - from));
        }
        case 6 -> mutant = cut(mutant, at, random.nextInt(9));
        default -> mutant = Arrays.copyOf(mutant, mutant.length - random.nextInt(room));
      }
    }
    return mutant;
  }

  /** Without a few bytes in the middle: everything after them moves. */
  private static byte[] cut(byte[] bytes, int at, int length) {
    int end = Math.min(bytes.length, at + length);
    byte[] rest = Arrays.copyOf(bytes, bytes.length - (end - at));
    System.arraycopy(bytes, end, rest, at, bytes.length - end);
    return rest;
  }
}
