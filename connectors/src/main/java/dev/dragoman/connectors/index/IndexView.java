package dev.dragoman.connectors.index;

import dev.dragoman.connectors.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * An index as it is at one moment, of one part or several. It is closed when the last of its users
 * has let go of it.
 */
final class IndexView implements Closeable {
  private final List<DirectoryReader> parts;
  private final IndexReader reader;
  private final IndexSearcher searcher;
  private final Map<Integer, String> models = new TreeMap<>();
  private final AtomicInteger users = new AtomicInteger(1);

  private IndexView(List<DirectoryReader> parts) throws IOException {
    this.parts = parts;
    reader = new MultiReader(parts.toArray(IndexReader[]::new), false);
    searcher = new IndexSearcher(reader);
    for (DirectoryReader part : parts) {
      for (Map.Entry<String, String> entry : part.getIndexCommit().getUserData().entrySet()) {
        if (entry.getKey().startsWith(Fields.MODEL)) {
          models.put(
              Integer.parseInt(entry.getKey().substring(Fields.MODEL.length())), entry.getValue());
        }
      }
    }
  }

  /**
   * The index as it is now.
   *
   * @throws UsageException if there is none
   */
  static IndexView open(Path folder) throws IOException {
    List<DirectoryReader> parts = new ArrayList<>();
    try {
      for (Path part : parts(folder)) {
        parts.add(openPart(part));
      }
      return new IndexView(parts);
    } catch (IOException | RuntimeException e) {
      for (DirectoryReader part : parts) {
        part.close();
      }
      throw e;
    }
  }

  /** The index as it is now; null if it is as it was. */
  @Nullable IndexView changed(Path folder) throws IOException {
    if (parts(folder).size() != parts.size()) {
      return open(folder);
    }
    List<DirectoryReader> fresh = new ArrayList<>();
    try {
      boolean changed = false;
      for (DirectoryReader part : parts) {
        DirectoryReader newer = DirectoryReader.openIfChanged(part);
        changed |= newer != null;
        if (newer == null) {
          part.incRef();
          newer = part;
        }
        fresh.add(newer);
      }
      if (changed) {
        return new IndexView(fresh);
      }
    } catch (IOException | RuntimeException e) {
      release(fresh);
      throw e;
    }
    release(fresh);
    return null;
  }

  /** Makes sure that it stays open; false if it is closed already. */
  boolean tryUse() {
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Ends one use. */
  @Override
  public void close() throws IOException {
    if (users.decrementAndGet() == 0) {
      reader.close();
      release(parts);
    }
  }

  IndexReader reader() {
    return reader;
  }

  IndexSearcher searcher() {
    return searcher;
  }

  /** The model of each dimension. */
  Map<Integer, String> models() {
    return models;
  }

  private static void release(List<DirectoryReader> parts) throws IOException {
    for (DirectoryReader part : parts) {
      part.decRef();
    }
  }

  private static List<Path> parts(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("there is no search index in " + folder.getParent());
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> parts =
          files
              .filter(file -> file.getFileName().toString().startsWith(SearchIndex.SHARD))
              .sorted()
              .toList();
      return parts.isEmpty() ? List.of(folder) : parts;
    }
  }

  private static DirectoryReader openPart(Path folder) throws IOException {
    try {
      // A directory of files holds nothing open itself; its readers do.
      return DirectoryReader.open(FSDirectory.open(folder));
    } catch (IndexNotFoundException e) {
      throw new UsageException("there is no search index in " + folder, e);
    }
  }
}
