package dev.dragoman.jobs;

import java.io.IOException;
import java.util.Collection;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkStateBackendFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.contrib.streaming.state.RocksDBOptionsFactory;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.util.DynamicCodeLoadingException;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;

/**
 * Keeps the state of streams in RocksDB, with checkpoints of what has changed.
 *
 * <p>It is also the only place between the making of Flink's environment, for which the runner
 * takes the option as the number of checkpoints that may overlap, and the translation of the graph,
 * for which it takes the same option as the number of buffers of steps that want stable input. The
 * first has to be one, or checkpoints that take long pile up; the second has to be larger than the
 * number of checkpoints that can fail one after the other, or what arrived after a checkpoint goes
 * out with it.
 */
public final class StreamBackend implements FlinkStateBackendFactory {
  /** How many checkpoints may fail one after the other before the job starts again. */
  static final int TOLERATED = 12;

  /** Of steps that want stable input: those that failed before a restart and after it. */
  private static final int BUFFERS = 2 * TOLERATED + 8;

  @Override
  public StateBackend createStateBackend(FlinkPipelineOptions options) {
    options.setNumConcurrentCheckpoints(BUFFERS);
    Configuration configuration = new Configuration();
    configuration.setString("state.backend.type", "rocksdb");
    configuration.setString("state.backend.incremental", "true");
    configuration.setString("state.backend.rocksdb.log.level", "WARN_LEVEL");
    try {
      StateBackend backend =
          StateBackendLoader.loadStateBackendFromConfig(
              configuration, StreamBackend.class.getClassLoader(), null);
      if (backend instanceof EmbeddedRocksDBStateBackend rocks) {
        rocks.setRocksDBOptions(new ShortManifest());
      }
      return backend;
    } catch (DynamicCodeLoadingException | IOException e) {
      throw new IllegalStateException("RocksDB is not on the class path", e);
    }
  }

  /**
   * RocksDB notes in its manifest what each checkpoint does to its files, and every checkpoint
   * copies the manifest whole: without a bound checkpoints grow for as long as the stream runs. A
   * full manifest is followed by one that tells only of the files that are there.
   */
  private static final class ShortManifest implements RocksDBOptionsFactory {
    private static final long serialVersionUID = 1;

    /** Tells of a thousand files. */
    private static final long BYTES = 128 << 10;

    @Override
    public DBOptions createDBOptions(DBOptions options, Collection<AutoCloseable> toClose) {
      return options.setMaxManifestFileSize(BYTES);
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(
        ColumnFamilyOptions options, Collection<AutoCloseable> toClose) {
      return options;
    }
  }

  /** Makes a stream use it; to be called when its graph is complete. */
  @SuppressWarnings("deprecation")
  static void install(FlinkPipelineOptions options) {
    options.setNumConcurrentCheckpoints(1);
    options.setStateBackendFactory(StreamBackend.class);
  }
}
