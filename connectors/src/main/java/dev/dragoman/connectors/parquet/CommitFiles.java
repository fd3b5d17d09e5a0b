package dev.dragoman.connectors.parquet;

import dev.dragoman.connectors.parquet.TableFiles.TableFile;
import dev.dragoman.operators.metrics.MetricNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Writes file sets into the folder. */
abstract class CommitFiles extends DoFn<FileSet, KV<String, Long>> {
  private static final long serialVersionUID = 1;

  private final String step;
  private final String folder;
  private final TableFiles<?> tables;
  private final String marker;
  private transient @Nullable StreamFolder open;

  CommitFiles(String step, String folder, TableFiles<?> tables, StreamMarker marker) {
    this.step = step;
    this.folder = folder;
    this.tables = tables;
    this.marker = marker.toJson();
  }

  @Setup
  public void open() throws IOException {
    // Whoever reads before the first window has ended finds tables without rows.
    List<TableFile> empty = tables.files(List.of(), true);
    StreamFolder to =
        new StreamFolder(Path.of(folder), empty.stream().map(TableFile::table).toList());
    for (TableFile file : empty) {
      StreamFolder.addIfAbsent(Path.of(folder, file.table(), "empty.parquet"), file.bytes());
    }
    StreamMarker.put(Path.of(folder), marker);
    open = to;
  }

  void commit(FileSet set, OutputReceiver<KV<String, Long>> out) throws IOException {
    StreamFolder to = open;
    if (to == null) {
      throw new IllegalStateException("the function was not set up");
    }
    to.commit(set);
    out.output(KV.of(MetricNames.name(step, "files_committed"), (long) set.files().size()));
  }

  /**
   * For streams: a file set arrives when a checkpoint holds it, and arrives again, the same, after
   * every restart from that checkpoint.
   */
  static final class Stable extends CommitFiles {
    private static final long serialVersionUID = 1;

    Stable(String step, String folder, TableFiles<?> tables, StreamMarker marker) {
      super(step, folder, tables, marker);
    }

    @RequiresStableInput
    @ProcessElement
    public void process(@Element FileSet set, OutputReceiver<KV<String, Long>> out)
        throws IOException {
      commit(set, out);
    }
  }

  /** For batch runs: what is tried again is a whole run, which writes all its numbers again. */
  static final class Repeated extends CommitFiles {
    private static final long serialVersionUID = 1;

    Repeated(String step, String folder, TableFiles<?> tables, StreamMarker marker) {
      super(step, folder, tables, marker);
    }

    @ProcessElement
    public void process(@Element FileSet set, OutputReceiver<KV<String, Long>> out)
        throws IOException {
      commit(set, out);
    }
  }
}
