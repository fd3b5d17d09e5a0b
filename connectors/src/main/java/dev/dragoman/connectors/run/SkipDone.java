package dev.dragoman.connectors.run;

import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what earlier runs into the same folder have done. {@link #inputs} stands right after
 * the source and also notes the inputs in the journal; {@link #documents} stands right after the
 * step that opens containers, before any model.
 */
public final class SkipDone extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  /** The counter of what was left out, in the namespace of this class. */
  public static final String SKIPPED = "skipped_done";

  private final String done;
  private final @Nullable String journal;

  private SkipDone(String done, @Nullable String journal) {
    this.done = done;
    this.journal = journal;
  }

  /** Leaves out inputs of which everything is done. */
  public static SkipDone inputs(OutputSession session) {
    return new SkipDone(session.doneFile().toString(), session.journal().toString());
  }

  /** Leaves out documents that are done. */
  public static SkipDone documents(OutputSession session) {
    return new SkipDone(session.doneFile().toString(), null);
  }

  /** Leaves out documents whose rows are written, or were before a run was killed. */
  public static SkipDone finished(OutputSession session) {
    return new SkipDone(session.finishedFile().toString(), null);
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> input) {
    PCollection<Document> left =
        input.apply("Skip", ParDo.of(new Skip(done, journal != null))).setCoder(input.getCoder());
    if (journal != null) {
      left.apply("Note", ParDo.of(new WriteEnriched.WriteInputs(journal)));
    }
    return left;
  }

  private static final class Skip extends DoFn<Document, Document> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final boolean inputs;
    private final Counter skipped = Metrics.counter(SkipDone.class, SKIPPED);
    private transient DoneSet done = DoneSet.NOTHING;

    Skip(String file, boolean inputs) {
      this.file = file;
      this.inputs = inputs;
    }

    @Setup
    public void load() throws IOException {
      done = DoneSet.load(Path.of(file));
    }

    @ProcessElement
    public void skip(@Element Document document, OutputReceiver<Document> out) {
      if (inputs ? done.inputDone(document) : done.documentDone(document)) {
        skipped.inc();
      } else {
        out.output(document);
      }
    }
  }
}
