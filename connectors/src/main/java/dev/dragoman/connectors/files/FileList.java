package dev.dragoman.connectors.files;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.jspecify.annotations.Nullable;

/**
 * The files that paths stand for, sorted by address, each once. Found before a graph starts.
 *
 * <p>Inside folders and under globs, names that begin with a dot are passed over, and so is what
 * systems leave behind ({@code Thumbs.db}, {@code desktop.ini}, {@code __MACOSX}); named outright
 * they are read. Symbolic links are followed, but never in circles.
 *
 * @param files by address
 */
public record FileList(List<Found> files) implements Serializable {
  private static final Set<String> LEFT_BEHIND = Set.of("Thumbs.db", "desktop.ini", "__MACOSX");

  /** {@code scheme:}, but not one letter: that would be a drive. */
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");

  private static final int LONGEST_REASON = 240;

  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  /**
   * A file.
   *
   * @param uri where it is
   * @param bytes its size when it was found
   * @param modified when it was last changed, in milliseconds since 1970; 0 if unknown
   * @param problem why it cannot be read, or empty
   */
  public record Found(URI uri, long bytes, long modified, String problem) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /** There is nothing at a path; where folders are watched, something may come. */
  static final class NoFileException extends UsageException {
    private static final long serialVersionUID = 1;

    NoFileException(String message) {
      super(message);
    }
  }

  public FileList {
    files = List.copyOf(files);
  }

  /** What all files weigh together. */
  public long bytes() {
    return files.stream().mapToLong(Found::bytes).sum();
  }

  /**
   * Finds the files behind these paths: files, folders (with all below them), globs ({@code *},
   * {@code ?}, {@code [a-z]}, {@code {a,b}}, {@code **} for any number of folders), addresses of
   * any Beam file system on the class path, {@code -} for standard input.
   *
   * @param except folders not to look into, such as the one that is written to
   * @throws UsageException naming the first path that stands for nothing
   */
  public static FileList find(List<String> paths, List<Path> except) throws IOException {
    return find(paths, except, System.in);
  }

  /** The same, but a path may stand for nothing, and files may go while they are looked at. */
  static FileList present(List<String> paths, List<Path> except) throws IOException {
    Map<URI, Found> found = new TreeMap<>();
    for (String path : paths) {
      try {
        find(List.of(path), except).files.forEach(file -> found.put(file.uri(), file));
      } catch (NoFileException _) {
        continue;
      }
    }
    return new FileList(List.copyOf(found.values()));
  }

  static FileList find(List<String> paths, List<Path> except, InputStream standardInput)
      throws IOException {
    if (paths.isEmpty()) {
      throw new UsageException("there is nothing to read; name files, folders or globs");
    }
    List<Path> closed = except.stream().map(folder -> folder.toAbsolutePath().normalize()).toList();
    Map<URI, Found> found = new TreeMap<>();
    for (String path : paths) {
      Matcher scheme = SCHEME.matcher(path);
      if (path.equals("-")) {
        add(found, spool(standardInput));
      } else if (!scheme.matches()
          || (!path.contains("://") && !path.startsWith("file:") && Files.exists(Path.of(path)))) {
        local(path, path, closed, found);
      } else if (scheme.group(1).equalsIgnoreCase("file")) {
        local(path, pathOf(path), closed, found);
      } else {
        remote(path, scheme.group(1), found);
      }
    }
    return new FileList(List.copyOf(found.values()));
  }

  private static String pathOf(String uri) {
    String rest = uri.substring("file:".length());
    if (rest.startsWith("//")) {
      rest = rest.substring(2);
    }
    if (GLOB.matcher(rest).find()) {
      return rest;
    }
    try {
      return Path.of(new URI(uri.startsWith("file://") ? uri : "file://" + rest)).toString();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return rest;
    }
  }

  private static void local(String given, String text, List<Path> closed, Map<URI, Found> found)
      throws IOException {
    if (text.isBlank()) {
      throw new UsageException("an empty path stands for nothing; name a file, folder or glob");
    }
    String home = System.getProperty("user.home", "");
    Path path;
    try {
      path =
          Path.of(text.startsWith("~/") ? home + text.substring(1) : text)
              .toAbsolutePath()
              .normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("'" + given + "' is not a path: " + e.getReason(), e);
    }
    int before = found.size();
    if (Files.isDirectory(path)) {
      walk(path, null, closed, found);
      if (found.size() == before && noneUnder(path, found)) {
        throw new NoFileException(
            "there is no file in " + given + " (names that begin with a dot are passed over)");
      }
    } else if (Files.exists(path)) {
      add(found, path);
    } else if (GLOB.matcher(text).find()) {
      Globbed glob = glob(given, path);
      boolean any = Files.isDirectory(glob.root()) && walk(glob.root(), glob, closed, found);
      if (!any) {
        throw new NoFileException(
            "no file matches " + given + " (looked under " + glob.root() + ")");
      }
    } else {
      throw new NoFileException("there is no file or folder " + given);
    }
  }

  private static boolean noneUnder(Path folder, Map<URI, Found> found) {
    String prefix = folder.toUri().toString();
    return found.keySet().stream().noneMatch(uri -> uri.toString().startsWith(prefix));
  }

  /** A glob: where to start, and what to ask of what is found there. */
  private record Globbed(Path root, List<PathMatcher> matchers, boolean hidden) {
    boolean matches(Path file) {
      return matchers.stream().anyMatch(matcher -> matcher.matches(file));
    }
  }

