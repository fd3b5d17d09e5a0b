package dev.dragoman.connectors.run;

import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Stands before a step that waits for all documents. What reaches it is noted in the journal; a run
 * that goes on after a killed one gets from here what that one had brought so far, so that nothing
 * before the waiting step is paid for twice. {@link SkipDone#finished} belongs behind that step.
 */
public final class Checkpoint extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  private final String journal;
  private final List<String> adopted;

  private Checkpoint(String journal, List<String> adopted) {
    this.journal = journal;
    this.adopted = adopted;
  }

  /**
   * A checkpoint of this session.
   *
   * @throws IOException if what a killed run left cannot be listed
   */
  public static Checkpoint of(OutputSession session) throws IOException {
    return new Checkpoint(
        session.journal().toString(),
        Journal.segmentFiles(session.adopted()).stream().map(Path::toString).toList());
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> input) {
    PCollection<Document> fresh =
        input.apply("Note", ParDo.of(new Note(journal))).setCoder(input.getCoder());
    PCollection<Document> before =
        PBegin.in(input.getPipeline())
            .apply("Left", Create.of(adopted).withCoder(StringUtf8Coder.of()))
            .apply("Spread", Reshuffle.viaRandomKey())
            .apply("Read", ParDo.of(new ReadSegment()))
            .setCoder(input.getCoder());
    return PCollectionList.of(fresh).and(before).apply("Both", Flatten.pCollections());
  }

  private static final class Note extends WriteEnriched.Append<Document, Document> {
    private static final long serialVersionUID = 1;

    Note(String journal) {
      super(journal);
    }

    @ProcessElement
    public void note(@Element Document document, OutputReceiver<Document> out) throws IOException {
      writer().checkpoint(document);
      out.output(document);
    }
  }

  private static final class ReadSegment extends DoFn<String, Document> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void read(@Element String segment, OutputReceiver<Document> out) throws IOException {
      try (Journal journal = Journal.openSegment(Path.of(segment))) {
        for (Journal.Entry entry : journal.entries()) {
          if (entry.kind() == Journal.Kind.CHECKPOINT) {
            out.output(journal.document(entry));
          }
        }
      }
    }
  }
}
