package dev.dragoman.connectors.run;

import dev.dragoman.operators.record.DocumentId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.TreeSet;

/** Document ids, 16 bytes each, to be asked only whether they are there. */
final class IdSet {
  static final IdSet EMPTY = new IdSet(new long[0]);

  /** High and low halves, in the order of the ids. */
  private final long[] halves;

  private IdSet(long[] halves) {
    this.halves = halves;
  }

  static IdSet of(Collection<DocumentId> ids) {
    long[] halves = new long[0];
    int n = 0;
    Collection<DocumentId> sorted = new TreeSet<>(ids);
    halves = new long[2 * sorted.size()];
    for (DocumentId id : sorted) {
      halves[n++] = high(id);
      halves[n++] = low(id);
    }
    return new IdSet(halves);
  }

  static long high(DocumentId id) {
    return Long.parseUnsignedLong(id.value(), 0, 16, 16);
  }

  static long low(DocumentId id) {
    return Long.parseUnsignedLong(id.value(), 16, 32, 16);
  }

  int size() {
    return halves.length / 2;
  }

  boolean contains(DocumentId id) {
    return contains(high(id), low(id));
  }

  boolean contains(long high, long low) {
    int from = 0;
    int to = size() - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(halves[2 * middle], high);
      if (order == 0) {
        order = Long.compareUnsigned(halves[2 * middle + 1], low);
      }
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return false;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(halves.length);
    for (long half : halves) {
      out.writeLong(half);
    }
  }

  static IdSet read(DataInputStream in) throws IOException {
    long[] halves = new long[in.readInt()];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = in.readLong();
    }
    return new IdSet(halves);
  }
}
