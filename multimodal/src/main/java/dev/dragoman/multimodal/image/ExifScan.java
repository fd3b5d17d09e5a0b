package dev.dragoman.multimodal.image;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads the orientation tag, and nothing else, out of TIFF, JPEG, PNG and WebP.
 *
 * <p>A full metadata parser inflates compressed text chunks and follows every offset; this one
 * reads fixed-size directory entries and skips the rest, so a hostile file can cost it nothing.
 * TIFF 6.0 section 2, BigTIFF, Exif 2.32 section 4.7, RIFF and the PNG specification's eXIf chunk.
 */
final class ExifScan {
  private static final int NEW_SUBFILE_TYPE = 254;
  private static final int ORIENTATION = 274;
  private static final int MAX_ENTRIES = 4096;
  private static final int MAX_EXIF_BYTES = 1 << 20;

  /**
   * One image directory of a TIFF.
   *
   * @param reduced whether it is a thumbnail of another page
   */
  record Directory(ExifOrientation orientation, boolean reduced) {}

  private ExifScan() {}

  /** What the file's first directory says; upright where there is none or it is broken. */
  static ExifOrientation orientation(ImageInputStream in) {
    try {
      List<Directory> directories = directories(exif(in), 1);
      return directories.isEmpty() ? ExifOrientation.UPRIGHT : directories.getFirst().orientation();
    } catch (IOException | RuntimeException broken) {
      return ExifOrientation.UPRIGHT;
    }
  }

  /** The directories of a TIFF in the order of its pages, as far as they can be read. */
  static List<Directory> tiffDirectories(ImageInputStream in, int max) {
    try {
      in.seek(0);
      return directories(in, max);
    } catch (IOException | RuntimeException broken) {
      return List.of();
    }
  }

  /** The stream that holds the EXIF block, which is a small TIFF of its own. */
  private static ImageInputStream exif(ImageInputStream in) throws IOException {
    in.seek(0);
    in.setByteOrder(ByteOrder.BIG_ENDIAN);
    int magic = in.readInt();
    if (magic >>> 16 == 0xFFD8) {
      return jpegExif(in);
    }
    if (magic == 0x89504E47) {
      return pngExif(in);
    }
    if (magic == 0x52494646) {
      return webpExif(in);
    }
    in.seek(0);
    return in;
  }

  private static ImageInputStream jpegExif(ImageInputStream in) throws IOException {
    in.seek(2);
    while (true) {
      int marker = in.readUnsignedShort();
      if (marker == 0xFFFF) {
        in.seek(in.getStreamPosition() - 1);
        continue;
      }
      if (marker >>> 8 != 0xFF || marker == 0xFFDA || marker == 0xFFD9) {
        throw new EOFException("no EXIF before the picture data");
      }
      int length = in.readUnsignedShort() - 2;
      long next = in.getStreamPosition() + length;
      if (marker == 0xFFE1 && length > 6 && in.readInt() == 0x45786966 && in.readShort() == 0) {
        return block(in, length - 6);
      }
      in.seek(next);
    }
  }

  private static ImageInputStream pngExif(ImageInputStream in) throws IOException {
    in.seek(8);
    while (true) {
      long length = in.readUnsignedInt();
      int type = in.readInt();
      if (type == 0x65584966) {
        return block(in, length);
      }
      in.seek(in.getStreamPosition() + length + 4);
    }
  }

  private static ImageInputStream webpExif(ImageInputStream in) throws IOException {
    in.seek(12);
    while (true) {
      int type = in.readInt();
      long length = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      if (type == 0x45584946) {
        in.mark();
        boolean prefixed = in.readInt() == 0x45786966;
        in.reset();
        in.skipBytes(prefixed ? 6 : 0);
        return block(in, prefixed ? length - 6 : length);
      }
      in.seek(in.getStreamPosition() + length + (length & 1));
    }
  }

  private static ImageInputStream block(ImageInputStream in, long length) throws IOException {
    if (length < 8) {
      throw new EOFException("EXIF block of " + length + " bytes");
    }
    byte[] bytes = new byte[(int) Math.min(length, MAX_EXIF_BYTES)];
    in.readFully(bytes);
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
  }

  private static List<Directory> directories(ImageInputStream in, int max) throws IOException {
    ByteOrder order =
        switch (in.readUnsignedShort()) {
          case 0x4949 -> ByteOrder.LITTLE_ENDIAN;
          case 0x4D4D -> ByteOrder.BIG_ENDIAN;
          default -> throw new IOException("no TIFF header");
        };
    in.setByteOrder(order);
    boolean big = in.readUnsignedShort() == 43;
    if (big) {
      in.readInt();
    }
    List<Directory> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    long offset = offset(in, big);
    while (offset > 0 && found.size() < max && seen.add(offset)) {
      in.seek(offset);
      long entries = big ? in.readLong() : in.readUnsignedShort();
      if (entries < 0 || entries > MAX_ENTRIES) {
        break;
      }
      int orientation = 1;
      long subfile = 0;
      for (int i = 0; i < entries; i++) {
        int tag = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        offset(in, big);
        long end = in.getStreamPosition() + (big ? 8 : 4);
        long value = type == 3 ? in.readUnsignedShort() : in.readUnsignedInt();
        in.seek(end);
        if (tag == ORIENTATION) {
          orientation = (int) value;
        } else if (tag == NEW_SUBFILE_TYPE) {
          subfile = value;
        }
      }
      found.add(new Directory(ExifOrientation.ofTag(orientation), (subfile & 1) != 0));
      offset = offset(in, big);
    }
    return found;
  }

  private static long offset(ImageInputStream in, boolean big) throws IOException {
    return big ? in.readLong() : in.readUnsignedInt();
  }
}
