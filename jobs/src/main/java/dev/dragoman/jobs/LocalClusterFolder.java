package dev.dragoman.jobs;

import dev.dragoman.jobs.cluster.LastingCluster;
import dev.dragoman.models.catalog.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Where the cluster of this machine is. */
final class LocalClusterFolder {
  private LocalClusterFolder() {}

  static LastingCluster cluster() {
    return LastingCluster.in(ModelStore.atDefaultHome().home().resolve("cluster"));
  }

  /**
   * What {@code --runner} takes.
   *
   * @throws UserException if none runs
   */
  static String address() {
    try {
      return cluster()
          .state()
          .filter(LastingCluster.State::alive)
          .map(LastingCluster.State::address)
          .orElseThrow(() ->
              new UserException(
                  "no cluster was started here; give --runner HOST:PORT, or: dragoman cluster"
                      + " start"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
