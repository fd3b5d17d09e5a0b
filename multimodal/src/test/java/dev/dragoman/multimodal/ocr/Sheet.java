package dev.dragoman.multimodal.ocr;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * A drawn page: its picture, and each word with the box of its ink. The letters are Liberation Sans
 * out of PDFBox's jar, so that no font of the machine is needed.
 *
 * @param words in reading order; boxes on the upright page
 */
record Sheet(BufferedImage picture, List<Word> words) {
  static final String ENGLISH =
      "The quarterly report describes how the warehouse in Rotterdam handled more parcels than"
          + " ever before. Customers who ordered before noon received their goods on the next"
          + " working day, and only a few deliveries came back damaged. The engineers replaced two"
          + " conveyor belts during the summer holidays, which reduced the number of stoppages by"
          + " almost half. Please send your questions about these figures to the planning office"
          + " before the first of November.";

  static final String DUTCH =
      "De gemeente heeft uw aanvraag voor een vergunning ontvangen en zal deze binnen acht weken"
          + " behandelen. Wanneer er stukken ontbreken, krijgt u daarover een brief met het verzoek"
          + " om ze alsnog op te sturen. Tegen het besluit kunt u bezwaar maken bij het college van"
          + " burgemeester en wethouders. Vragen over de voortgang beantwoordt de medewerker van het"
          + " loket graag, zowel aan de balie als telefonisch op werkdagen.";

  private static final TrueTypeFont FONT = font();

  /** A word and where its ink is. */
  record Word(String text, Rectangle box) {}

  /** A4 at 300 dpi, one column, letters of 12 points. */
  static Sheet a4(String text) {
    return columns(2480, 3508, 50, List.of(text));
  }

  /** Side by side, one text a column, in letters of so many pixels to the em. */
  static Sheet columns(int width, int height, int em, List<String> texts) {
    BufferedImage picture = blank(width, height);
    List<Word> words = new ArrayList<>();
    int margin = width / 10;
    int gap = width / 12;
    int columnWidth = (width - 2 * margin - gap * (texts.size() - 1)) / texts.size();
    Graphics2D g = pen(picture);
    for (int c = 0; c < texts.size(); c++) {
      int left = margin + c * (columnWidth + gap);
      double x = left;
      double y = margin + em;
      for (String word : texts.get(c).split(" ", -1)) {
        double length = width(word, em);
        if (x > left && x + length > left + columnWidth) {
          x = left;
          y += 1.5 * em;
        }
        words.add(new Word(word, draw(g, word, x, y, em)));
        x += length + width(" ", em);
      }
    }
    g.dispose();
    return new Sheet(picture, words);
  }

  static BufferedImage blank(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    g.dispose();
    return picture;
  }

  String text() {
    return String.join(" ", words.stream().map(Word::text).toList());
  }

  /** The same page lying clockwise by 90, 180 or 270 degrees. */
  Sheet lying(int degrees) {
    int w = picture.getWidth();
    int h = picture.getHeight();
    boolean swapped = degrees % 180 != 0;
    AffineTransform turn = new AffineTransform();
    turn.translate((swapped ? h : w) / 2.0, (swapped ? w : h) / 2.0);
    turn.quadrantRotate(degrees / 90);
    turn.translate(-w / 2.0, -h / 2.0);
    return new Sheet(transformed(turn, swapped ? h : w, swapped ? w : h), words);
  }

  /** The same page turned clockwise by a few degrees on the scanner's glass. */
  Sheet skewed(double degrees) {
    AffineTransform turn =
        AffineTransform.getRotateInstance(
            Math.toRadians(degrees), picture.getWidth() / 2.0, picture.getHeight() / 2.0);
    return new Sheet(transformed(turn, picture.getWidth(), picture.getHeight()), words);
  }

  private BufferedImage transformed(AffineTransform transform, int width, int height) {
    BufferedImage out = blank(width, height);
    Graphics2D g = pen(out);
    g.drawImage(picture, transform, null);
    g.dispose();
    return out;
  }

  /** The same page with grey grain and, in one pixel of a hundred, pepper or salt. */
  Sheet noisy(long seed) {
    Random random = new Random(seed);
    BufferedImage out = blank(picture.getWidth(), picture.getHeight());
    for (int y = 0; y < out.getHeight(); y++) {
      for (int x = 0; x < out.getWidth(); x++) {
        int value = (picture.getRGB(x, y) & 255) * 4 / 5 + 25 + random.nextInt(-24, 25);
        value = random.nextInt(100) == 0 ? random.nextInt(2) * 255 : Math.clamp(value, 0, 255);
        out.setRGB(x, y, value * 0x010101);
      }
    }
    return new Sheet(out, words);
  }

  private static Graphics2D pen(BufferedImage picture) {
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setColor(Color.BLACK);
    return g;
  }

  private static Rectangle draw(Graphics2D g, String word, double x, double baseline, int em) {
    Rectangle ink = new Rectangle();
    double pen = x;
    for (int i = 0; i < word.length(); i++) {
      Shape glyph = glyph(word.charAt(i), pen, baseline, em);
      g.fill(glyph);
      ink = ink.isEmpty() ? glyph.getBounds() : ink.union(glyph.getBounds());
      pen += width(word.substring(i, i + 1), em);
    }
    return ink;
  }

  private static Shape glyph(char letter, double x, double baseline, int em) {
    try {
      double scale = (double) em / FONT.getUnitsPerEm();
      AffineTransform place = new AffineTransform(scale, 0, 0, -scale, x, baseline);
      return place.createTransformedShape(FONT.getGlyph().getGlyph(id(letter)).getPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double width(String text, int em) {
    try {
      double units = 0;
      for (int i = 0; i < text.length(); i++) {
        units += FONT.getAdvanceWidth(id(text.charAt(i)));
      }
      return units * em / FONT.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int id(char letter) throws IOException {
    return FONT.getUnicodeCmapLookup().getGlyphId(letter);
  }

  private static TrueTypeFont font() {
    try (InputStream in =
        PDDocument.class.getResourceAsStream(
            "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf")) {
      if (in == null) {
        throw new IllegalStateException("PDFBox's font is not on the class path");
      }
      return new TTFParser().parse(new RandomAccessReadBuffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
