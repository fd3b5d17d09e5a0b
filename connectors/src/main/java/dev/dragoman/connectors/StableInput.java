package dev.dragoman.connectors;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What {@code @RequiresStableInput} needs of the Flink runner.
 *
 * <p>The runner holds elements back in one of N + 1 buffers until the checkpoint that holds them is
 * complete, N being the number of concurrent checkpoints, 1 by default, and goes through the
 * buffers in turn. With two of them, the first one that is filled after a restart is that of the
 * checkpoint restored from, which has not been emptied yet: what arrives between a checkpoint and
 * its completion is then processed before it is part of any checkpoint, and before what came
 * earlier. With more buffers than checkpoints that can be open at once that does not happen.
 */
public final class StableInput {
  private static final int CHECKPOINTS = 16;
  private static final long PAUSE_MILLIS = 10;

  private StableInput() {}

  /** The options of the Flink runner that matter here, under their own names; public for Beam. */
  public interface Options extends PipelineOptions {
    @Description("The maximum number of concurrent checkpoints. Defaults to 1 (=no concurrency).")
    @Default.Integer(1)
    int getNumConcurrentCheckpoints();

    void setNumConcurrentCheckpoints(int checkpoints);

    @Description("The minimal pause in milliseconds before the next checkpoint is triggered.")
    @Default.Long(-1L)
    Long getMinPauseBetweenCheckpoints();

    void setMinPauseBetweenCheckpoints(Long millis);
  }

  /**
   * Makes elements stable that are said to be. Every transform with such a step calls this when it
   * is applied. The pause between checkpoints keeps them from overlapping all the same.
   */
  public static void require(PipelineOptions options) {
    Options flink = options.as(Options.class);
    if (flink.getNumConcurrentCheckpoints() < CHECKPOINTS) {
      flink.setNumConcurrentCheckpoints(CHECKPOINTS);
    }
    if (flink.getMinPauseBetweenCheckpoints() <= 0) {
      flink.setMinPauseBetweenCheckpoints(PAUSE_MILLIS);
    }
  }
}
