package dev.dragoman.connectors.files;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The files behind paths, each as soon as it is complete; one reader looks for all workers. */
final class WatchedFiles extends UnboundedSource<FileList.Found, SeenFiles> {
  private static final long serialVersionUID = 1;

  private final List<String> paths;
  private final List<String> except;
  private final Duration every;
  private final Duration settle;

  WatchedFiles(List<String> paths, List<String> except, Duration every, Duration settle) {
    this.paths = List.copyOf(paths);
    this.except = List.copyOf(except);
    this.every = every;
    this.settle = settle;
  }

  List<String> paths() {
    return paths;
  }

  List<Path> except() {
    return except.stream().map(Path::of).toList();
  }

  Duration every() {
    return every;
  }

  Duration settle() {
    return settle;
  }

  @Override
  public List<WatchedFiles> split(int desired, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public WatchedFilesReader createReader(PipelineOptions options, @Nullable SeenFiles seen) {
    return new WatchedFilesReader(this, seen == null ? SeenFiles.none() : seen, Clock.systemUTC());
  }

  @Override
  public Coder<SeenFiles> getCheckpointMarkCoder() {
    return new SeenFilesCoder();
  }

  @Override
  public Coder<FileList.Found> getOutputCoder() {
    return SerializableCoder.of(FileList.Found.class);
  }
}