  private static Globbed glob(String given, Path path) {
    Path root = Path.of("/");
    for (Path name : path) {
      if (GLOB.matcher(name.toString()).find()) {
        break;
      }
      root = root.resolve(name);
    }
    // Java's ** does not stand for no folder at all, as it does elsewhere: a/**/b is also a/b.
    List<String> patterns = new ArrayList<>(List.of(path.toString()));
    for (int i = 0; i < patterns.size() && patterns.size() < 64; i++) {
      String pattern = patterns.get(i);
      for (int at = pattern.indexOf("**/"); at >= 0; at = pattern.indexOf("**/", at + 3)) {
        String shorter = pattern.substring(0, at) + pattern.substring(at + 3);
        if (!patterns.contains(shorter)) {
          patterns.add(shorter);
        }
      }
    }
    try {
      return new Globbed(
          root,
          patterns.stream()
              .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
              .toList(),
          path.toString().contains("/."));
    } catch (PatternSyntaxException e) {
      throw new UsageException("'" + given + "' is not a glob: " + e.getDescription(), e);
    }
  }

  private static boolean walk(
      Path root, @Nullable Globbed glob, List<Path> closed, Map<URI, Found> found)
      throws IOException {
    boolean[] any = {false};
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return closed.contains(folder) || (!folder.equals(root) && passedOver(folder, glob))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean deadLink = attributes.isSymbolicLink();
            if ((attributes.isRegularFile() || deadLink)
                && !passedOver(file, glob)
                && (glob == null || glob.matches(file))) {
              add(
                  found,
                  file,
                  attributes,
                  deadLink ? "it is a link to something that is not there" : "");
              any[0] = true;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof java.nio.file.FileSystemLoopException
                || passedOver(file, glob)) {
              return FileVisitResult.CONTINUE;
            }
            if (glob == null || glob.matches(file)) {
              found.put(file.toUri(), new Found(file.toUri(), 0, 0, reason(failure)));
              any[0] = true;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return any[0];
  }

  private static boolean passedOver(Path file, @Nullable Globbed glob) {
    String name = String.valueOf(file.getFileName());
    return LEFT_BEHIND.contains(name) || (name.startsWith(".") && (glob == null || !glob.hidden()));
  }

  /** What went wrong with a file, in words. */
  public static String reason(Exception failure) {
    return switch (failure) {
      case java.nio.file.AccessDeniedException _ -> "this user may not read it";
      case java.nio.file.NoSuchFileException _ -> "it is not there (any more)";
      case java.io.FileNotFoundException _ -> "it is not there (any more)";
      default ->
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }

  private static void add(Map<URI, Found> found, Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    add(found, file, attributes, attributes.isRegularFile() ? "" : "it is not a regular file");
  }

  private static void add(
      Map<URI, Found> found, Path file, BasicFileAttributes attributes, String problem) {
    URI uri = file.toUri();
    boolean there = problem.isEmpty();
    long modified = there ? attributes.lastModifiedTime().toMillis() : 0;
    found.put(uri, new Found(uri, there ? attributes.size() : 0, modified, problem));
  }

  /** Standard input becomes a file named by its content, so that the same input is the same. */
  private static Path spool(InputStream in) throws IOException {
    Path folder =
        Files.createDirectories(
            Path.of(System.getProperty("java.io.tmpdir", "/tmp"))
                .resolve("dragoman-stdin-" + System.getProperty("user.name", "user")));
    Path draft = Files.createTempFile(folder, "stdin", ".part");
    var digest = Sha256.newDigest();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(draft), digest)) {
      in.transferTo(out);
    }
    Path file = folder.resolve(HexFormat.of().formatHex(digest.digest()).substring(0, 32));
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  private static void remote(String given, String scheme, Map<URI, Found> found)
      throws IOException {
    List<MatchResult.Metadata> files;
    try {
      MatchResult result =
          org.apache.beam.sdk.io.FileSystems.match(given, EmptyMatchTreatment.DISALLOW);
      files = result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
    } catch (java.io.FileNotFoundException e) {
      throw new NoFileException("no file matches " + given);
    } catch (IOException | RuntimeException e) {
      throw new UsageException(
          "cannot read "
              + given
              + ": "
              + (String.valueOf(e.getMessage()).contains("No filesystem found")
                  ? "nothing here knows '" + scheme + "' addresses" + help(scheme)
                  : root(e) + "; see that the address is right and that this user may read it"),
          e);
    }
    if (files.isEmpty()) {
      throw new NoFileException("no file matches " + given);
    }
    for (MatchResult.Metadata file : files) {
      String address = file.resourceId().toString();
      if (address.endsWith("/")) {
        continue;
      }
      URI uri = RemoteFiles.uri(address);
      found.put(uri, new Found(uri, file.sizeBytes(), file.lastModifiedMillis(), ""));
    }
  }

  /** What the last cause says. */
  private static String root(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    String line = message.lines().findFirst().orElse(cause.getClass().getSimpleName());
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " ...";
  }

  private static String help(String scheme) {
    return switch (scheme.toLowerCase(java.util.Locale.ROOT)) {
      case "s3" ->
          "; set DRAGOMAN_MODULES=s3 in the environment of ./dragoman, or build the archive with"
              + " mvn -Pdist,s3 -DskipTests package";
      case "gs" -> module("beam-sdks-java-extensions-google-cloud-platform-core");
      case "hdfs" -> module("beam-sdks-java-io-hadoop-file-system");
      case "az", "azfs" -> module("beam-sdks-java-io-azure");
      default -> "; local paths, file:, s3:, gs: and hdfs: addresses can be read";
    };
  }

  private static String module(String name) {
    return "; put the module org.apache.beam:" + name + " on the class path";
  }
}
