package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The models installed in a cache folder. Safe for use by many threads and many processes. */
public final class ModelStore {
  private final Path home;
  private final ModelCatalog catalog;

  private ModelStore(Path home, ModelCatalog catalog) {
    this.home = home.toAbsolutePath().normalize();
    this.catalog = catalog;
  }

  /** The store in {@code $DRAGOMAN_HOME}, by default {@code ~/.cache/dragoman}. */
  public static ModelStore atDefaultHome() {
    String home = System.getenv("DRAGOMAN_HOME");
    return at(
        home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "dragoman")
            : Path.of(home));
  }

  /** The store in this folder. */
  public static ModelStore at(Path home) {
    return at(home, ModelCatalog.builtIn());
  }

  /** The store in this folder, for the models of this catalog. */
  public static ModelStore at(Path home, ModelCatalog catalog) {
    return new ModelStore(home, catalog);
  }

  /** The folder all of it is in. */
  public Path home() {
    return home;
  }

  /** The models it knows how to check. */
  public ModelCatalog catalog() {
    return catalog;
  }

  /**
   * A model of the catalog; one of the hub has the files that were pinned when it was pulled, and
   * none if it was not.
   *
   * @throws ModelException if there is none of this name, or what was pinned cannot be read
   */
  public CatalogEntry entry(String name) {
    return pinned(catalog.entry(name));
  }

  /** The commit that a model of the hub was pulled from; empty if none was. */
  public Optional<String> commit(String name) {
    return pin(name).map(Pin::commit);
  }

  /**
   * The folder (or the file, if a path names one) of a model.
   *
   * @param nameOrPath a catalog name; or a path; or the name of a folder of one's own in {@code
   *     models/} of the store. A catalog name wins over a file called so: write {@code ./name}.
   * @throws dev.dragoman.models.MissingModelException if the catalog has it but the store does not
   * @throws ModelException if there is no such model and no such path
   */
  public Path require(String nameOrPath) {
    Optional<CatalogEntry> entry = catalog.find(nameOrPath);
    if (entry.isPresent()) {
      if (!installed(entry.get())) {
        throw entry.get().missing();
      }
      return folder(nameOrPath);
    }
    Path path = path(nameOrPath);
    if (path != null) {
      return path;
    }
    if (nameOrPath.contains("/") || nameOrPath.contains("\\")) {
      throw new ModelException(
          "there is no model at "
              + nameOrPath
              + "; give the folder or file of a model, or a name of: dragoman model list");
    }
    throw catalog.unknown(nameOrPath);
  }

  /**
   * Whether {@link #require} would answer a path. For a catalog model: every file is there in the
   * right size; {@link #verify} reads them. A folder that was brought by hand for a model of the
   * hub counts as it is.
   */
  public boolean installed(String nameOrPath) {
    Optional<CatalogEntry> entry = catalog.find(nameOrPath);
    return entry.isPresent() ? installed(entry.get()) : path(nameOrPath) != null;
  }

  /**
   * What is in the store, in name order: catalog models, whole or not, and folders of one's own.
   */
  public List<InstalledModel> list() {
    Path models = home.resolve("models");
    if (!Files.isDirectory(models)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(models)) {
      List<InstalledModel> list = new ArrayList<>();
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        String name = folder.getFileName().toString();
        Optional<CatalogEntry> entry = catalog.find(name);
        long size = 0;
        for (Path file : Folders.files(folder)) {
          size += Files.size(file);
        }
        boolean own = entry.isEmpty() || byHand(entry.get());
        boolean complete = own || installed(entry.get());
        list.add(new InstalledModel(name, folder, size, complete, own));
      }
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads every file of a catalog model again and compares digests.
   *
   * @throws ModelException if the catalog has no such model, or nobody pinned its files
   */
  public List<FileCheck> verify(String name) {
    List<FileCheck> checks = new ArrayList<>();
    CatalogEntry entry = entry(name);
    if (!entry.pinned()) {
      throw byHand(entry)
          ? new ModelException(
              "the files of model %1$s were brought by hand, so there is nothing to compare them with;"
                      .formatted(name)
                  + " to have them pinned: dragoman model remove %1$s, then: dragoman model pull %1$s"
                      .formatted(name))
          : entry.missing();
    }
    for (ModelFile file : entry.files()) {
      Path path = folder(name).resolve(file.path());
      if (!Files.isRegularFile(path)) {
        checks.add(new FileCheck(file.path(), FileCheck.State.MISSING, ""));
        continue;
      }
      String digest = digestOf(path);
      checks.add(
          new FileCheck(
              file.path(),
              file.has(Checksum.sha256(digest)) ? FileCheck.State.GOOD : FileCheck.State.CHANGED,
              digest));
    }
    return checks;
  }

  /**
   * One SHA-256 that stands for all files of an installed model or of a path: that of the lines
   * {@code digest, two spaces, path} in path order; of a single file, the file's own. Reads the
   * files of a path, and of a catalog model only those that have editions of several digests.
   *
   * @throws ModelException as {@link #require}
   */
  public String digest(String nameOrPath) {
    Path path = require(nameOrPath);
    if (Files.isRegularFile(path)) {
      return digestOf(path);
    }
    SortedMap<String, String> digests = new TreeMap<>();
    Optional<CatalogEntry> entry = catalog.find(nameOrPath);
    if (entry.isPresent() && pinned(entry.get()).pinned()) {
      for (ModelFile file : pinned(entry.get()).files()) {
        boolean one =
            file.sources().stream().allMatch(source -> source.checksum().equals(file.checksum()));
        digests.put(file.path(), one ? file.checksum().hex() : digestOf(path.resolve(file.path())));
      }
      return Digests.ofFolder(digests);
    }
    try {
      for (Path file : Folders.files(path)) {
        digests.put(path.relativize(file).toString().replace('\\', '/'), digestOf(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Digests.ofFolder(digests);
  }

  /**
   * Deletes a model and what a broken-off pull left of it.
   *
   * @return whether there was anything
   * @throws ModelException if the name is a path: only what is in the store is deleted
   */
  public boolean remove(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
      throw new ModelException(
          "only models in " + home.resolve("models") + " are removed, by name: not " + name);
    }
    boolean there = Files.exists(folder(name)) || Files.exists(partial(name));
    if (!there) {
      return false;
    }
    try (StoreLock _ = lock(name, () -> {})) {
      Path doomed = partial(name).resolve("removed");
      Files.createDirectories(partial(name));
      if (Files.exists(folder(name))) {
        Folders.delete(doomed);
        Files.move(folder(name), doomed);
      }
      Folders.delete(partial(name));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean installed(CatalogEntry entry) {
    if (byHand(entry)) {
      return true;
    }
    try {
      CatalogEntry known = pinned(entry);
      return known.pinned() && whole(known);
    } catch (ModelException e) {
      return false;
    }
  }

  private boolean whole(CatalogEntry entry) {
    Path folder = folder(entry.name());
    for (ModelFile file : entry.files()) {
      try {
        Path path = folder.resolve(file.path());
        if (!Files.isRegularFile(path) || !file.hasSize(Files.size(path))) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private CatalogEntry pinned(CatalogEntry entry) {
    return entry.pinned()
        ? entry
        : pin(entry.name()).map(pin -> entry.with(pin.modelFiles())).orElse(entry);
  }

  /** Whether somebody put files where a model of the hub belongs. */
  private boolean byHand(CatalogEntry entry) {
    Path folder = folder(entry.name());
    if (entry.pinned() || !Files.isDirectory(folder) || Files.exists(folder.resolve(Pin.NAME))) {
      return false;
    }
    try {
      return !Folders.files(folder).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What was pinned when a model of the hub was pulled.
   *
   * @throws ModelException if that cannot be read
   */
  Optional<Pin> pin(String name) {
    return Pin.read(folder(name));
  }

  Path folder(String name) {
    return home.resolve("models").resolve(name);
  }

  Path partial(String name) {
    return home.resolve("partial").resolve(name);
  }

  StoreLock lock(String name, Runnable waiting) throws IOException {
    return StoreLock.take(home.resolve("locks").resolve(name + ".lock"), waiting);
  }

  /** An existing path, or an own folder in the store; null if neither. */
  private @Nullable Path path(String nameOrPath) {
    if (nameOrPath.isBlank()) {
      return null;
    }
    try {
      Path path = Path.of(nameOrPath);
      if (Files.exists(path)) {
        return path.toAbsolutePath().normalize();
      }
      Path own = home.resolve("models").resolve(nameOrPath).normalize();
      return own.startsWith(home.resolve("models")) && Files.isDirectory(own) ? own : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static String digestOf(Path file) {
    try {
      return Digests.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
