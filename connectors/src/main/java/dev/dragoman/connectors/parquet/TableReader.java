package dev.dragoman.connectors.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Reads some columns of a table row by row, file by file in the order of their names. */
public final class TableReader implements Closeable {
  private final Queue<Path> files;
  private final MessageType columns;
  private @Nullable ParquetReader<Group> current;

  /**
   * A row: the columns that were asked for.
   *
   * @param group as Parquet gives it
   */
  public record Row(Group group) {
    /** A text column; empty where it is null. */
    public String text(String column) {
      return isNull(column) ? "" : group.getString(column, 0);
    }

    /** A whole number; 0 where it is null. */
    public int integer(String column) {
      return isNull(column) ? 0 : group.getInteger(column, 0);
    }

    /** A long whole number; 0 where it is null. */
    public long bigint(String column) {
      return isNull(column) ? 0 : group.getLong(column, 0);
    }

    /** Bytes; none where it is null. */
    public byte[] bytes(String column) {
      return isNull(column) ? new byte[0] : group.getBinary(column, 0).getBytes();
    }

    private boolean isNull(String column) {
      return group.getFieldRepetitionCount(column) == 0;
    }
  }

  /**
   * Opens a table.
   *
   * @param folder of the output; the table may be absent and then has no rows
   */
  public TableReader(Path folder, Table table, String... columns) throws IOException {
    files = new ArrayDeque<>(files(folder, table));
    this.columns =
        new MessageType(
            table.folder(),
            Arrays.stream(columns).map(name -> table.schema().getType(name)).toList());
  }

  /** The files of a table, in the order of their names. */
  public static List<Path> files(Path folder, Table table) throws IOException {
    return Replaced.visible(folder.resolve(table.folder()));
  }

  /** The files of every table that has any, those of rows included, by the tables' names. */
  public static SortedMap<String, List<Path>> tables(Path folder) throws IOException {
    SortedMap<String, List<Path>> tables = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path place : (Iterable<Path>) list::iterator) {
        String name = place.getFileName().toString();
        List<Path> files = WriteParquet.isTable(name) ? Replaced.visible(place) : List.of();
        if (!files.isEmpty()) {
          tables.put(name, files);
        }
      }
    }
    return tables;
  }

  /** How many rows a file has, from its footer. */
  public static long rows(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(file),
            ParquetReadOptions.builder(ParquetSettings.defaults()).build())) {
      return reader.getRecordCount();
    }
  }

  /** The next row, or null after the last. */
  public @Nullable Row next() throws IOException {
    while (true) {
      if (current == null) {
        Path file = files.poll();
        if (file == null) {
          return null;
        }
        current = open(file);
      }
      Group group = current.read();
      if (group != null) {
        return new Row(group);
      }
      current.close();
      current = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }

  private ParquetReader<Group> open(Path file) throws IOException {
    ParquetConfiguration conf = ParquetSettings.defaults();
    conf.set(ReadSupport.PARQUET_READ_SCHEMA, columns.toString());
    return reader(file, conf);
  }

  static ParquetReader<Group> reader(Path file, ParquetConfiguration conf) throws IOException {
    return new Builder(new LocalInputFile(file), conf).build();
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file, ParquetConfiguration conf) {
      super(file, conf);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
