package dev.dragoman.connectors.parquet;

import static java.util.Objects.requireNonNull;

import dev.dragoman.connectors.StableInput;
import dev.dragoman.connectors.Tally;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The sink of streams, and of batch runs that add to a folder: Parquet files by window of event
 * time, each of which becomes visible once, whole. The package's description tells how.
 */
public final class WriteParquet {
  /** Its {@code type} in a recipe. */
  public static final String NAME = "WriteParquet";

  private static final Pattern TABLE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private WriteParquet() {}

  /** Whether a table may be called so. */
  static boolean isTable(String name) {
    return TABLE.matcher(name).matches();
  }

  /** The configuration. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Writes Parquet files by window of event time, each exactly once.",
      details =
          "Documents fill the tables documents, chunks and annotations under the path; rows of an"
              + " analysis fill a table of their own. In a stream, files become visible with the"
              + " checkpoint after their window has ended; a late document goes into one more file"
              + " of its window. The folder must be one that every worker can write.")
  public record Config(
      @Param("The folder, which every worker must be able to write.") String path,
      @Param(
              value = "The length of the windows of event time: a file holds rows of one window.",
              fallback = "\"1m\"")
          Duration window,
      @Param(
              value = "How many writers work at the same time, each with files of its own.",
              fallback = "2")
          int shards,
      @Param(
              value =
                  "The table, which is a folder under the path, that rows go into. Documents have"
                      + " tables of their own.",
              fallback = "\"\"")
          String table,
      @Param(
              value =
                  "How long something may wait to be written when its window does not end: the"
                      + " source is idle, or the time of a document lies far ahead.",
              fallback = "\"5m\"")
          Duration maxDelay,
      @Param(value = "The most rows gathered for a file.", fallback = "50000") int maxRows,
      @Param(
              value = "The most bytes gathered for a file, before they are compressed.",
              fallback = "16000000")
          long maxBytes)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (path.isBlank()) {
        throw new ConfigException("path", NAME + ".path is empty; name the folder to write to");
      }
      if (path.contains("://")) {
        throw new ConfigException(
            "path",
            NAME
                + ".path must be a folder on a disk that every worker can write, not '"
                + path
                + "'");
      }
      try {
        path = Path.of(path).toAbsolutePath().normalize().toString();
      } catch (InvalidPathException e) {
        throw new ConfigException("path", NAME + ".path is no path: " + e.getMessage());
      }
      if (window.toMillis() < 1000 || window.toMillis() % 1000 != 0) {
        throw new ConfigException(
            "window", NAME + ".window must be whole seconds, at least 1s, not " + window);
      }
      if (shards < 1 || shards > 1024) {
        throw new ConfigException("shards", NAME + ".shards must be from 1 to 1024, not " + shards);
      }
      if (!table.isEmpty() && !isTable(table)) {
        throw new ConfigException(
            "table",
            NAME
                + ".table must be a name of small letters, digits and underscores, not '"
                + table
                + "'");
      }
      if (maxDelay.toMillis() < 100) {
        throw new ConfigException(
            "max_delay", NAME + ".max_delay must be at least 100ms, not " + maxDelay);
      }
      if (maxRows < 1) {
        throw new ConfigException("max_rows", NAME + ".max_rows must be at least 1");
      }
      if (maxBytes < 1 || maxBytes > 256_000_000) {
        throw new ConfigException(
            "max_bytes", NAME + ".max_bytes must be from 1 to 256000000, not " + maxBytes);
      }
    }

    private Config forRows() {
      if (table.isEmpty()) {
        throw new ConfigException(
            "table", NAME + " needs 'table' when it writes rows: the name of their table");
      }
      for (Table taken : Table.values()) {
        if (taken.folder().equals(table)) {
          throw new ConfigException(
              "table",
              NAME + ".table '" + table + "' is a table of documents; give the rows another");
        }
      }
      return this;
    }
  }

  /**
   * Writes documents into the tables {@code documents}, {@code chunks} and {@code annotations}.
   *
   * @param step its name in metrics
   * @param recipeDigest goes into every row of {@code documents}
   * @return nothing is refused: an empty collection, in the global window
   */
  public static PTransform<PCollection<Document>, PCollection<Rejected>> documents(
      String step, Config config, String recipeDigest) {
    return PTransform.compose(
        NAME,
        documents -> {
          StreamMarker marker = new StreamMarker(StreamMarker.FORMAT, recipeDigest);
          return write(documents, step, new TableFiles.OfDocuments(recipeDigest), config, marker)
              .apply("Rejected", ParDo.of(new Nothing()))
              .setCoder(RejectedCoder.of());
        });
  }

  /**
   * Writes rejections into the table {@code rejected}.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Rejected>, PDone> rejected(String step, Config config) {
    return PTransform.compose(
        NAME,
        rejected -> {
          write(rejected, step, new TableFiles.OfRejected(), config, StreamMarker.ANY);
          return PDone.in(rejected.getPipeline());
        });
  }

  /**
   * Writes rows of any schema into the table that the configuration names.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Row>, PDone> rows(String step, Config config) {
    Config ofRows = config.forRows();
    return PTransform.compose(
        NAME,
        rows -> {
          Schema schema = requireNonNull(rows.getSchema(), "no schema");
          write(
              rows, step, new TableFiles.OfRows(ofRows.table(), schema), ofRows, StreamMarker.ANY);
          return PDone.in(rows.getPipeline());
        });
  }

  private static <T> PCollection<Void> write(
      PCollection<T> elements,
      String step,
      TableFiles<T> tables,
      Config config,
      StreamMarker marker) {
    boolean streaming =
        elements.isBounded() == IsBounded.UNBOUNDED
            || elements.getPipeline().getOptions().as(StreamingOptions.class).isStreaming();
    if (streaming) {
      StableInput.require(elements.getPipeline().getOptions());
    }
    return elements
        .apply("Shard", ParDo.of(new Shard<>(tables, config.shards())))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
        .apply("Unwindow", Window.into(new GlobalWindows()))
        .apply("Gather", ParDo.of(new GatherFiles<>(tables, GatherFiles.newRun(), config)))
        .setCoder(new FileSet.FileSetCoder())
        .apply(
            "Commit",
            ParDo.of(
                streaming
                    ? new CommitFiles.Stable(step, config.path(), tables, marker)
                    : new CommitFiles.Repeated(step, config.path(), tables, marker)))
        .setCoder(Tally.inputCoder())
        .apply("Tally", ParDo.of(new Tally()));
  }

  private static final class Shard<T> extends DoFn<T, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final TableFiles<T> tables;
    private final int shards;

    Shard(TableFiles<T> tables, int shards) {
      this.tables = tables;
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<KV<Integer, byte[]>> out)
        throws CoderException {
      byte[] encoded = CoderUtils.encodeToByteArray(tables.coder(), element);
      int hash = tables.hash(element, encoded);
      out.output(KV.of(Math.floorMod(hash * 0x9E3779B9 >>> 8, shards), encoded));
    }

    @Override
    public TypeDescriptor<KV<Integer, byte[]>> getOutputTypeDescriptor() {
      return new TypeDescriptor<>() {};
    }
  }

  /** Answers nothing, as rejections. */
  private static final class Nothing extends DoFn<Void, Rejected> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process() {
      // Parquet refuses no document.
    }
  }
}
