package dev.dragoman.connectors.run;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * The sink: finished documents and rejections go to the journal of an {@link OutputSession}, each
 * the moment it arrives. Whoever started the graph commits the session afterwards.
 *
 * <p>The folder must be one that every worker can write: a local disk for an embedded run, a shared
 * one for a cluster. A document that is written twice, by a bundle that was tried again, is one
 * row.
 */
public final class WriteEnriched extends PTransform<PCollectionTuple, PDone> {
  private static final long serialVersionUID = 1;

  /** Finished documents. */
  public static final TupleTag<Document> DOCUMENTS =
      new TupleTag<>("documents") {
        private static final long serialVersionUID = 1;
      };

  /** Rejections of every step. */
  public static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  private final String journal;

  private WriteEnriched(String journal) {
    this.journal = journal;
  }

  /** Writes to this session. */
  public static WriteEnriched to(OutputSession session) {
    return new WriteEnriched(session.journal().toString());
  }

  /** Writes these two to this session. */
  public static PDone write(
      OutputSession session, PCollection<Document> documents, PCollection<Rejected> rejected) {
    return PCollectionTuple.of(DOCUMENTS, documents)
        .and(REJECTED, rejected)
        .apply("WriteEnriched", to(session));
  }

  @Override
  public PDone expand(PCollectionTuple input) {
    input.get(DOCUMENTS).apply("Documents", ParDo.of(new WriteDocuments(journal)));
    input.get(REJECTED).apply("Rejected", ParDo.of(new WriteRejected(journal)));
    return PDone.in(input.getPipeline());
  }

  /** Holds one segment open for the life of a worker's copy of the function. */
  abstract static class Append<T, R> extends DoFn<T, R> {
    private static final long serialVersionUID = 1;

    private final String journal;
    private transient Journal.@Nullable Writer writer;

    Append(String journal) {
      this.journal = journal;
    }

    Journal.Writer writer() {
      Journal.Writer open = writer;
      if (open == null) {
        open = new Journal.Writer(Path.of(journal));
        writer = open;
      }
      return open;
    }

    @Teardown
    public void close() throws IOException {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }
  }

  private static final class WriteDocuments extends Append<Document, Void> {
    private static final long serialVersionUID = 1;

    private final Counter written = Metrics.counter(WriteEnriched.class, "documents_written");

    WriteDocuments(String journal) {
      super(journal);
    }

    @ProcessElement
    public void write(@Element Document document) throws IOException {
      writer().document(document);
      written.inc();
    }
  }

  private static final class WriteRejected extends Append<Rejected, Void> {
    private static final long serialVersionUID = 1;

    private final Counter written = Metrics.counter(WriteEnriched.class, "rejected_written");

    WriteRejected(String journal) {
      super(journal);
    }

    @ProcessElement
    public void write(@Element Rejected rejected) throws IOException {
      writer().rejected(rejected);
      written.inc();
    }
  }

  /** Notes inputs, so that a later run knows containers whose entries are all done. */
  static final class WriteInputs extends Append<Document, Void> {
    private static final long serialVersionUID = 1;

    WriteInputs(String journal) {
      super(journal);
    }

    @ProcessElement
    public void write(@Element Document document) throws IOException {
      if (!Sources.isRow(document.provenance().source())) {
        writer().input(document);
      }
    }
  }
}
