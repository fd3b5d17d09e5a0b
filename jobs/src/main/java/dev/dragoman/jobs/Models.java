package dev.dragoman.jobs;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.models.catalog.PullException;
import dev.dragoman.models.catalog.PullListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Gets the models a command needs before it starts. */
final class Models {
  private Models() {}

  /**
   * Pulls what is not installed, with a progress bar; a path is taken as it is.
   *
   * @throws UserException if one does not exist, or is missing and connections are not allowed
   */
  static void ensure(List<String> names, CommonOptions common) {
    ModelStore store = ModelStore.atDefaultHome();
    for (String name : names) {
      if (store.installed(name)) {
        continue;
      }
      if (name.contains("/") || name.contains("\\")) {
        throw new UserException(
            "there is no model at "
                + name
                + "; give the folder or file of a model, or a name of: dragoman model list");
      }
      entry(store, name);
      pull(store, name, common);
    }
  }

  /**
   * Pulls one model.
   *
   * @throws UserException if connections are not allowed and one would be needed
   */
  static void pull(ModelStore store, String name, CommonOptions common) {
    try {
      ModelPuller.into(store)
          .heardBy(new Bar(System.err, ProgressLine.onTerminal()))
          .offline(common.offline())
          .pull(name);
    } catch (PullException e) {
      if (common.offline()) {
        String byHand = entry(store, name).byHand();
        throw new UserException(
            "model "
                + name
                + " is not installed, and --offline opens no connection; run without it: dragoman"
                + " model pull "
                + name
                + (byHand.isEmpty() ? "" : "; " + byHand),
            e);
      }
      throw e;
    }
  }

  /**
   * The catalog's entry for a name.
   *
   * @throws UserException if there is none, naming the nearest
   */
  static CatalogEntry entry(ModelStore store, String name) {
    try {
      return store.catalog().entry(name);
    } catch (ModelException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  static String size(long bytes) {
    return bytes < 1_000_000
        ? Math.max(1, bytes / 1000) + " kB"
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** One line for each model: written over on a terminal, at every quarter elsewhere. */
  private static final class Bar implements PullListener {
    private static final int WIDTH = 30;

    private final PrintStream err;
    private final boolean terminal;
    private long toldQuarter;

    Bar(PrintStream err, boolean terminal) {
      this.err = err;
      this.terminal = terminal;
    }

    @Override
    public void licence(CatalogEntry model) {
      err.println(
          "getting "
              + model.name()
              + ", "
              + size(model.size())
              + ", licence "
              + model.licence().id()
              + " ("
              + model.licence().url()
              + ")");
      if (!model.licence().notice().isBlank()) {
        err.println("  " + model.licence().notice().strip());
      }
    }

    @Override
    public void waiting(CatalogEntry model) {
      err.println("waiting for another process that is getting " + model.name());
    }

    @Override
    public void progress(CatalogEntry model, long done, long total) {
      if (terminal) {
        int filled = total == 0 ? WIDTH : (int) (done * WIDTH / total);
        err.print(
            "\r\u001b[K"
                + model.name()
                + " ["
                + "#".repeat(filled)
                + " ".repeat(WIDTH - filled)
                + "] "
                + size(done)
                + " of "
                + size(total)
                + (done >= total ? System.lineSeparator() : ""));
        err.flush();
      } else {
        long quarter = total == 0 ? 4 : done * 4 / total;
        if (quarter > toldQuarter) {
          toldQuarter = quarter;
          err.println(model.name() + ": " + size(done) + " of " + size(total));
        }
      }
    }

    @Override
    public void failed(CatalogEntry model, String source, String why) {
      err.println("  " + source + " did not give it: " + why);
    }
  }
}
