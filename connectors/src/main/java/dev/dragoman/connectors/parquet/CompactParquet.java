package dev.dragoman.connectors.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Makes one file of the many small ones that a stream wrote in a day of event time.
 *
 * <p>The rows are written to a hidden file; a list of the files it stands for is laid beside it;
 * one rename makes it visible, and only then are the small files deleted. Our own readers go by the
 * list and see every row once at every moment. A plain {@code *.parquet} glob of others sees the
 * rows of a day twice for the moment between the rename and the deletion, or, if the compaction is
 * killed right there, until the next one. Killed at any point, the next compaction takes back or
 * finishes what this one began. A reader that opened the small files before keeps what it has open.
 */
public final class CompactParquet {
  private static final String LOCK = ".compacting";
  private static final String HIDDEN = ".compacted-";

  /** The day that a window begins in, and the window, as they stand in names. */
  private static final Pattern WINDOWED = Pattern.compile("(\\d{8})T\\d{6}Z-\\d{8}T\\d{6}Z-.*");

  private static final Schema DONE =
      Schema.builder().addInt32Field("files").addInt32Field("into").build();

  private CompactParquet() {}

  /** The configuration. */
  @OperatorInfo(
      name = "CompactParquet",
      version = "1",
      summary = "Makes one file of the many small ones of a day in the folder of a stream.",
      details =
          "Runs as a batch recipe of its own, while the stream goes on. Killed at any point, it is"
              + " simply run again. 'dragoman sql' sees every row once at every moment; other"
              + " readers of *.parquet see a day's rows twice for the moment in which its small"
              + " files are deleted.")
  public record Config(
      @Param("The folder of the stream.") String path,
      @Param(
              value =
                  "How long ago the last file of a day must have been written. Longer than the age"
                      + " of any savepoint that may still be restored.",
              fallback = "\"1d\"")
          Duration untouched)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      path = Path.of(path).toAbsolutePath().normalize().toString();
    }
  }

  /** Compacts the folder once and answers one row: how many files are gone, into how many. */
  public static PTransform<PBegin, PCollection<Row>> of(Config config) {
    return PTransform.compose(
        "CompactParquet",
        begin ->
            begin
                .apply("Folder", Create.of(config.path()))
                .apply("Compact", ParDo.of(new Compact(config.untouched())))
                .setRowSchema(DONE));
  }

  private static final class Compact extends DoFn<String, Row> {
    private static final long serialVersionUID = 1;

    private final Duration untouched;

    Compact(Duration untouched) {
      this.untouched = untouched;
    }

    @ProcessElement
    public void process(@Element String folder, OutputReceiver<Row> out) throws IOException {
      Result result = run(Path.of(folder), untouched);
      out.output(Row.withSchema(DONE).addValues(result.files, result.into).build());
    }
  }

  /**
   * What was done.
   *
   * @param files that are gone
   * @param into that took their place
   */
  public record Result(int files, int into) {}

  /**
   * Compacts the tables of a folder.
   *
   * @param untouched how long ago the last file of a day must have been written; longer than the
   *     oldest savepoint that may still be restored
   * @throws UsageException if no stream writes to the folder, or somebody compacts it already
   */
  public static Result run(Path folder, Duration untouched) throws IOException {
    if (StreamMarker.read(folder) == null) {
      throw new UsageException(
          folder + " is not the folder of a stream (there is no " + StreamMarker.FILE + " in it)");
    }
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel, folder)) {
      Instant before = Instant.now().minus(untouched);
      int files = 0;
      int into = 0;
      for (String table : TableReader.tables(folder).keySet()) {
        Path place = folder.resolve(table);
        settle(place);
        for (Map.Entry<String, List<Path>> day : days(place).entrySet()) {
          if (day.getValue().size() > 1 && untouchedSince(day.getValue(), before)) {
            compact(place, day.getKey(), day.getValue());
            files += day.getValue().size();
            into++;
          }
        }
      }
      return new Result(files, into);
    }
  }

  private static FileLock lock(FileChannel channel, Path folder) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null;
    }
    if (lock == null) {
      throw new UsageException(folder + " is being compacted already");
    }
    return lock;
  }

  /** Finishes or takes back what a compaction that was killed had begun. */
  private static void settle(Path place) throws IOException {
    try (Stream<Path> left = Files.list(place)) {
      for (Path file : (Iterable<Path>) left::iterator) {
        if (file.getFileName().toString().startsWith(HIDDEN)) {
          Files.deleteIfExists(file);
        }
      }
    }
    Set<String> names = Replaced.names(place);
    for (Map.Entry<String, Set<String>> list : Replaced.lists(place, names).entrySet()) {
      if (!names.contains(list.getKey())) {
        Files.deleteIfExists(place.resolve(Replaced.LIST + list.getKey()));
        continue;
      }
      for (String name : list.getValue()) {
        Files.deleteIfExists(place.resolve(name));
      }
    }
  }

  private static Map<String, List<Path>> days(Path place) throws IOException {
    Map<String, List<Path>> days = new TreeMap<>();
    for (Path file : Replaced.visible(place)) {
      Matcher name = WINDOWED.matcher(file.getFileName().toString());
      if (name.matches()) {
        days.computeIfAbsent(name.group(1), _ -> new ArrayList<>()).add(file);
      }
    }
    return days;
  }

  private static boolean untouchedSince(List<Path> files, Instant before) throws IOException {
    for (Path file : files) {
      if (!Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        return false;
      }
    }
    return true;
  }

  private static void compact(Path place, String day, List<Path> files) throws IOException {
    List<String> names = files.stream().map(file -> file.getFileName().toString()).toList();
    String digest = Sha256.of(String.join("\n", names).getBytes(UTF_8)).hex().substring(0, 10);
    String name = "%sT000000Z-%sT240000Z-day-%s.parquet".formatted(day, day, digest);
    Path hidden = place.resolve(HIDDEN + digest);
    Map<String, Set<String>> lists = Replaced.lists(place, Replaced.names(place));
    Set<String> listed = new TreeSet<>(names);
    names.forEach(old -> listed.addAll(lists.getOrDefault(old, Set.of())));
    copy(files, hidden);
    StreamFolder.write(
        place.resolve(Replaced.LIST + name), String.join("\n", listed).getBytes(UTF_8));
    Files.move(hidden, place.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    StreamFolder.force(place);
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static void copy(List<Path> files, Path to) throws IOException {
    MessageType schema = null;
    for (Path file : files) {
      try (ParquetFileReader reader =
          ParquetFileReader.open(
              new LocalInputFile(file),
              ParquetReadOptions.builder(ParquetSettings.defaults()).build())) {
        MessageType its = reader.getFileMetaData().getSchema();
        schema = schema == null ? its : schema.union(its);
      }
    }
    if (schema == null) {
      throw new IllegalArgumentException("no files");
    }
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(to))
            .withConf(ParquetSettings.defaults())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (Path file : files) {
        ParquetConfiguration conf = ParquetSettings.defaults();
        conf.set(ReadSupport.PARQUET_READ_SCHEMA, schema.toString());
        try (ParquetReader<Group> reader = TableReader.reader(file, conf)) {
          for (Group row = reader.read(); row != null; row = reader.read()) {
            writer.write(row);
          }
        }
      }
    }
    StreamFolder.force(to);
  }
}
