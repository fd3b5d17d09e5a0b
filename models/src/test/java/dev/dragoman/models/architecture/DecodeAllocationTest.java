package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A token that is decoded costs no memory, once the code is compiled and the pages are there. */
class DecodeAllocationTest {
  private static final int TOKENS = 100;

  /** Until then the compiler has been through: vectors of code that is not compiled are objects. */
  private static final int TRIES = 2_000;

  @ParameterizedTest
  @EnumSource(CacheType.class)
  void aHundredStepsAllocateNothing(CacheType cache) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (ParallelKernels kernels = new ParallelKernels(new VectorKernels(), 1);
        DecoderCases.Case example = DecoderCases.open("llama", kernels)) {
      Decoder decoder = example.decoder();
      Decoder.Session session = decoder.session();
      Sequence sequence = decoder.sequence(TOKENS, cache);
      Step step = new Step();
      long allocated = Long.MAX_VALUE;
      for (int i = 0; i < TRIES && allocated > 0; i++) {
        sequence.truncate(0);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int token = 0; token < TOKENS; token++) {
          step.clear();
          step.add(sequence, token % decoder.vocabulary());
          session.run(step, Encoder.Layers.UNSEEN);
          session.logits();
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isZero();
    }
  }
}
