package dev.dragoman.multimodal.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.CloseShieldInputStream;

/**
 * ZIP, TAR and 7z: the direct members of each. A ZIP without its directory at the end is read from
 * the front.
 */
final class Archives {
  private static final Set<String> ZIPS =
      Set.of(
          "application/zip",
          "application/java-archive",
          "application/x-tika-java-enterprise-archive",
          "application/x-tika-java-web-archive",
          "application/vnd.android.package-archive");
  private static final int SEVEN_Z_MEMORY_KIB = 192 * 1024;

  private Archives() {}

  static boolean reads(String mediaType) {
    return ZIPS.contains(mediaType)
        || mediaType.equals("application/x-tar")
        || mediaType.equals("application/x-gtar")
        || mediaType.equals("application/x-7z-compressed");
  }

  static void read(Path file, String mediaType, EntrySink sink) throws IOException {
    if (ZIPS.contains(mediaType)) {
      readZip(file, sink);
    } else if (mediaType.equals("application/x-7z-compressed")) {
      readSevenZ(file, sink);
    } else {
      readTar(file, sink);
    }
  }

  private static void readZip(Path file, EntrySink sink) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      Enumeration<ZipArchiveEntry> members = zip.getEntriesInPhysicalOrder();
      while (members.hasMoreElements() && !sink.full()) {
        ZipArchiveEntry member = members.nextElement();
        if (!member.isDirectory() && !member.isUnixSymlink()) {
          sink.add(member.getName(), nameless(sink), "", () -> zip.getInputStream(member));
        }
      }
      return;
    } catch (IOException | RuntimeException e) {
      if (sink.seen() > 0) {
        throw e;
      }
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        ZipArchiveInputStream zip = new ZipArchiveInputStream(in, "UTF-8", true, true)) {
      readStream(zip, sink);
    }
  }

  private static void readTar(Path file, EntrySink sink) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(in, true)) {
      readStream(tar, sink);
    }
  }

  /**
   * A member that cannot be unpacked is a problem; when the stream itself breaks off, what was
   * found before it stays.
   */
  private static void readStream(ArchiveInputStream<? extends ArchiveEntry> archive, EntrySink sink)
      throws IOException {
    try {
      for (ArchiveEntry member = archive.getNextEntry();
          member != null && !sink.full();
          member = archive.getNextEntry()) {
        boolean file = !(member instanceof TarArchiveEntry tar) || tar.isFile();
        if (!file || member.isDirectory()) {
          continue;
        }
        if (archive.canReadEntryData(member)) {
          sink.add(
              member.getName(), nameless(sink), "", () -> CloseShieldInputStream.wrap(archive));
        } else {
          sink.refuse(
              member.getName(),
              nameless(sink),
              "ENCRYPTED",
              "it is protected by a password or packed with a method that is not understood here; unpack it first");
        }
      }
    } catch (IOException | RuntimeException e) {
      if (sink.seen() == 0) {
        throw e;
      }
      sink.damaged(e);
    }
  }

  private static void readSevenZ(Path file, EntrySink sink) throws IOException {
    try (SevenZFile archive =
        SevenZFile.builder().setPath(file).setMaxMemoryLimitKiB(SEVEN_Z_MEMORY_KIB).get()) {
      for (SevenZArchiveEntry member = archive.getNextEntry();
          member != null && !sink.full();
          member = archive.getNextEntry()) {
        if (!member.isDirectory() && !member.isAntiItem()) {
          SevenZArchiveEntry each = member;
          String name = each.getName();
          sink.add(
              name == null ? "" : name, nameless(sink), "", () -> archive.getInputStream(each));
        }
      }
    }
  }

  private static String nameless(EntrySink sink) {
    return "entry-" + (sink.seen() + 1);
  }
}
