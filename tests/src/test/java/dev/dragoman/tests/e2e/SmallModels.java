package dev.dragoman.tests.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The small random checkpoints that the engine's own tests come with. */
final class SmallModels {
  private static final Path ALL =
      Cli.repository().resolve("models/src/test/resources/dev/dragoman/models");

  private SmallModels() {}

  /** A folder or file among them. */
  static Path at(String path) {
    return ALL.resolve(path);
  }

  /** One that is kept as an archive, unpacked. */
  static Path unzip(String path, Path into) throws IOException {
    try (InputStream in = Files.newInputStream(at(path));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = into.resolve(entry.getName());
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, zip.readAllBytes());
      }
    }
    return into;
  }
}
