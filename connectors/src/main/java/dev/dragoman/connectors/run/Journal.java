package dev.dragoman.connectors.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;

/**
 * What is finished, appended the moment it is. A journal is a folder of segments; each writer has
 * its own, so that any number of workers write without knowing of each other. A record is
 *
 * <pre>
 * int length of the body, byte kind, 16 bytes document id, body, int CRC-32C of all before
 * </pre>
 *
 * A segment is read up to its last whole record: what a killed writer had half written is as if it
 * had not been.
 */
final class Journal implements Closeable {
  /** What a record holds. */
  enum Kind {
    /** An input was found; the body is its source URI. */
    INPUT,
    /** A document is finished; the body is its encoding without pictures and sounds. */
    DOCUMENT,
    /** A document was rejected; the body is its encoding. */
    REJECTED,
    /** A document waits for others; the body is its encoding, whole. */
    CHECKPOINT
  }

  private static final int HEAD = 4 + 1 + 16;

  private final List<Segment> segments = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Where a record is. */
  record Entry(Kind kind, long high, long low, int segment, long offset, int length) {
    DocumentId id() {
      return new DocumentId("%016x%016x".formatted(high, low));
    }
  }

  private record Segment(FileChannel channel) {}

  private Journal() {}

  /** Opens everything that was written to a journal. */
  static Journal open(Path folder) throws IOException {
    Journal journal = new Journal();
    try {
      for (Path file : segmentFiles(folder)) {
        journal.add(file);
      }
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
    return journal;
  }

  /** Opens one segment of a journal. */
  static Journal openSegment(Path file) throws IOException {
    Journal journal = new Journal();
    try {
      journal.add(file);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
    return journal;
  }

  static List<Path> segmentFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  List<Entry> entries() {
    return entries;
  }

  Document document(Entry entry) throws IOException {
    return CoderUtils.decodeFromByteArray(DocumentCoder.of(), body(entry));
  }

  Rejected rejected(Entry entry) throws IOException {
    return CoderUtils.decodeFromByteArray(RejectedCoder.of(), body(entry));
  }

  byte[] body(Entry entry) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(entry.length());
    FileChannel channel = segments.get(entry.segment()).channel();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, entry.offset() + buffer.position()) < 0) {
        throw new EOFException("a journal became shorter while it was read");
      }
    }
    return buffer.array();
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : segments) {
      segment.channel().close();
    }
  }

  private void add(Path file) throws IOException {
    int number = segments.size();
    segments.add(new Segment(FileChannel.open(file, StandardOpenOption.READ)));
    long size = Files.size(file);
    Kind[] kinds = Kind.values();
    byte[] head = new byte[HEAD];
    byte[] chunk = new byte[1 << 16];
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (long at = 0; at + HEAD + 4 <= size; ) {
        in.readFully(head);
        ByteBuffer view = ByteBuffer.wrap(head);
        int length = view.getInt();
        int kind = view.get();
        if (length < 0 || kind < 0 || kind >= kinds.length || at + HEAD + length + 4L > size) {
          return;
        }
        CRC32C crc = new CRC32C();
        crc.update(head);
        for (int left = length; left > 0; ) {
          int n = Math.min(left, chunk.length);
          in.readFully(chunk, 0, n);
          crc.update(chunk, 0, n);
          left -= n;
        }
        if (in.readInt() != (int) crc.getValue()) {
          return;
        }
        entries.add(
            new Entry(kinds[kind], view.getLong(), view.getLong(), number, at + HEAD, length));
        at += HEAD + length + 4L;
      }
    }
  }

  /** Appends to a segment of its own. */
  static final class Writer implements Closeable {
    private final Path folder;
    private @Nullable FileChannel channel;

    /** Opens its segment with the first record. */
    Writer(Path folder) {
      this.folder = folder;
    }

    void input(Document document) throws IOException {
      append(Kind.INPUT, document.id(), document.provenance().source().toString().getBytes(UTF_8));
    }

    void document(Document document) throws IOException {
      append(
          Kind.DOCUMENT,
          document.id(),
          CoderUtils.encodeToByteArray(DocumentCoder.of(), withoutBytes(document)));
    }

    void checkpoint(Document document) throws IOException {
      append(
          Kind.CHECKPOINT,
          document.id(),
          CoderUtils.encodeToByteArray(DocumentCoder.of(), document));
    }

    void rejected(Rejected rejected) throws IOException {
      append(
          Kind.REJECTED,
          rejected.document().id(),
          CoderUtils.encodeToByteArray(RejectedCoder.of(), rejected));
    }

    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    }

    private void append(Kind kind, DocumentId id, byte[] body) throws IOException {
      if (channel == null) {
        Files.createDirectories(folder);
        channel =
            FileChannel.open(
                folder.resolve(UUID.randomUUID() + ".seg"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
      }
      ByteBuffer record = ByteBuffer.allocate(Math.addExact(HEAD + 4, body.length));
      record.putInt(body.length).put((byte) kind.ordinal());
      record.putLong(IdSet.high(id)).putLong(IdSet.low(id)).put(body);
      CRC32C crc = new CRC32C();
      crc.update(record.array(), 0, record.position());
      record.putInt((int) crc.getValue()).flip();
      while (record.hasRemaining()) {
        channel.write(record);
      }
    }

    /** The tables hold no pictures, sounds or files, so the journal need not either. */
    private static Document withoutBytes(Document document) {
      List<Part> kept = new ArrayList<>();
      Content nothing = new Content.Inline(new byte[0]);
      for (Part part : document.parts()) {
        switch (part) {
          case TextPart text -> kept.add(text);
          case AudioPart audio ->
              kept.add(
                  new AudioPart(audio.id(), audio.mediaType(), nothing, audio.durationSeconds()));
          case ImagePart _ -> {}
          case FilePart _ -> {}
        }
      }
      return document.withParts(kept);
    }
  }
}
