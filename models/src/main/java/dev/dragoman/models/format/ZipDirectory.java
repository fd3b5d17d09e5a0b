package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the entries of a zip archive (<a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">format</a>), its 64-bit form
 * included. They stay where they are in the file, mapped and, if they were deflated, packed.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int WIDE_END = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MOST_COMMENT = 1 << 16;
  private static final int ENCRYPTED = 1;
  private static final int WIDE_FIELDS = 1;
  private static final int LEAST_FIELD = 4;
  private static final long WIDE = 0xFFFFFFFFL;

  /** Where the list of entries is. */
  private record Place(long directory, long count) {}

  /** What a directory says of an entry. */
  private record Claim(long packed, long size, long local) {
    boolean wide() {
      return packed == WIDE || size == WIDE || local == WIDE;
    }
  }

  /**
   * An entry.
   *
   * @param at where in the file the directory speaks of it
   * @param method 0 if it was only stored, 8 if it was deflated
   * @param content as it is in the file
   * @param size unpacked, as the directory claims
   */
  record Entry(String name, long at, int method, MemorySegment content, long size) {}

  private final String file;
  private final MemorySegment bytes;

  private ZipDirectory(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** The entries in the directory's order, all inside the file, none in the place of another. */
  static List<Entry> read(String file, MemorySegment bytes) {
    return new ZipDirectory(file, bytes).entries();
  }

  /** Whether a file that starts like this says that it is an archive. */
  static boolean starts(MemorySegment bytes) {
    return bytes.byteSize() >= Integer.BYTES && new Cursor("", bytes, 0).i32("") == LOCAL;
  }

  private List<Entry> entries() {
    Place place = place();
    Cursor cursor = cursor(place.directory);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Spans spans = new Spans(file);
    for (long i = 0; i < place.count; i++) {
      Entry entry = entry(cursor, spans);
      if (!names.add(entry.name)) {
        throw cursor.wrong(entry.at, "%s is there twice".formatted(entry.name));
      }
      entries.add(entry);
    }
    spans.refuseOverlaps(0);
    return entries;
  }

  private Place place() {
    long end = end();
    Cursor cursor = cursor(end + 10);
    long count = cursor.u16("number of entries");
    cursor.u32("size of the directory");
    long directory = cursor.u32("place of the directory");
    long locator = end - LOCATOR_BYTES;
    if (locator >= 0 && cursor(locator).i32("locator") == LOCATOR) {
      Cursor wide = cursor(inside(cursor(locator + 8).i64("place of the end record"), locator));
      if (wide.i32("end record") != WIDE_END) {
        throw wide.wrong(locator, "the end record is not where it should be");
      }
      wide.skip(28, "end record");
      count = wide.i64("number of entries");
      wide.i64("size of the directory");
      directory = wide.i64("place of the directory");
    }
    if (count < 0) {
      throw cursor.wrong(end, "%s entries".formatted(Long.toUnsignedString(count)));
    }
    return new Place(inside(directory, end), count);
  }

  private long inside(long place, long end) {
    if (place < 0 || place > end) {
      throw new ModelException(
          "%s: offset %d: the directory is outside the file".formatted(file, end));
    }
    return place;
  }

  private Cursor cursor(long at) {
    return new Cursor(file, bytes, at);
  }

  private long end() {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
      if (cursor(at).i32("end record") == END) {
        return at;
      }
    }
    throw new ModelException(file + ": no zip archive, or a damaged one: download it again");
  }

  private Entry entry(Cursor cursor, Spans spans) {
    long at = cursor.at();
    if (cursor.i32("entry") != ENTRY) {
      throw cursor.wrong(at, "the directory of the archive is damaged");
    }
    cursor.skip(4, "entry");
    int flags = cursor.u16("entry");
    int method = cursor.u16("entry");
    cursor.skip(8, "entry");
    long packed = cursor.u32("entry");
    long size = cursor.u32("entry");
    int nameLength = cursor.u16("entry");
    int extra = cursor.u16("entry");
    int comment = cursor.u16("entry");
    cursor.skip(8, "entry");
    Claim claim = new Claim(packed, size, cursor.u32("entry"));
    String name = cursor.text(nameLength, "name of an entry");
    Cursor fields = new Cursor(file + ", " + name, cursor.slice(extra, "entry"), 0);
    if (claim.wide()) {
      claim = wide(claim, fields);
    }
    cursor.skip(comment, "entry");
    if ((flags & ENCRYPTED) != 0) {
      throw cursor.wrong(at, "%s is encrypted".formatted(name));
    }
    long data = data(claim.local, name);
    if (claim.packed < 0 || claim.packed > bytes.byteSize() - data) {
      throw cursor.wrong(
          at,
          "%s of %s bytes is outside the file"
              .formatted(name, Long.toUnsignedString(claim.packed)));
    }
    spans.add(name, data, claim.packed);
    return new Entry(name, at, method, bytes.asSlice(data, claim.packed), claim.size);
  }

  /** With the numbers in 64 bits that stand in a field of their own. */
  private static Claim wide(Claim claim, Cursor fields) {
    while (fields.left() >= LEAST_FIELD) {
      int kind = fields.u16("extra field");
      int length = fields.u16("extra field");
      if (kind == WIDE_FIELDS) {
        long size = claim.size == WIDE ? fields.i64("size") : claim.size;
        long packed = claim.packed == WIDE ? fields.i64("size") : claim.packed;
        long local = claim.local == WIDE ? fields.i64("place") : claim.local;
        return new Claim(packed, size, local);
      }
      fields.skip(length, "extra field");
    }
    throw fields.wrong(fields.at(), "its sizes in 64 bits are missing");
  }

  private long data(long local, String name) {
    if (local < 0
        || local > bytes.byteSize() - LOCAL_BYTES
        || cursor(local).i32("local header") != LOCAL) {
      throw new ModelException(
          "%s: offset %s: no header of %s".formatted(file, Long.toUnsignedString(local), name));
    }
    Cursor cursor = cursor(local + 26);
    int length = cursor.u16("local header") + cursor.u16("local header");
    return cursor.skip(length, "local header") + length;
  }
}
