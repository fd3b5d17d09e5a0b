package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.jobs.StreamBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.contrib.streaming.state.RocksDBOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StreamBackendTest {
  private static final int CHECKPOINTS = 4_000;

  @TempDir private Path folder;

  @Test
  void whatACheckpointCopiesDoesNotGrowWithTheCheckpointsBeforeIt() throws Exception {
    var backend =
        (EmbeddedRocksDBStateBackend)
            new StreamBackend()
                .createStateBackend(PipelineOptionsFactory.as(FlinkPipelineOptions.class));
    RocksDBOptionsFactory factory = requireNonNull(backend.getRocksDBOptions());

    assertThat(manifestBytes(factory)).isBetween(1_000L, 200L << 10);
  }

  private long manifestBytes(RocksDBOptionsFactory factory) throws RocksDBException, IOException {
    RocksDB.loadLibrary();
    List<AutoCloseable> toClose = new ArrayList<>();
    List<ColumnFamilyHandle> columns = new ArrayList<>();
    try (DBOptions options =
            factory.createDBOptions(new DBOptions().setCreateIfMissing(true), toClose);
        ColumnFamilyOptions column =
            factory.createColumnOptions(new ColumnFamilyOptions(), toClose);
        FlushOptions flush = new FlushOptions();
        RocksDB db =
            RocksDB.open(
                options,
                folder.toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, column)),
                columns)) {
      for (int i = 0; i < CHECKPOINTS; i++) {
        db.put("key".getBytes(UTF_8), Integer.toString(i).getBytes(UTF_8));
        db.flush(flush);
      }
      columns.forEach(ColumnFamilyHandle::close);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
