package dev.dragoman.multimodal.ocr;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Hills, leaves and pebbles without a letter among them. */
final class Scenery {
  private Scenery() {}

  static BufferedImage picture(int width, int height, long seed) {
    Random random = new Random(seed);
    BufferedImage picture = Sheet.blank(width, height);
    Graphics2D g = picture.createGraphics();
    for (int i = 0; i < 1500; i++) {
      int size = 2 + random.nextInt(1 + 60 * (1500 - i) / 1500);
      g.setColor(new Color(random.nextInt(0x1000000)));
      g.fillOval(random.nextInt(width), random.nextInt(height), size, 2 + random.nextInt(size));
    }
    g.dispose();
    return picture;
  }
}
