package dev.dragoman.jobs;

import dev.dragoman.models.vision.Pixels;
import dev.dragoman.multimodal.image.PictureFile;
import dev.dragoman.multimodal.image.PictureLimits;
import dev.dragoman.multimodal.worker.ServiceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The pictures that a verb is given: named by a flag, or one a line. */
final class PictureInput {
  /** Pictures that are looked at together. */
  private static final int PICTURES = 16;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Take this picture instead of lines; can be given several times.")
  private List<Path> files = new ArrayList<>();

  /** Whether pictures are named by the flag. */
  boolean given() {
    return !files.isEmpty();
  }

  /**
   * Opens the pictures, some at a time: those of the flag, or of lines that are paths.
   *
   * @throws UserException if one cannot be read
   */
  void read(ModelCommand.LineOptions options, Consumer<List<Pixels>> use) throws IOException {
    List<Pixels> batch = new ArrayList<>();
    if (given()) {
      for (Path file : files) {
        add(file, batch, use);
      }
    } else {
      try (BufferedReader lines = options.lines()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.isBlank()) {
            add(Path.of(line.strip()), batch, use);
          }
        }
      }
    }
    if (!batch.isEmpty()) {
      use.accept(batch);
    }
  }

  private static void add(Path file, List<Pixels> batch, Consumer<List<Pixels>> use)
      throws IOException {
    batch.add(picture(file));
    if (batch.size() == PICTURES) {
      use.accept(List.copyOf(batch));
      batch.clear();
    }
  }

  private static Pixels picture(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new UserException("there is no readable picture '" + file + "'");
    }
    try {
      return Pixels.of(PictureFile.open(file, PictureLimits.DEFAULT).page(1));
    } catch (ServiceException e) {
      throw new UserException(file + ": " + e.getMessage(), e);
    }
  }
}
