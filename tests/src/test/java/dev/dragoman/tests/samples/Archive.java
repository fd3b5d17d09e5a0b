package dev.dragoman.tests.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip archive without the time of its making. */
final class Archive {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 10, 5, 8, 0);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes);

  Archive add(String path, String text) throws IOException {
    return add(path, text.getBytes(StandardCharsets.UTF_8));
  }

  Archive add(String path, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(path);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
    return this;
  }

  /** Not compressed, as an EPUB wants its first entry. */
  Archive store(String path, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(path);
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
    return this;
  }

  /** Zeros, without holding them all. */
  Archive zeros(String path, long size) throws IOException {
    ZipEntry entry = new ZipEntry(path);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    byte[] buffer = new byte[1 << 20];
    for (long left = size; left > 0; left -= buffer.length) {
      zip.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
    zip.closeEntry();
    return this;
  }

  byte[] bytes() throws IOException {
    zip.close();
    return bytes.toByteArray();
  }
}
