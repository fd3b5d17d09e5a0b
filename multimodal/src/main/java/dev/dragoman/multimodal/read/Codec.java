package dev.dragoman.multimodal.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests to and answers from {@link ReadService}. The bytes of entries travel as files in a
 * folder of the caller's.
 */
final class Codec {
  private Codec() {}

  /** One file to read. */
  record Request(Path file, String name, Path spool, ReadLimits limits) {}

  /** An entry whose bytes lie in the file {@code number} of the spool folder. */
  record Spooled(String path, String mediaTypeHint, int number) {}

  /** A {@link ReadResult} before its entries are fetched. */
  record Answer(
      String mediaType,
      String title,
      String author,
      int pages,
      List<Passage> passages,
      List<Integer> scannedPages,
      List<Spooled> entries,
      List<Problem> problems) {}

  static byte[] encode(Request request) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, request.file().toString());
      write(out, request.name());
      write(out, request.spool().toString());
      ReadLimits limits = request.limits();
      out.writeLong(limits.maxFileBytes());
      out.writeInt(limits.maxTextCharacters());
      out.writeInt(limits.maxEntries());
      out.writeLong(limits.maxEntryBytes());
      out.writeLong(limits.maxTotalBytes());
      out.writeInt(limits.maxPages());
    }
    return bytes.toByteArray();
  }

  static Request request(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new Request(
          Path.of(string(in)),
          string(in),
          Path.of(string(in)),
          new ReadLimits(
              in.readLong(),
              in.readInt(),
              in.readInt(),
              in.readLong(),
              in.readLong(),
              in.readInt()));
    }
  }

  static byte[] encode(Answer answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, answer.mediaType());
      write(out, answer.title());
      write(out, answer.author());
      out.writeInt(answer.pages());
      out.writeInt(answer.passages().size());
      for (Passage passage : answer.passages()) {
        out.writeInt(passage.page());
        write(out, passage.text());
      }
      out.writeInt(answer.scannedPages().size());
      for (int page : answer.scannedPages()) {
        out.writeInt(page);
      }
      out.writeInt(answer.entries().size());
      for (Spooled entry : answer.entries()) {
        write(out, entry.path());
        write(out, entry.mediaTypeHint());
        out.writeInt(entry.number());
      }
      out.writeInt(answer.problems().size());
      for (Problem problem : answer.problems()) {
        write(out, problem.code());
        write(out, problem.entry());
        write(out, problem.message());
      }
    }
    return bytes.toByteArray();
  }

  static ReadResult result(byte[] bytes, Path spool) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String mediaType = string(in);
      String title = string(in);
      String author = string(in);
      int pages = in.readInt();
      List<Passage> passages = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        passages.add(new Passage(in.readInt(), string(in)));
      }
      List<Integer> scannedPages = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        scannedPages.add(in.readInt());
      }
      List<Entry> entries = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        entries.add(
            new Entry(string(in), string(in), Files.readAllBytes(file(spool, in.readInt()))));
      }
      List<Problem> problems = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        problems.add(new Problem(string(in), string(in), string(in)));
      }
      return new ReadResult(
          mediaType, title, author, pages, passages, scannedPages, entries, problems);
    }
  }

  static Path file(Path spool, int number) {
    return spool.resolve("entry-" + number);
  }

  private static void write(DataOutputStream out, String value) throws IOException {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String string(DataInputStream in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
