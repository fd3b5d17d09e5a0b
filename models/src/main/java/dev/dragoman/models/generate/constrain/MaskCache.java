package dev.dragoman.models.generate.constrain;

import org.jspecify.annotations.Nullable;

/** Masks by the entry above and a class of states; the one longest unused goes first. */
final class MaskCache {
  /** A mask, and the nodes of the trie from which the state below must go on. */
  static final class Entry {
    final long[] bits;
    final int[] exits;
    int id;
    private long key;
    private @Nullable Entry nextInBucket;
    private @Nullable Entry older;
    private @Nullable Entry newer;

    Entry(long[] bits, int[] exits) {
      this.bits = bits;
      this.exits = exits;
    }
  }

  private final int room;
  private final @Nullable Entry[] buckets;
  private @Nullable Entry newest;
  private @Nullable Entry oldest;
  private int size;
  private int ids;

  MaskCache(long room) {
    this.room = Math.clamp(room, 64, 1 << 16);
    this.buckets = new Entry[Integer.highestOneBit(this.room) * 2];
  }

  int added() {
    return ids;
  }

  private int bucket(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 33) & (buckets.length - 1);
  }

  private static long key(int above, int stateClass) {
    return (long) above << 32 | stateClass;
  }

  @Nullable Entry find(int above, int stateClass) {
    long key = key(above, stateClass);
    for (Entry e = buckets[bucket(key)]; e != null; e = e.nextInBucket) {
      if (e.key == key) {
        if (e != newest) {
          unlink(e);
          link(e);
        }
        return e;
      }
    }
    return null;
  }

  void add(int above, int stateClass, Entry entry) {
    if (size == room && oldest != null) {
      remove(oldest);
    }
    entry.key = key(above, stateClass);
    entry.id = ++ids;
    int bucket = bucket(entry.key);
    entry.nextInBucket = buckets[bucket];
    buckets[bucket] = entry;
    link(entry);
    size++;
  }

  private void remove(Entry entry) {
    unlink(entry);
    int bucket = bucket(entry.key);
    Entry e = buckets[bucket];
    if (e == entry) {
      buckets[bucket] = entry.nextInBucket;
    } else {
      while (e != null && e.nextInBucket != entry) {
        e = e.nextInBucket;
      }
      if (e != null) {
        e.nextInBucket = entry.nextInBucket;
      }
    }
    size--;
  }

  private void link(Entry entry) {
    entry.older = newest;
    entry.newer = null;
    if (newest != null) {
      newest.newer = entry;
    }
    newest = entry;
    if (oldest == null) {
      oldest = entry;
    }
  }

  private void unlink(Entry entry) {
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
  }
}
