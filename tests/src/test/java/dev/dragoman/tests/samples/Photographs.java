package dev.dragoman.tests.samples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Three photographs, scaled down; their origin and licences are in NOTICE. */
final class Photographs {
  private Photographs() {}

  static void write(Path originals, Path folder) throws IOException {
    Files.createDirectories(folder);
    small(originals.resolve("china.jpg"), 560, folder.resolve("china.jpg"));
    small(originals.resolve("flower.jpg"), 560, folder.resolve("flower.jpg"));
    small(originals.resolve("astronaut.png"), 400, folder.resolve("astronaut.jpg"));
  }

  private static void small(Path from, int width, Path to) throws IOException {
    BufferedImage image = ImageIO.read(from.toFile());
    Files.write(
        to, Pictures.jpeg(Pictures.scaled(image, width, BufferedImage.TYPE_INT_RGB), 0.8f, 72));
  }
}
