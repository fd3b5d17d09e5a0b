package dev.dragoman.models.catalog;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Takes single entries out of zip archives (wheels and jars too) and gzipped tar archives. */
final class Archives {
  private static final int BUFFER = 1 << 16;

  private Archives() {}

  /**
   * Copies an entry.
   *
   * @param limit bytes it may have
   * @throws SourceException if the archive is damaged, has no such entry, or a larger one
   */
  static void extract(Path archive, String entry, OutputStream out, long limit)
      throws IOException, SourceException {
    try {
      if (zipped(archive)) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
          ZipEntry found = zip.getEntry(entry);
          if (found == null) {
            throw missing(archive, entry);
          }
          try (InputStream in = zip.getInputStream(found)) {
            copy(in, out, limit);
          }
        }
        return;
      }
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(
              new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
        TarArchiveEntry at = tar.getNextEntry();
        while (at != null && !at.getName().equals(entry)) {
          at = tar.getNextEntry();
        }
        if (at == null) {
          throw missing(archive, entry);
        }
        copy(tar, out, limit);
      }
    } catch (ZipException | EOFException e) {
      throw new SourceException(archive.getFileName() + " is damaged: " + e.getMessage());
    }
  }

  /** Unpacks a gzip file. */
  static void gunzip(InputStream packed, OutputStream out, long limit)
      throws IOException, SourceException {
    try (InputStream in = new GZIPInputStream(packed, BUFFER)) {
      copy(in, out, limit);
    } catch (ZipException | EOFException e) {
      throw new SourceException("not a whole gzip file: " + e.getMessage());
    }
  }

  static void copy(InputStream in, OutputStream out, long limit)
      throws IOException, SourceException {
    byte[] buffer = new byte[BUFFER];
    long left = limit;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      left -= n;
      if (left < 0) {
        throw new SourceException("more than the " + limit + " bytes it should have");
      }
      out.write(buffer, 0, n);
    }
  }

  private static boolean zipped(Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return in.read() == 'P' && in.read() == 'K';
    }
  }

  private static SourceException missing(Path archive, String entry) {
    return new SourceException(archive.getFileName() + " has no entry " + entry);
  }
}
