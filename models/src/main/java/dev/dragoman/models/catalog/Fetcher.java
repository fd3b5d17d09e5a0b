package dev.dragoman.models.catalog;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gets single files of one model from their sources into its folder of parts. */
final class Fetcher {
  private final boolean offline;
  private final Downloads downloads;
  private final Hub hub;
  private final Packages packages;
  private final String pinnedBy;
  private final LongConsumer progress;
  private final Path parts;
  private final Path archives;

  /** Why a place (a host, a package) is not to be asked again for the next file. */
  private final Map<String, SourceException> given = new HashMap<>();

  /**
   * Into this folder, which keeps what is broken off.
   *
   * @param pinnedBy whose bytes are wanted, for messages
   * @param progress told the bytes that are there of the file that is under way
   */
  Fetcher(
      Path partial,
      Map<String, String> environment,
      boolean offline,
      Downloads downloads,
      String pinnedBy,
      LongConsumer progress)
      throws IOException {
    this.offline = offline;
    this.downloads = downloads;
    this.hub = new Hub(environment);
    this.packages = new Packages(environment);
    this.pinnedBy = pinnedBy;
    this.progress = progress;
    this.parts = Files.createDirectories(partial.resolve("parts"));
    this.archives = Files.createDirectories(partial.resolve("archives"));
  }

  /**
   * What the hub has of a repository now.
   *
   * @throws SourceException if it does not say, or what it says cannot be believed
   */
  HubListing listing(String repository) throws IOException, SourceException, InterruptedException {
    Path answer = parts.resolve("listing.json");
    // A listing that was broken off may be followed by another one.
    Files.deleteIfExists(answer);
    guarded(
        hub.base(),
        () ->
            downloads.fetch(
                hub.listing(repository), answer, HubListing.LIMIT, hub.token(), _ -> {}));
    try {
      return HubListing.read(answer, repository);
    } finally {
      Files.delete(answer);
    }
  }

