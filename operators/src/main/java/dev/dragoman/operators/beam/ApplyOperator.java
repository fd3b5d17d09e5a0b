package dev.dragoman.operators.beam;

import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Applies an operator to every document of a collection. Documents keep their windows and
 * timestamps; those found inside a container get the container's.
 *
 * <pre>{@code
 * PCollectionTuple out = documents.apply("Chunk", ApplyOperator.of(chunk));
 * PCollection<Document> chunked = out.get(ApplyOperator.ENRICHED);
 * PCollection<Rejected> rejected = out.get(ApplyOperator.REJECTED);
 * }</pre>
 *
 * <p>Within a bundle documents are gathered until they weigh what the operator wants in a batch.
 * Each worker JVM opens what the operator needs once, for all its threads.
 */
public final class ApplyOperator extends PTransform<PCollection<Document>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The documents that go on. */
  public static final TupleTag<Document> ENRICHED = new TupleTag<>("enriched") {};

  /** The documents that leave, each with the reason. */
  public static final TupleTag<Rejected> REJECTED = new TupleTag<>("rejected") {};

  /** What becomes of a document on which the operator failed. */
  public enum OnError {
    /** It leaves through the dead-letter output. */
    REJECT,
    /**
     * It goes on as it was, with a label {@code failed} ({@code CODE: message}) and a step that
     * says so.
     */
    KEEP
  }

  private final OperatorConfig config;
  private final String step;
  private final OnError onError;
  private final @Nullable String modelHome;
  private final boolean offline;
  private final @Nullable Duration timeLimit;

  private ApplyOperator(
      OperatorConfig config,
      String step,
      OnError onError,
      @Nullable String modelHome,
      boolean offline,
      @Nullable Duration timeLimit) {
    super(step);
    this.config = config;
    this.step = step;
    this.onError = onError;
    this.modelHome = modelHome;
    this.offline = offline;
    this.timeLimit = timeLimit;
  }

  /** Applies the operator with this configuration; its name names the step. */
  public static ApplyOperator of(OperatorConfig config) {
    return new ApplyOperator(config, config.info().name(), OnError.REJECT, null, false, null);
  }

  /** Under this name in metrics, which tells apart two steps with the same operator. */
  public ApplyOperator named(String name) {
    return new ApplyOperator(config, name, onError, modelHome, offline, timeLimit);
  }

  /** With this fate for documents on which the operator fails. */
  public ApplyOperator onError(OnError fate) {
    return new ApplyOperator(config, step, fate, modelHome, offline, timeLimit);
  }

  /** With the models in this folder of the workers, instead of each worker's default. */
  public ApplyOperator withModelHome(Path folder) {
    return new ApplyOperator(config, step, onError, folder.toString(), offline, timeLimit);
  }

  /** Without opening a connection, if so: only contents on local disks can be read then. */
  public ApplyOperator offline(boolean so) {
    return new ApplyOperator(config, step, onError, modelHome, so, timeLimit);
  }

  /** With so much time for each batch of an operator with models; longer is a rejection. */
  public ApplyOperator withTimeLimit(Duration limit) {
    return new ApplyOperator(config, step, onError, modelHome, offline, limit);
  }

  @Override
  public PCollectionTuple expand(PCollection<Document> documents) {
    PCollectionTuple outputs =
        documents.apply(
            "Apply",
            ParDo.of(new OperatorFn(config, step, onError, modelHome, offline, timeLimit))
                .withOutputTags(ENRICHED, TupleTagList.of(REJECTED)));
    outputs.get(ENRICHED).setCoder(DocumentCoder.of());
    outputs.get(REJECTED).setCoder(RejectedCoder.of());
    return outputs;
  }
}
