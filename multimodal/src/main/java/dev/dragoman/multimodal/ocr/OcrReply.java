package dev.dragoman.multimodal.ocr;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers.
 *
 * @param pages how many the file has
 * @param page the one that was asked for, if one was
 * @param problems parts of it that could not be drawn
 */
record OcrReply(int pages, @Nullable OcrPage page, List<String> problems) {

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(pages);
      out.writeInt(problems.size());
      for (String problem : problems) {
        writeText(out, problem);
      }
      out.writeBoolean(page != null);
      if (page != null) {
        write(out, page);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  static OcrReply decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int pages = in.readInt();
      List<String> problems = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        problems.add(readText(in));
      }
      return new OcrReply(pages, in.readBoolean() ? readPage(in) : null, List.copyOf(problems));
    } catch (IOException truncated) {
      throw new UncheckedIOException(truncated);
    }
  }

  private static void write(DataOutputStream out, OcrPage page) throws IOException {
    out.writeInt(page.page());
    out.writeInt(page.width());
    out.writeInt(page.height());
    out.writeInt(page.rotation());
    out.writeDouble(page.skew());
    out.writeDouble(page.confidence());
    writeText(out, page.text());
    out.writeInt(page.words().size());
    for (OcrWord word : page.words()) {
      out.writeDouble(word.confidence());
      out.writeInt(word.start());
      out.writeInt(word.end());
      out.writeInt(word.x());
      out.writeInt(word.y());
      out.writeInt(word.width());
      out.writeInt(word.height());
    }
  }

  private static OcrPage readPage(DataInputStream in) throws IOException {
    int number = in.readInt();
    int width = in.readInt();
    int height = in.readInt();
    int rotation = in.readInt();
    double skew = in.readDouble();
    double confidence = in.readDouble();
    String text = readText(in);
    int count = in.readInt();
    List<OcrWord> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double certainty = in.readDouble();
      int start = in.readInt();
      int end = in.readInt();
      words.add(
          new OcrWord(
              text.substring(start, end),
              certainty,
              start,
              end,
              in.readInt(),
              in.readInt(),
              in.readInt(),
              in.readInt()));
    }
    return new OcrPage(number, width, height, rotation, skew, confidence, text, words);
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] utf8 = in.readNBytes(in.readInt());
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
