package dev.dragoman.jobs;

import dev.dragoman.pipelines.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.StreamingOptions;
import org.jspecify.annotations.Nullable;

/** A graph that runs, here or on a cluster, with what is told about it meanwhile. */
final class Execution {
  private static final int SECONDS_TO_APPEAR = 5;
  private static final int SECONDS_TO_CANCEL = 30;

  private final Runners runner;
  private final PrintStream err;
  private volatile boolean submitting;
  private volatile @Nullable String jobId;

  Execution(Runners runner, PrintStream err) {
    this.runner = runner;
    this.err = err;
  }

  /**
   * Runs it to its end.
   *
   * @throws ClusterException if the cluster refused the job, lost it or saw it fail
   */
  PipelineResult run(Pipeline pipeline) throws IOException, ClusterException {
    Cluster cluster = runner.cluster();
    if (runner.options().as(StreamingOptions.class).isStreaming()) {
      err.println("running until Ctrl-C");
      return cluster == null ? runHere(pipeline) : runOn(cluster, pipeline);
    }
    try (ProgressLine _ = new ProgressLine(err, ProgressLine.onTerminal(), this::progress)) {
      return cluster == null ? runHere(pipeline) : runOn(cluster, pipeline);
    }
  }

  /** Stops what runs elsewhere, and waits a while for it; what runs here ends with this JVM. */
  void cancel() {
    Cluster cluster = runner.cluster();
    if (cluster == null || !submitting) {
      return;
    }
    long started = System.nanoTime();
    try {
      String id = jobId;
      boolean told = false;
      while (seconds(started) < (id == null ? SECONDS_TO_APPEAR : SECONDS_TO_CANCEL)) {
        if (id == null) {
          id = cluster.jobId(runner.options().getJobName());
        } else if (!told) {
          cluster.cancel(id);
          told = true;
        } else if (cluster.isOver(id)) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (ClusterException e) {
      err.println("dragoman: the job could not be cancelled: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static PipelineResult runHere(Pipeline pipeline) throws IOException {
    PipelineResult result = pipeline.run();
    PipelineResult.State state = result.waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw new IOException("the graph ended as " + state + " and not as DONE");
    }
    return result;
  }

  private PipelineResult runOn(Cluster cluster, Pipeline pipeline) throws ClusterException {
    String where = "the cluster at " + cluster.address();
    PipelineResult result;
    submitting = true;
    try {
      result = pipeline.run();
    } catch (RuntimeException e) {
      throw new ClusterException(where + " refused the job: " + reason(e), e);
    }
    PipelineResult.State state;
    try {
      jobId = cluster.jobId(pipeline.getOptions().getJobName());
      state = result.waitUntilFinish();
      String id = jobId;
      if (id != null) {
        cluster.awaitEndTold(id);
      }
    } catch (RuntimeException e) {
      throw new ClusterException(
          where + " does not answer any more: " + reason(e) + "; --resume goes on", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for " + where, e);
    }
    submitting = false;
    return switch (state) {
      case DONE -> result;
      case CANCELLED ->
          throw new ClusterException("the job was cancelled on " + where + "; --resume goes on");
      default -> {
        String id = jobId;
        throw new ClusterException(
            "the job failed on "
                + where
                + ": "
                + (id == null ? "it ended as " + state : cluster.failure(id))
                + "; --resume goes on");
      }
    };
  }

  private Progress.Snapshot progress() {
    Cluster cluster = runner.cluster();
    String id = jobId;
    if (cluster == null) {
      return Progress.current().snapshot();
    }
    try {
      return id == null ? Progress.NOTHING : cluster.progress(id);
    } catch (ClusterException _) {
      return Progress.NOTHING;
    }
  }

  /** What the last cause says, which may be the stack trace of another JVM. */
  static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return Cluster.rootMessage(
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
  }
}
