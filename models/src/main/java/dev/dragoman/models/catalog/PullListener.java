package dev.dragoman.models.catalog;

/** Hears how a pull goes. Its methods are called from the pulling thread and must be quick. */
public interface PullListener {
  /** Hears nothing. */
  static PullListener silent() {
    return new PullListener() {};
  }

  /** The terms of a model, before it is pulled into this store for the first time. */
  default void licence(CatalogEntry model) {}

  /** Another thread or process is pulling the same model; this one waits for it. */
  default void waiting(CatalogEntry model) {}

  /** Bytes of the model that are here, of how many; not more often than needed for a bar. */
  default void progress(CatalogEntry model, long done, long total) {}

  /** A source that did not give a file; the next one is tried. Told once for a host or package. */
  default void failed(CatalogEntry model, String source, String why) {}
}
