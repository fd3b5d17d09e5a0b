package dev.dragoman.tests.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the sample files: {@code MakeSamples FOLDER [PHOTOGRAPHS]}.
 *
 * <p>All but the sounds (which need espeak-ng) and the photographs (which need the originals in the
 * folder PHOTOGRAPHS: {@code china.jpg}, {@code flower.jpg}, {@code astronaut.png}) come out the
 * same each time.
 */
public final class MakeSamples {
  private MakeSamples() {}

  /** Writes everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 1 || arguments.length > 2) {
      System.err.println("usage: MakeSamples FOLDER [PHOTOGRAPHS]");
      System.exit(2);
    }
    Path root = Path.of(arguments[0]);
    writeReproducible(root);
    Sounds.write(root.resolve("calls"));
    if (arguments.length == 2) {
      Photographs.write(Path.of(arguments[1]), root.resolve("photos"));
    }
  }

  /** Writes what comes out the same each time; the encrypted PDF only in what it holds. */
  static void writeReproducible(Path root) throws IOException {
    Files.createDirectories(root);
    Scans.write(root.resolve("scans"));
    Documents.write(root.resolve("documents"));
    Mails.write(root.resolve("mail"));
    Tickets.write(root.resolve("tickets"));
    Broken.write(root.resolve("broken"));
  }
}
