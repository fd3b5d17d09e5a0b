package dev.dragoman.connectors.run;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What need not be done again. A document is done when its row is written or in the journal of a
 * killed run. An input is done when everything that came out of it is: known only of committed
 * runs, since of a killed run's container some entries may be missing.
 */
public final class DoneSet {
  /** Nothing is done. */
  public static final DoneSet NOTHING = new DoneSet(IdSet.EMPTY, IdSet.EMPTY);

  private static final ConcurrentHashMap<Path, SoftReference<DoneSet>> LOADED =
      new ConcurrentHashMap<>();

  private final IdSet inputs;
  private final IdSet documents;

  private DoneSet(IdSet inputs, IdSet documents) {
    this.inputs = inputs;
    this.documents = documents;
  }

  /** These inputs with all that is in them, and these documents. */
  public static DoneSet of(Collection<DocumentId> inputs, Collection<DocumentId> documents) {
    return new DoneSet(IdSet.of(inputs), IdSet.of(documents));
  }

  /** Whether the document itself is done. */
  public boolean documentDone(Document document) {
    return documents.contains(document.id());
  }

  /** Whether the document and everything that could be opened from it is done. */
  public boolean inputDone(Document document) {
    return inputs.contains(document.id())
        || (Sources.isRow(document.provenance().source()) && documents.contains(document.id()));
  }

  /** How many documents are done. */
  public int size() {
    return documents.size();
  }

  /** Whether nothing is done. */
  public boolean isEmpty() {
    return inputs.size() + documents.size() == 0;
  }

  void save(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      inputs.write(out);
      documents.write(out);
    }
  }

  /** Reads a saved set, once for all readers in this JVM while memory lasts. */
  static DoneSet load(Path file) throws IOException {
    SoftReference<DoneSet> known = LOADED.get(file);
    DoneSet loaded = known == null ? null : known.get();
    if (loaded == null) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        loaded = new DoneSet(IdSet.read(in), IdSet.read(in));
      }
      LOADED.put(file, new SoftReference<>(loaded));
    }
    return loaded;
  }
}
