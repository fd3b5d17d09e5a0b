package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One model on its way into a store; its lock is held. */
final class Pull {
  private static final long NOTICEABLE = 1 << 18;

  private final ModelStore store;
  private final PullListener listener;
  private final boolean offline;
  private final Fetcher fetcher;
  private final Path whole;

  /** The model; of the hub, with the files of the commit that is pulled. */
  private CatalogEntry entry;

  /** What a model of the hub is taken from; null for one that the catalog pins. */
  private @Nullable Commit commit;

  private long done;
  private long told;

  /** A commit of a repository, and when it was chosen. */
  private record Commit(String repository, String hash, String chosen) {}

  Pull(
      CatalogEntry entry,
      ModelStore store,
      Map<String, String> environment,
      PullListener listener,
      boolean offline,
      Downloads downloads)
      throws IOException {
    this.entry = entry;
    this.store = store;
    this.listener = listener;
    this.offline = offline;
    Path partial = store.partial(entry.name());
    this.whole = Files.createDirectories(partial.resolve("whole"));
    this.fetcher =
        new Fetcher(
            partial,
            environment,
            offline,
            downloads,
            entry.repository() == null ? "the catalog's" : "those pinned",
            this::tell);
  }

  void run() throws IOException, InterruptedException {
    String repository = entry.repository();
    if (repository != null) {
      choose(repository);
    }
    showLicence();
    listener.progress(entry, 0, entry.size());
    for (ModelFile file : entry.files()) {
      List<String> reasons = new ArrayList<>();
      Path target = whole.resolve(file.path());
      if (!good(file, target) && !salvaged(file, target) && !pulled(file, target, reasons)) {
        throw failed(
            "no source gave " + file.path() + " of model " + entry.name(),
            reasons,
            commit == null
                ? ""
                : entry.byHand()
                    + (store.folder(entry.name()).toFile().exists()
                        ? "; or take the newest commit: dragoman model remove %1$s, then: dragoman model pull %1$s"
                            .formatted(entry.name())
                        : ""));
      }
      done += file.size();
      listener.progress(entry, done, entry.size());
    }
    install();
  }

  /** Takes the commit that was pulled before, or else the newest one. */
  private void choose(String repository) throws IOException, InterruptedException {
    Optional<Pin> before = before();
    if (before.isPresent()) {
      Pin pin = before.get();
      commit = new Commit(pin.repository(), pin.commit(), pin.pinned());
      entry = entry.with(pin.modelFiles());
      return;
    }
    try {
      HubListing listing = fetcher.listing(repository);
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      commit = new Commit(repository, listing.commit(), now);
      entry = entry.with(listing.files());
    } catch (SourceException e) {
      String source = "hf:" + repository + "@main";
      listener.failed(entry, source, e.why());
      throw failed(
          "the hub did not say which files model " + entry.name() + " has",
          List.of(source + ": " + e.why()),
          entry.byHand());
    }
  }

  private Optional<Pin> before() {
    try {
      return store.pin(entry.name());
    } catch (ModelException e) {
      // What it said is lost; the files that are still right are found by their checksums.
      return Optional.empty();
    }
  }

  private PullException failed(String what, List<String> reasons, String otherwise) {
    return new PullException(
        entry.name(),
        what + (offline ? ", offline; pull it once while online." : ":"),
        reasons,
        otherwise);
  }

  private void showLicence() throws IOException {
    Path shown = store.home().resolve("licences").resolve(entry.name());
    Licence licence = entry.licence();
    String text = "%s\n%s\n%s\n".formatted(licence.id(), licence.url(), licence.notice());
    if (!Files.exists(shown) || !Files.readString(shown).equals(text)) {
      listener.licence(entry);
      Files.createDirectories(shown.getParent());
      Files.writeString(shown, text);
    }
  }

  private boolean good(ModelFile file, Path path) throws IOException {
    return Files.isRegularFile(path)
        && file.hasSize(Files.size(path))
        && file.has(file.checksum().algorithm().of(path));
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
        Path fetched = fetcher.fetch(file, source);
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

  private void tell(long bytes) {
    long now = done + Math.min(bytes, Math.max(0, entry.size() - done));
    if (Math.abs(now - told) >= NOTICEABLE) {
      told = now;
      listener.progress(entry, now, entry.size());
    }
  }

  private void install() throws IOException {
    leaveOnlyItsOwn();
    if (commit != null) {
      pin(commit).write(whole);
    }
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

  /** Deletes what an earlier pull of another commit had got. */
  private void leaveOnlyItsOwn() throws IOException {
    List<Path> own = entry.files().stream().map(file -> whole.resolve(file.path())).toList();
    for (Path file : Folders.files(whole)) {
      if (!own.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private Pin pin(Commit from) throws IOException {
    List<Pin.Entry> files = new ArrayList<>();
    for (ModelFile file : entry.files()) {
      Checksum checksum = file.checksum();
      String sha256 =
          switch (checksum.algorithm()) {
            case SHA256 -> checksum.hex();
            case GIT_BLOB -> Digests.of(whole.resolve(file.path()));
          };
      files.add(new Pin.Entry(file.path(), file.size(), sha256));
    }
    files.sort(Comparator.comparing(Pin.Entry::path));
    return new Pin(from.repository(), from.hash(), from.chosen(), files);
  }
}
