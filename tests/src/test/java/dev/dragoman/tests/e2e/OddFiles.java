package dev.dragoman.tests.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.ShortMessage;
import net.sourceforge.tess4j.ITessAPI;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;

/** Sound files that ask too much, made when a test needs them. */
final class OddFiles {
  private static final int LEVELS = 40;
  private static final int NOTES = 16;

  /** The number of the word list among the parts of trained data. */
  private static final int WORD_LIST = 19;

  private OddFiles() {}

  /** A page that draws a form twice, which draws a form twice, and so on: 2^40 in all. */
  static void endlessPdf(Path file) throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDFormXObject form = form(document, "", new PDResources());
      for (int level = 0; level < LEVELS; level++) {
        PDResources inner = new PDResources();
        inner.put(COSName.getPDFName("Inner"), form);
        form = form(document, "/Inner Do /Inner Do", inner);
      }
      PDPage page = new PDPage();
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(form);
      }
      document.save(file.toFile());
    }
  }

  private static PDFormXObject form(PDDocument document, String content, PDResources resources)
      throws IOException {
    PDFormXObject form = new PDFormXObject(new PDStream(document));
    form.setBBox(new PDRectangle(100, 100));
    form.setResources(resources);
    try (OutputStream out = form.getContentStream().createOutputStream()) {
      out.write(content.getBytes(StandardCharsets.US_ASCII));
    }
    return form;
  }

  /**
   * English for Tesseract with one byte of a hundred of its word list replaced. The list has no
   * checksum: Tesseract loads it, and runs out of its own memory at the first word it looks up.
   */
  static void damagedLanguage(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = ITessAPI.class.getResourceAsStream("/tessdata/eng.traineddata")) {
      bytes = Objects.requireNonNull(in).readAllBytes();
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = (int) head.getLong(Integer.BYTES + WORD_LIST * Long.BYTES);
    int end = (int) head.getLong(Integer.BYTES + (WORD_LIST + 1) * Long.BYTES);
    Random random = new Random(1);
    for (int i = 0; i < (end - start) / 100; i++) {
      bytes[random.nextInt(start, end)] = (byte) random.nextInt();
    }
    Files.write(file, bytes);
  }

  /** A log of so many MiB. */
  static void longText(Path file, int mib) throws IOException {
    byte[] line =
        "The gate was opened at noon and closed at six.\n"
            .repeat(1000)
            .getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < (long) mib << 20; written += line.length) {
        out.write(line);
      }
    }
  }

  /** A scale for a piano. */
  static void midi(Path file) throws IOException {
    try {
      Sequence sequence = new Sequence(Sequence.PPQ, 24, 1);
      for (int i = 0; i < NOTES; i++) {
        sequence.getTracks()[0].add(
            new MidiEvent(new ShortMessage(ShortMessage.NOTE_ON, 0, 60 + i, 64), 24L * i));
      }
      MidiSystem.write(sequence, 0, file.toFile());
    } catch (InvalidMidiDataException e) {
      throw new IOException(e);
    }
  }
}
