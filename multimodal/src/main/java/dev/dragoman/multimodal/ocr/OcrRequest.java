package dev.dragoman.multimodal.ocr;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What the front asks of a worker.
 *
 * @param page from 1; 0 asks how many there are
 */
record OcrRequest(
    Path file, String mediaType, int page, double minWordConfidence, double minPageConfidence) {

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(file.toString());
      out.writeUTF(mediaType);
      out.writeInt(page);
      out.writeDouble(minWordConfidence);
      out.writeDouble(minPageConfidence);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  static OcrRequest decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new OcrRequest(
          Path.of(in.readUTF()), in.readUTF(), in.readInt(), in.readDouble(), in.readDouble());
    }
  }
}
