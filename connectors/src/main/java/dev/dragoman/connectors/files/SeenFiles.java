package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Sha256;
import java.util.Set;
import org.apache.beam.sdk.io.UnboundedSource;

/** The files that have been handed on, as they were then. */
record SeenFiles(Set<Mark> files) implements UnboundedSource.CheckpointMark {
  SeenFiles {
    files = Set.copyOf(files);
  }

  static SeenFiles none() {
    return new SeenFiles(Set.of());
  }

  /** A file at an address, of a size, changed at a time: 128 bits of SHA-256 over them. */
  record Mark(long high, long low) {
    private static final int RADIX = 16;
    private static final int DIGITS = 16;

    static Mark of(FileList.Found file) {
      String state =
          file.uri() + "\0" + file.bytes() + "\0" + file.modified() + "\0" + file.problem();
      String hex = Sha256.of(state.getBytes(UTF_8)).hex();
      return new Mark(
          Long.parseUnsignedLong(hex.substring(0, DIGITS), RADIX),
          Long.parseUnsignedLong(hex.substring(DIGITS, 2 * DIGITS), RADIX));
    }
  }

  @Override
  public void finalizeCheckpoint() {
    // Nobody else has to know what was read.
  }
}
