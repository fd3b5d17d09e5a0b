package dev.dragoman.tests.samples;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;

/** Files that go wrong, each in its own way. */
final class Broken {
  private static final int LEVELS = 30;
  private static final long GIB = 1L << 30;

  private Broken() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    byte[] report = Documents.report();
    Files.write(folder.resolve("truncated.pdf"), Arrays.copyOf(report, report.length / 3));
    byte[] offer = Documents.offer();
    Files.write(folder.resolve("truncated.docx"), Arrays.copyOf(offer, offer.length * 2 / 3));
    Files.write(folder.resolve("encrypted.pdf"), encrypted());
    Files.write(folder.resolve("bomb.zip"), bomb());
    Files.write(folder.resolve("billion-laughs.docx"), laughs());
    Files.write(folder.resolve("nested-thirty-deep.zip"), nested());
    Files.write(folder.resolve("huge-60000x60000.png"), hugePicture());
    Files.write(folder.resolve("cyclic-pages.pdf"), CYCLIC.getBytes(StandardCharsets.US_ASCII));
    Files.write(folder.resolve("png-named.pdf"), pictureOfText());
    byte[] noise = new byte[4096];
    new Random(41).nextBytes(noise);
    Files.write(folder.resolve("noise-named.docx"), noise);
    Files.write(folder.resolve("empty.txt"), new byte[0]);
    Files.write(folder.resolve("no-samples.wav"), wavWithoutSamples());
    Files.writeString(folder.resolve("broken-rows.jsonl"), ROWS);
  }

  private static byte[] encrypted() throws IOException {
    try (PDDocument document = Loader.loadPDF(Documents.manual())) {
      StandardProtectionPolicy policy =
          new StandardProtectionPolicy("the owner", "a secret", new AccessPermission());
      policy.setEncryptionKeyLength(256);
      document.protect(policy);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }

  /** 16 entries of 1 MiB that each unpack to 1 GiB: 16 GiB from less than 100 kB. */
  private static byte[] bomb() throws IOException {
    byte[] inner = new Archive().zeros("zeros.txt", GIB).bytes();
    Archive outer = new Archive();
    for (int i = 1; i <= 16; i++) {
      outer.add("part-%02d.zip".formatted(i), inner);
    }
    return outer.bytes();
  }

  private static byte[] nested() throws IOException {
    byte[] bytes = "You have come far.\n".getBytes(StandardCharsets.UTF_8);
    String name = "core.txt";
    for (int level = LEVELS; level >= 1; level--) {
      bytes = new Archive().add(name, bytes).bytes();
      name = "level-%02d.zip".formatted(level);
    }
    return bytes;
  }

  /** Ten entities, each ten times the one before. */
  private static byte[] laughs() throws IOException {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE w [\n");
    xml.append("<!ENTITY e0 \"ha \">\n");
    for (int i = 1; i <= 9; i++) {
      xml.append("<!ENTITY e")
          .append(i)
          .append(" \"")
          .append(("&e" + (i - 1) + ";").repeat(10))
          .append("\">\n");
    }
    xml.append(
        "]>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
            + "<w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>");
    return Documents.docx(xml.toString(), "Ha");
  }

  /** A PNG whose header claims 60,000 x 60,000 dots of colour and that holds ten rows. */
  private static byte[] hugePicture() throws IOException {
    int side = 60_000;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream png = new DataOutputStream(bytes);
    png.writeLong(0x89504E470D0A1A0AL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(side);
    fields.writeInt(side);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    chunk(png, "IHDR", header.toByteArray());
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(rows)) {
      byte[] row = new byte[1 + 3 * side];
      for (int i = 0; i < 10; i++) {
        deflater.write(row);
      }
    }
    chunk(png, "IDAT", rows.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream png, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    png.writeInt(data.length);
    png.write(name);
    png.write(data);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.writeInt((int) crc.getValue());
  }

  private static byte[] pictureOfText() throws IOException {
    return Pictures.png(
        Pictures.blackAndWhite(
            Scans.page("Water notice", Letters.NOTICE).getSubimage(0, 0, 1650, 760)));
  }

  private static byte[] wavWithoutSamples() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream wav = new DataOutputStream(bytes);
    wav.writeBytes("RIFF");
    wav.writeInt(Integer.reverseBytes(36));
    wav.writeBytes("WAVEfmt ");
    wav.writeInt(Integer.reverseBytes(16));
    wav.writeShort(Short.reverseBytes((short) 1));
    wav.writeShort(Short.reverseBytes((short) 1));
    wav.writeInt(Integer.reverseBytes(8000));
    wav.writeInt(Integer.reverseBytes(16000));
    wav.writeShort(Short.reverseBytes((short) 2));
    wav.writeShort(Short.reverseBytes((short) 16));
    wav.writeBytes("data");
    wav.writeInt(0);
    return bytes.toByteArray();
  }

  /** A page tree whose node is its own child. */
  private static final String CYCLIC =
      """
      %PDF-1.4
      1 0 obj
      << /Type /Catalog /Pages 2 0 R >>
      endobj
      2 0 obj
      << /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999 /Parent 2 0 R >>
      endobj
      trailer
      << /Root 1 0 R /Size 3 >>
      %%EOF
      """;

  private static final String ROWS =
      """
      {"id":"R-1","subject":"A good row","body":"This row is whole and says that the lamp is broken.","created":"2026-10-05T08:00","customer":"C-1001"}
      {"id":"R-2","subject":"Cut off","body":"This row ends in the mid
      {"id":"R-3","subject":"Another good row","body":"Deze regel is heel en gaat over een factuur.","created":"2026-10-05T09:00","customer":"C-1002"}
      this is not JSON at all
      {"id":"R-5","subject":"The last good row","body":"Esta linha está bem e pede um reembolso.","created":"2026-10-05T10:00","customer":"C-1003"}
      """;
}
