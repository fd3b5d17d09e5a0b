package dev.dragoman.models.catalog;

import java.nio.file.Path;

/** The models installed in a cache folder. */
public final class ModelStore {
  private final Path home;

  private ModelStore(Path home) {
    this.home = home;
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
    return new ModelStore(home);
  }

  /** The folder all of it is in. */
  public Path home() {
    return home;
  }
}
