package dev.dragoman.connectors.opensearch;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server, the index, and how both are spoken to; what a worker gets. */
record Server(
    URI uri,
    String index,
    String user,
    String password,
    @Nullable String mapping,
    int batch,
    long batchBytes,
    Duration timeout,
    Duration retryFor)
    implements Serializable {
  private static final long serialVersionUID = 1;

  Server(WriteOpenSearch.Config config, String password, @Nullable String mapping) {
    this(
        config.server(),
        config.index(),
        config.user(),
        password,
        mapping,
        config.batch(),
        config.batchBytes(),
        config.timeout(),
        config.retryFor());
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "index " + index + " at " + uri;
  }
}
