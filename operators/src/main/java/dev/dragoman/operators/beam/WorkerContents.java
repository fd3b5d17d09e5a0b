package dev.dragoman.operators.beam;

import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.record.Content;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.io.FileSystems;

/** Opens references: files on this machine directly, all others through Beam's file systems. */
final class WorkerContents implements OperatorContext.Contents {
  private final boolean offline;

  WorkerContents(boolean offline) {
    this.offline = offline;
  }

  @Override
  public InputStream open(Content.Reference reference) throws IOException {
    URI uri = reference.uri();
    try {
      if ("file".equalsIgnoreCase(uri.getScheme())) {
        return Files.newInputStream(Path.of(uri));
      }
      if (offline) {
        throw new IOException(uri + " is not on this machine, and connections are switched off");
      }
      return Channels.newInputStream(
          FileSystems.open(FileSystems.matchNewResource(Content.address(uri), false)));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new IOException("cannot open " + uri + ": " + e.getMessage(), e);
    }
  }
}
