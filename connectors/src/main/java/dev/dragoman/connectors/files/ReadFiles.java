package dev.dragoman.connectors.files;

import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.net.URI;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The source: a document a file, or a document a row for files named {@code .csv}, {@code .tsv},
 * {@code .jsonl}, {@code .ndjson} (and the same with {@code .gz}).
 *
 * <p>A file stays where it is: its document holds a reference with length and digest, and its media
 * type is {@link #UNKNOWN} until something has looked. What cannot be read, and rows that are
 * broken, leave through {@link #REJECTED}.
 */
public final class ReadFiles extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The step's name in recipes and rejections. */
  public static final String NAME = "ReadFiles";

  /** Of its behaviour. */
  public static final String VERSION = "1";

  /** The media type of a file nobody has looked into. */
  public static final String UNKNOWN = "application/octet-stream";

  /** What was read. */
  public static final TupleTag<Document> DOCUMENTS =
      new TupleTag<>("documents") {
        private static final long serialVersionUID = 1;
      };

  /** What could not be read. */
  public static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  private final String step;
  private final FileList files;
  private final RowMapping columns;

  private ReadFiles(String step, FileList files, RowMapping columns) {
    this.step = step;
    this.files = files;
    this.columns = columns;
  }

  /**
   * Reads these files, guessing the columns of tables.
   *
   * @param step its name in metrics
   */
  public static ReadFiles of(String step, FileList files) {
    return new ReadFiles(step, files, RowMapping.guessed());
  }

  /** The same with other columns for tables. */
  public ReadFiles withColumns(RowMapping mapping) {
    return new ReadFiles(step, files, mapping);
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    return read(
        input.apply(
            "Files",
            Create.of(files.files()).withCoder(SerializableCoder.of(FileList.Found.class))),
        step,
        columns);
  }

  /** Reads the files of a collection, spread over the workers. */
  static PCollectionTuple read(PCollection<FileList.Found> files, String step, RowMapping columns) {
    PCollectionTuple read =
        files
            .apply("SpreadFiles", Reshuffle.viaRandomKey())
            .apply(
                "Read",
                ParDo.of(new Read(step, columns))
                    .withOutputTags(DOCUMENTS, TupleTagList.of(REJECTED)));
    return PCollectionTuple.of(
            DOCUMENTS,
            read.get(DOCUMENTS)
                .setCoder(DocumentCoder.of())
                .apply("SpreadDocuments", Reshuffle.viaRandomKey()))
        .and(REJECTED, read.get(REJECTED).setCoder(RejectedCoder.of()));
  }

  /** The document of a file that could not be read: its id is that of nothing at its address. */
  static Rejected unreadable(URI uri, String reason) {
    Document document =
        Document.ofFile(
            uri,
            UNKNOWN,
            0,
            Sha256.of(new byte[0]),
            new Content.Reference(uri, 0, Sha256.of(new byte[0])));
    return reject(
        document,
        RejectionCode.UNREADABLE,
        "cannot be read: " + reason + "; see that it is there and may be read, then replay it");
  }

  static Rejected reject(Document document, RejectionCode code, String message) {
    return new Rejected(document, new Failure(code, NAME, message, 1));
  }

  private static final class Read extends DoFn<FileList.Found, Document> {
    private static final long serialVersionUID = 1;

    private final RowMapping columns;
    private final Counter in;
    private final Counter out;

    Read(String step, RowMapping columns) {
      this.in = MetricNames.counter(step, MetricNames.DOCUMENTS_IN);
      this.out = MetricNames.counter(step, MetricNames.DOCUMENTS_OUT);
      this.columns = columns;
    }

    @ProcessElement
    public void read(@Element FileList.Found found, MultiOutputReceiver outputs) {
      if (!found.problem().isEmpty()) {
        reject(unreadable(found.uri(), found.problem()), outputs);
        return;
      }
      try {
        if (RowReader.isTable(found.uri())) {
          RowReader.read(
              found.uri(),
              columns,
              new RowReader.Output() {
                @Override
                public void row(Document document) {
                  accept(document, outputs);
                }

                @Override
                public void rejected(Rejected rejected) {
                  reject(rejected, outputs);
                }
              });
        } else {
          accept(file(found.uri()), outputs);
        }
      } catch (IOException e) {
        reject(unreadable(found.uri(), FileList.reason(e)), outputs);
      }
    }

    private void accept(Document document, MultiOutputReceiver outputs) {
      in.inc();
      out.inc();
      outputs.get(DOCUMENTS).output(document);
    }

    private void reject(Rejected rejected, MultiOutputReceiver outputs) {
      in.inc();
      outputs.get(REJECTED).output(rejected);
    }
  }

  static Document file(URI uri) throws IOException {
    Content.Reference reference = RemoteFiles.reference(uri);
    return Document.ofFile(uri, UNKNOWN, reference.length(), reference.sha256(), reference);
  }
}
