package dev.dragoman.multimodal.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes the files inside a container: spools their bytes to the caller's folder, within the limits.
 */
final class EntrySink {
  private final Path spool;
  private final ReadLimits limits;
  private final List<Codec.Spooled> entries = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private long total;
  private int seen;
  private int beyond;

  EntrySink(Path spool, ReadLimits limits) {
    this.spool = spool;
    this.limits = limits;
  }

  /** Where an entry's bytes come from. */
  @FunctionalInterface
  interface Bytes {
    InputStream open() throws IOException;
  }

  /** Takes one entry; its failure is a problem, not an exception. */
  void add(String name, String fallback, String mediaTypeHint, Bytes source) {
    if (!room()) {
      return;
    }
    String path = unique(safe(name, fallback));
    Path file = Codec.file(spool, seen);
    long most = Math.min(limits.maxEntryBytes(), limits.maxTotalBytes() - total);
    try (InputStream in = source.open();
        OutputStream out = Files.newOutputStream(file)) {
      long size = copy(in, out, most);
      if (size > most) {
        problems.add(tooLarge(path, most));
      } else {
        total += size;
        entries.add(new Codec.Spooled(path, mediaTypeHint, seen));
      }
    } catch (IOException | RuntimeException e) {
      problems.add(Failures.inside(path, e));
    }
  }

  /** Notes an entry that cannot be taken. */
  void refuse(String name, String fallback, String code, String message) {
    if (room()) {
      problems.add(new Problem(code, unique(safe(name, fallback)), message));
    }
  }

  /** Notes that the container breaks off after the entries seen so far. */
  void damaged(Throwable thrown) {
    Problem problem = Failures.inside("", thrown);
    problems.add(
        new Problem(
            problem.code(),
            "",
            "the container breaks off after "
                + seen
                + " files; there may be more: "
                + problem.message()));
  }

  private boolean room() {
    if (seen >= limits.maxEntries()) {
      beyond++;
      return false;
    }
    seen++;
    return true;
  }

  /** True once enough entries were seen, also refused ones; what follows need not be unpacked. */
  boolean full() {
    return beyond > 0;
  }

  private static long copy(InputStream in, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      size += n;
      if (size > most) {
        return size;
      }
      out.write(buffer, 0, n);
    }
    return size;
  }

  private Problem tooLarge(String path, long most) {
    String message =
        most == limits.maxEntryBytes()
            ? String.format(
                Locale.ROOT,
                "it unpacks to more than %,d bytes, the limit for a file inside another one; unpack it first or raise the limit",
                most)
            : String.format(
                Locale.ROOT,
                "with it the container unpacks to more than %,d bytes in all; unpack it first or raise the limit",
                limits.maxTotalBytes());
    return new Problem("TOO_LARGE", path, message);
  }

  /** A relative path with forward slashes that cannot climb out of anything. */
  private static String safe(String name, String fallback) {
    StringBuilder path = new StringBuilder();
    for (String part : name.replace('\\', '/').split("/", -1)) {
      String clean = part.replaceAll("\\p{Cntrl}", "").strip();
      if (!clean.isEmpty() && !clean.equals(".") && !clean.equals("..")) {
        path.append(path.isEmpty() ? "" : "/").append(clean);
      }
    }
    if (path.isEmpty()) {
      return fallback;
    }
    return path.length() > 1000 ? path.substring(path.length() - 1000) : path.toString();
  }

  private String unique(String path) {
    String candidate = path;
    int dot = path.lastIndexOf('.');
    boolean ending = dot > path.lastIndexOf('/') + 1;
    for (int i = 2; !names.add(candidate); i++) {
      candidate =
          ending
              ? path.substring(0, dot) + " (" + i + ")" + path.substring(dot)
              : path + " (" + i + ")";
    }
    return candidate;
  }

  int seen() {
    return seen;
  }

  List<Codec.Spooled> entries() {
    return entries;
  }

  List<Problem> problems() {
    List<Problem> all = new ArrayList<>(problems);
    if (beyond > 0) {
      all.add(
          new Problem(
              "TOO_LARGE",
              "",
              String.format(
                  Locale.ROOT,
                  "it holds more than %,d files; those beyond were left out; unpack it first or raise the limit",
                  limits.maxEntries())));
    }
    return all;
  }
}
