package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Gets models of the catalog into a store: tries each file's sources in order until one gives the
 * bytes whose SHA-256 the catalog names.
 *
 * <p>For a model of the hub the catalog names only the repository. The first pull takes its newest
 * commit, and {@link ModelStore} keeps which files that had, with their SHA-256: from then on it is
 * a model like the others, and a lost file comes from the same commit again.
 *
 * <p>What was broken off goes on where it stopped. A model appears in the store all at once; two
 * processes that pull the same one do the work once. Environment variables that count: {@code
 * HF_ENDPOINT} (another address for {@code hf:}), {@code HF_TOKEN}, {@code https_proxy} and its
 * kin, {@code PATH} (for pip, mvn and npm).
 */
public final class ModelPuller {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
   * @throws PullException if no source gave some file, or the hub not the list of files, saying why
   * @throws ModelException if the catalog has no such model
   */
  public Path pull(String name) {
    CatalogEntry entry = store.catalog().entry(name);
    if (store.installed(entry)) {
      return store.folder(name);
    }
    try (StoreLock _ = store.lock(name, () -> listener.waiting(entry))) {
      if (!store.installed(entry)) {
        try (Downloads downloads = new Downloads(environment, CONNECTING, patience)) {
          new Pull(entry, store, environment, listener, offline, downloads).run();
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
}
