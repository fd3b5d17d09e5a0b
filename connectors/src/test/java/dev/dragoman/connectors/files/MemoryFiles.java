package dev.dragoman.connectors.files;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;

/** A file system of another scheme than {@code file}: {@code mem://bucket/name}. */
public final class MemoryFiles extends FileSystem<MemoryFiles.Id> {
  private static final Map<String, byte[]> FILES = new ConcurrentSkipListMap<>();

  static void put(String address, byte[] bytes) {
    FILES.put(address, bytes);
  }

  /** An address. */
  public record Id(String address) implements ResourceId {
    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new Id(address + other);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new Id(address.substring(0, address.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return "mem";
    }

    @Override
    public String getFilename() {
      return address.substring(address.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return address.endsWith("/");
    }

    @Override
    public String toString() {
      return address;
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    return specs.stream().map(MemoryFiles::match).toList();
  }

  private static MatchResult match(String spec) {
    PathMatcher matcher =
        FileSystems.getDefault().getPathMatcher("glob:" + spec.replace("//", "/"));
    List<MatchResult.Metadata> found =
        FILES.entrySet().stream()
            .filter(file -> matcher.matches(Path.of(file.getKey())))
            .map(file ->
                MatchResult.Metadata.builder()
                    .setResourceId(new Id(file.getKey()))
                    .setSizeBytes(file.getValue().length)
                    .setIsReadSeekEfficient(false)
                    .build())
            .toList();
    return found.isEmpty()
        ? MatchResult.create(MatchResult.Status.NOT_FOUND, new FileNotFoundException(spec))
        : MatchResult.create(MatchResult.Status.OK, found);
  }

  @Override
  protected ReadableByteChannel open(Id id) throws IOException {
    byte[] bytes = FILES.get(id.address());
    if (bytes == null) {
      throw new FileNotFoundException(id.address());
    }
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  @Override
  protected WritableByteChannel create(Id id, CreateOptions options) {
    throw new UnsupportedOperationException("only read in these tests");
  }

  @Override
  protected void copy(List<Id> from, List<Id> to) {
    throw new UnsupportedOperationException("only read in these tests");
  }

  @Override
  protected void rename(List<Id> from, List<Id> to, org.apache.beam.sdk.io.fs.MoveOptions... o) {
    throw new UnsupportedOperationException("only read in these tests");
  }

  @Override
  protected void delete(Collection<Id> ids) {
    throw new UnsupportedOperationException("only read in these tests");
  }

  @Override
  protected Id matchNewResource(String address, boolean isDirectory) {
    return new Id(address);
  }

  @Override
  protected String getScheme() {
    return "mem";
  }

  /** Tells Beam. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new MemoryFiles());
    }
  }
}