  /**
   * Gets the bytes a source has and makes sure that they are the right ones.
   *
   * @return where they are; the caller moves them away
   */
  Path fetch(ModelFile file, Source source)
      throws IOException, SourceException, InterruptedException {
    Path result = parts.resolve(Digests.of(source.checksum() + source.uri()).substring(0, 16));
    List<Location> locations = source.locations();
    if (!source.packed() && locations.size() == 1 && address(locations.getFirst()) != null) {
      return download(locations.getFirst(), source);
    }
    try (OutputStream out = Files.newOutputStream(result)) {
      if (source.packed()) {
        Path packed = parts.resolve(result.getFileName() + ".gz");
        try (OutputStream raw = Files.newOutputStream(packed)) {
          concatenate(locations, raw, source.size());
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(packed))) {
          Archives.gunzip(in, out, source.size());
        } finally {
          Files.deleteIfExists(packed);
        }
      } else {
        concatenate(locations, out, source.size());
      }
    }
    check(result, source);
    progress.accept(file.size());
    return result;
  }

  private Path download(Location location, Source source)
      throws IOException, SourceException, InterruptedException {
    // Named after what it will be, so that another source of the same file can go on with it.
    Path part = parts.resolve(source.checksum().hex().substring(0, 32) + ".part");
    if (get(location, part, source.size())) {
      try {
        check(part, source);
        return part;
      } catch (SourceException e) {
        // The first half may have been another file's: once more, from the start.
        get(location, part, source.size());
      }
    }
    check(part, source);
    return part;
  }

  private void check(Path file, Source source) throws IOException, SourceException {
    String wrong = null;
    long size = Files.size(file);
    if (size != source.size()) {
      wrong = "has " + size + " bytes, not " + source.size();
    } else {
      Checksum found = source.checksum().algorithm().of(file);
      if (!found.equals(source.checksum())) {
        wrong = "other bytes than " + pinnedBy + ": " + found;
      }
    }
    if (wrong != null) {
      Files.deleteIfExists(file);
      throw new SourceException(wrong);
    }
  }

  private void concatenate(List<Location> locations, OutputStream out, long limit)
      throws IOException, SourceException, InterruptedException {
    for (Location location : locations) {
      copy(location, out, limit);
    }
  }

  private void copy(Location location, OutputStream out, long limit)
      throws IOException, SourceException, InterruptedException {
    switch (location) {
      case Location.Hub file -> copyDownload(file, out, limit);
      case Location.Web web -> {
        String path = web.path();
        if (path == null) {
          copyDownload(web, out, limit);
        } else {
          Archives.extract(archive(web), path, out, limit);
        }
      }
      case Location.Pypi pypi ->
          Archives.extract(
              archive("pypi:" + pypi.requirement(), (f, p) -> packages.fetch(pypi, f, p)),
              pypi.path(),
              out,
              limit);
      case Location.Maven maven ->
          Archives.extract(
              archive("maven:" + maven.coordinates(), (f, p) -> packages.fetch(maven, f, p)),
              maven.path(),
              out,
              limit);
      case Location.Npm npm ->
          Archives.extract(
              archive("npm:" + npm.specifier(), (f, p) -> packages.fetch(npm, f, p)),
              npm.path(),
              out,
              limit);
      case Location.Local local -> Files.copy(find(local), out);
    }
  }

  private void copyDownload(Location location, OutputStream out, long limit)
      throws IOException, SourceException, InterruptedException {
    Path part = parts.resolve(Digests.of(location.toString()).substring(0, 32) + ".part");
    get(location, part, limit);
    Files.copy(part, out);
    Files.delete(part);
  }

  private boolean get(Location location, Path part, long limit)
      throws IOException, SourceException, InterruptedException {
    URI address = address(location);
    if (address == null) {
      throw new IllegalStateException("not an address: " + location);
    }
    return get(address, location instanceof Location.Hub ? hub.token() : null, part, limit);
  }

  private boolean get(URI address, @Nullable String token, Path part, long limit)
      throws IOException, SourceException, InterruptedException {
    return guarded(
        address.getScheme() + "://" + address.getAuthority(),
        () -> downloads.fetch(address, part, limit, token, progress));
  }

  private Path archive(Location.Web web) throws IOException, SourceException, InterruptedException {
    Path file = archives.resolve(Digests.of(web.uri().toString()).substring(0, 32));
    if (!Files.exists(file)) {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      get(new Location.Web(web.uri(), null), part, Long.MAX_VALUE);
      Files.move(part, file);
    }
    return file;
  }

  private Path archive(String place, PackageClient client)
      throws IOException, SourceException, InterruptedException {
    Path folder = archives.resolve(Digests.of(place).substring(0, 32));
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        return files.findFirst().orElseThrow(() -> new SourceException("an empty package"));
      }
    }
    return guarded(
        place,
        () -> {
          Path fresh = folder.resolveSibling(folder.getFileName() + ".fresh");
          Folders.delete(fresh);
          Files.createDirectories(fresh);
          try {
            Path archive = client.fetch(fresh, progress);
            Files.move(fresh, folder);
            return folder.resolve(archive.getFileName());
          } catch (SourceException e) {
            throw new SourceException(e.why(), true);
          } finally {
            Folders.delete(fresh);
          }
        });
  }

  private <T> T guarded(String place, Fetch<T> fetch)
      throws IOException, SourceException, InterruptedException {
    if (offline) {
      throw new SourceException("not tried, offline");
    }
    SourceException before = given.get(place);
    if (before != null) {
      throw before.again();
    }
    try {
      return fetch.fetch();
    } catch (SourceException e) {
      if (e.unreachable()) {
        given.put(place, e);
      }
      throw e;
    }
  }

  private @Nullable URI address(Location location) {
    return switch (location) {
      case Location.Hub file -> hub.file(file);
      case Location.Web web -> web.path() == null ? web.uri() : null;
      case Location.Maven _, Location.Pypi _, Location.Npm _, Location.Local _ -> null;
    };
  }

  @FunctionalInterface
  private interface PackageClient {
    Path fetch(Path folder, LongConsumer progress)
        throws IOException, SourceException, InterruptedException;
  }

  @FunctionalInterface
  private interface Fetch<T> {
    T fetch() throws IOException, SourceException, InterruptedException;
  }

  private static Path find(Location.Local local) throws IOException, SourceException {
    List<Path> found = List.of(Path.of("/"));
    for (String name : local.pattern().substring(1).split("/", -1)) {
      List<Path> next = new ArrayList<>();
      for (Path folder : found) {
        if (!name.contains("*")) {
          next.add(folder.resolve(name));
        } else if (Files.isDirectory(folder)) {
          PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
          try (Stream<Path> children = Files.list(folder)) {
            children
                .filter(child -> matcher.matches(child.getFileName()))
                .sorted()
                .forEach(next::add);
          }
        }
      }
      found = next.stream().filter(Files::exists).toList();
    }
    if (found.isEmpty() || !Files.isRegularFile(found.getLast())) {
      throw new SourceException("no such file");
    }
    return found.getLast();
  }
}
