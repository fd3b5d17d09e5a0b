package dev.dragoman.connectors.index;

import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * An index that documents are replaced in. There is one a folder in a process, shared by all who
 * write to it here; Lucene's lock keeps other processes away. The lock is the operating system's
 * and ends with its process, so that one killed leaves nothing to clean.
 */
final class LiveIndex {
  /** The indexes of this process, by their folders. */
  private static final Map<Path, LiveIndex> OPEN = new HashMap<>();

  private final Path folder;
  private final IndexBuilder builder;
  private DirectoryReader reader;
  private int users;
  private volatile boolean broken;

  /**
   * A version of a document.
   *
   * @param key what its versions have in common
   * @param time when it was so; the newest stays
   */
  record Version(String key, long time, Document document) {}

  private LiveIndex(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try {
      builder = new IndexBuilder(folder);
    } catch (LockObtainFailedException e) {
      throw new IOException(
          "the index in "
              + folder
              + " is being written by another process; stop the other one, or give this one"
              + " another path",
          e);
    }
    try {
      reader = builder.reader();
    } catch (IOException | RuntimeException e) {
      builder.close();
      throw e;
    }
  }

  /** The index in this folder; to be released. */
  static LiveIndex acquire(Path folder) throws IOException {
    synchronized (OPEN) {
      LiveIndex index = OPEN.get(folder);
      if (index == null) {
        index = new LiveIndex(folder);
        OPEN.put(folder, index);
      }
      index.users++;
      return index;
    }
  }

  /** Ends one use; with the last the index is closed, and what was not committed is gone. */
  void release() throws IOException {
    synchronized (OPEN) {
      users--;
      if (users == 0 && !broken) {
        OPEN.remove(folder);
        close();
      }
    }
  }

  boolean isUsable() {
    return !broken;
  }

  /**
   * Puts documents in the places of their older versions and commits.
   *
   * @return how many were not outdated
   */
  synchronized int upsert(List<Version> versions) throws IOException {
    if (broken) {
      throw new IOException("the index in " + folder + " failed before and is being opened again");
    }
    try {
      int kept = 0;
      for (Version version : newest(versions)) {
        if (stored(version.key) <= version.time) {
          builder.upsert(version.key, version.time, version.document);
          kept++;
        }
      }
      if (kept > 0) {
        builder.commit();
        DirectoryReader changed = DirectoryReader.openIfChanged(reader);
        if (changed != null) {
          reader.close();
          reader = changed;
        }
      }
      return kept;
    } catch (IOException | RuntimeException e) {
      discard(e);
      throw e;
    }
  }

  /** What came later stays where times are equal. */
  private static Collection<Version> newest(List<Version> versions) {
    Map<String, Version> newest = new LinkedHashMap<>();
    for (Version version : versions) {
      newest.merge(version.key, version, (one, other) -> other.time >= one.time ? other : one);
    }
    return newest.values();
  }

  /** The time of the version in the index. */
  private long stored(String key) throws IOException {
    Term term = IndexBuilder.key(key);
    BytesRef bytes = term.bytes();
    for (LeafReaderContext leaf : reader.leaves()) {
      LeafReader segment = leaf.reader();
      Terms terms = segment.terms(term.field());
      if (terms == null) {
        continue;
      }
      TermsEnum each = terms.iterator();
      if (!each.seekExact(bytes)) {
        continue;
      }
      Bits live = segment.getLiveDocs();
      PostingsEnum entries = each.postings(null, PostingsEnum.NONE);
      for (int entry = entries.nextDoc();
          entry != DocIdSetIterator.NO_MORE_DOCS;
          entry = entries.nextDoc()) {
        if (live == null || live.get(entry)) {
          NumericDocValues times = segment.getNumericDocValues(Fields.VERSION);
          return times != null && times.advanceExact(entry) ? times.longValue() : Long.MIN_VALUE;
        }
      }
    }
    return Long.MIN_VALUE;
  }

  /** Leaves the index at its last commit, for the next one to open. */
  private void discard(Exception cause) {
    synchronized (OPEN) {
      broken = true;
      OPEN.remove(folder, this);
      try {
        close();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void close() throws IOException {
    try (builder) {
      reader.close();
    }
  }
}
