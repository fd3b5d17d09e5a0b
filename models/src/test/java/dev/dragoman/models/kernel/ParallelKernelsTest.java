package dev.dragoman.models.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.RandomTensors;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One call shared by threads gives what one thread gives. */
class ParallelKernelsTest {
  private static final int ROWS = 9;
  private static final int INPUTS = 256;
  private static final int OUTPUTS = 700;

  private final Kernels single = new VectorKernels();
  private final Random random = new Random(11);

  @Test
  void everyNumberOfThreadsGivesTheSameBits() {
    StoredMatrix stored =
        new StoredMatrix(
            List.of(RandomTensors.of(DType.Q4_1, OUTPUTS, INPUTS, random)), randoms(OUTPUTS));
    PackedMatrix packed = single.pack(OUTPUTS, INPUTS, randoms(OUTPUTS * INPUTS), randoms(OUTPUTS));
    float[] x = randoms(ROWS * INPUTS);
    float[] expected = product(single, stored, x);
    float[] expectedPacked = product(single, packed, x);
    float[] gated = x.clone();
    single.gate(Activation.SILU, ROWS, INPUTS / 2, gated, 0, INPUTS);
    for (int threads = 1; threads <= 5; threads++) {
      try (ParallelKernels kernels = new ParallelKernels(single, threads)) {
        assertThat(product(kernels, stored, x)).containsExactly(expected);
        assertThat(product(kernels, packed, x)).containsExactly(expectedPacked);
        float[] own = x.clone();
        kernels.gate(Activation.SILU, ROWS, INPUTS / 2, own, 0, INPUTS);
        assertThat(own).containsExactly(gated);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CacheType.class)
  void attentionDoesNotDependOnTheThreads(CacheType type) {
    for (CacheShape shape : List.of(new CacheShape(6, 3, 32), new CacheShape(4, 1, 64))) {
      for (int rows : new int[] {1, 70}) {
        float[] expected = attention(single, shape, type, rows, new Random(5));
        for (int threads = 2; threads <= 4; threads++) {
          try (ParallelKernels kernels = new ParallelKernels(single, threads)) {
            assertThat(attention(kernels, shape, type, rows, new Random(5)))
                .containsExactly(expected);
          }
        }
      }
    }
  }

  private static float[] attention(
      Kernels kernels, CacheShape shape, CacheType type, int rows, Random random) {
    int tokens = 400;
    int stride = shape.queries() + 2 * shape.keys();
    float[] x = randoms(tokens * stride, random);
    KeyValues cache = kernels.keyValues(shape, type, tokens);
    cache.reserve(0, CacheShape.pages(tokens));
    kernels.cache(shape, tokens, x, shape.queries(), stride, cache, 0);
    int first = tokens - rows;
    float[] out = new float[rows * shape.queries()];
    float[] scratch = new float[kernels.attendScratch(shape, rows, tokens)];
    kernels.attend(
        shape,
        0.2f,
        Sight.BACK,
        rows,
        x,
        first * stride,
        stride,
        cache,
        first,
        out,
        0,
        shape.queries(),
        scratch);
    return out;
  }

  @Test
  @Timeout(60)
  void aProductIsSharedUnlessSeveralHaveSaidThatTheyCall() {
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    Kernels watched =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> {
                  workers.add(Thread.currentThread());
                  return method.invoke(single, arguments);
                });
    PackedMatrix packed = single.pack(OUTPUTS, INPUTS, randoms(OUTPUTS * INPUTS), randoms(OUTPUTS));
    float[] x = randoms(ROWS * INPUTS);
    try (ParallelKernels kernels = new ParallelKernels(watched, 2)) {
      kernels.enter();
      while (workers.size() < 2) {
        product(kernels, packed, x);
      }
      kernels.enter();
      workers.clear();
      for (int i = 0; i < 50; i++) {
        product(kernels, packed, x);
      }
      assertThat(workers).containsExactly(Thread.currentThread());
      kernels.leave();
      while (workers.size() < 2) {
        product(kernels, packed, x);
      }
    }
  }

  @Test
  void severalCallersAtOnceEachGetTheirOwnResult() throws InterruptedException {
    StoredMatrix stored =
        new StoredMatrix(
            List.of(RandomTensors.of(DType.Q8_0, OUTPUTS, INPUTS, random)), new float[0]);
    try (ParallelKernels kernels = new ParallelKernels(single, 3)) {
      AtomicInteger right = new AtomicInteger();
      List<Thread> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        float[] x = randoms(ROWS * INPUTS);
        float[] expected = product(single, stored, x);
        callers.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < 30; i++) {
                    if (java.util.Arrays.equals(product(kernels, stored, x), expected)) {
                      right.incrementAndGet();
                    }
                  }
                }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(right).hasValue(120);
    }
  }

  @Test
  void everyPieceIsDoneOnceInThousandsOfRounds() {
    try (WorkTeam team = new WorkTeam(4)) {
      for (int round = 0; round < 3_000; round++) {
        int count = 1 + round % 17;
        AtomicIntegerArray times = new AtomicIntegerArray(count);
        assertThat(team.take()).isTrue();
        assertThat(team.take()).isFalse();
        team.run(count, (piece, thread) -> times.incrementAndGet(piece));
        team.release();
        for (int piece = 0; piece < count; piece++) {
          assertThat(times.get(piece)).isOne();
        }
      }
    }
  }

  @Test
  void whatAPieceThrowsReachesTheCallerAndTheTeamGoesOn() {
    try (WorkTeam team = new WorkTeam(3)) {
      assertThat(team.take()).isTrue();
      assertThatThrownBy(() ->
              team.run(
                  8,
                  (piece, thread) -> {
                    if (piece == 5) {
                      throw new IllegalArgumentException("five");
                    }
                  }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("five");
      AtomicInteger done = new AtomicInteger();
      team.run(8, (piece, thread) -> done.incrementAndGet());
      assertThat(done).hasValue(8);
    }
  }

  @Test
  void whenItIsClosedCallersWorkAlone() {
    StoredMatrix stored =
        new StoredMatrix(
            List.of(RandomTensors.of(DType.Q6_K, OUTPUTS, INPUTS, random)), new float[0]);
    float[] x = randoms(ROWS * INPUTS);
    ParallelKernels kernels = new ParallelKernels(single, 2);
    kernels.close();
    assertThat(product(kernels, stored, x)).containsExactly(product(single, stored, x));
  }

  private static float[] product(Kernels kernels, Matrix matrix, float[] x) {
    float[] y = new float[ROWS * matrix.outputs()];
    kernels.linear(ROWS, x, 0, INPUTS, matrix, Activation.GELU, y, 0, matrix.outputs());
    return y;
  }

  private float[] randoms(int count) {
    return randoms(count, random);
  }

  private static float[] randoms(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
