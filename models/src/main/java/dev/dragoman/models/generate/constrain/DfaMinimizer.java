package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Makes a deterministic automaton minimal: states that are not reached or lead nowhere go, equal
 * states become one (Hopcroft 1971), equal byte classes become one, states are numbered breadth
 * first.
 */
final class DfaMinimizer {
  private final int classes;
  private final int[] next;
  private final BitSet accepting;
  private final int size;

  private DfaMinimizer(int classes, int[] next, BitSet accepting) {
    this.classes = classes;
    this.next = next;
    this.accepting = accepting;
    this.size = next.length / classes;
  }

  static ByteDfa minimize(int[] classOf, int classes, int[] next, BitSet accepting, Budget budget) {
    budget.spend(4L * next.length);
    return new DfaMinimizer(classes, next, accepting).run(classOf);
  }

  private ByteDfa run(int[] classOf) {
    BitSet live = live();
    if (!live.get(0)) {
      return new ByteDfa(new byte[256], 1, new int[] {ByteDfa.NONE}, new BitSet());
    }
    int[] block = refine(live);
    return number(classOf, block);
  }

  /** States from which an accepting state can be reached. */
  private BitSet live() {
    int[] count = new int[size + 1];
    for (int to : next) {
      if (to >= 0) {
        count[to + 1]++;
      }
    }
    for (int i = 0; i < size; i++) {
      count[i + 1] += count[i];
    }
    int[] sources = new int[count[size]];
    int[] fill = Arrays.copyOf(count, size);
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        sources[fill[next[i]]++] = i / classes;
      }
    }
    BitSet live = (BitSet) accepting.clone();
    int[] queue = new int[size];
    int tail = 0;
    for (int s = live.nextSetBit(0); s >= 0; s = live.nextSetBit(s + 1)) {
      queue[tail++] = s;
    }
    for (int head = 0; head < tail; head++) {
      for (int i = count[queue[head]]; i < count[queue[head] + 1]; i++) {
        if (!live.get(sources[i])) {
          live.set(sources[i]);
          queue[tail++] = sources[i];
        }
      }
    }
    return live;
  }

  /** The block of each state; dead states and the missing state share one. */
  private int[] refine(BitSet live) {
    int sink = size;
    int total = size + 1;
    int[][] heads = new int[classes][];
    int[][] sources = new int[classes][];
    for (int c = 0; c < classes; c++) {
      int[] head = new int[total + 1];
      for (int s = 0; s < total; s++) {
        head[target(live, s, c, sink) + 1]++;
      }
      for (int s = 0; s < total; s++) {
        head[s + 1] += head[s];
      }
      int[] fill = Arrays.copyOf(head, total);
      int[] source = new int[total];
      for (int s = 0; s < total; s++) {
        source[fill[target(live, s, c, sink)]++] = s;
      }
      heads[c] = head;
      sources[c] = source;
    }
    Partition partition = new Partition(total);
    partition.split(accepting::get);
    partition.split(s -> s == sink || !live.get(s));
    int[] marked = new int[total];
    while (true) {
      int splitter = partition.takeWork();
      if (splitter < 0) {
        return partition.blockOf;
      }
      int[] members = partition.members(splitter);
      for (int c = 0; c < classes; c++) {
        int count = 0;
        for (int member : members) {
          for (int i = heads[c][member]; i < heads[c][member + 1]; i++) {
            marked[count++] = sources[c][i];
          }
        }
        partition.splitBy(marked, count);
      }
    }
  }

  private int target(BitSet live, int state, int c, int sink) {
    if (state == sink || !live.get(state)) {
      return sink;
    }
    int to = next[state * classes + c];
    return to < 0 || !live.get(to) ? sink : to;
  }

  private ByteDfa number(int[] classOf, int[] block) {
    int dead = block[size];
    int[] numberOf = new int[size + 1];
    Arrays.fill(numberOf, -1);
    int[] member = new int[size];
    int count = 0;
    numberOf[block[0]] = count;
    member[count++] = 0;
    int[] order = firstUse(classOf);
    for (int head = 0; head < count; head++) {
      for (int c : order) {
        int to = next[member[head] * classes + c];
        if (to >= 0 && block[to] != dead && numberOf[block[to]] < 0) {
          numberOf[block[to]] = count;
          member[count++] = to;
        }
      }
    }
    int[][] columns = new int[classes][count];
    for (int c = 0; c < classes; c++) {
      for (int s = 0; s < count; s++) {
        int to = next[member[s] * classes + c];
        columns[c][s] = to < 0 || block[to] == dead ? ByteDfa.NONE : numberOf[block[to]];
      }
    }
    return merged(classOf, columns, count, member);
  }

  private ByteDfa merged(int[] classOf, int[][] columns, int count, int[] member) {
    int[] merged = new int[classes];
    int[] columnOf = new int[classes];
    Arrays.fill(merged, -1);
    int kept = 0;
    byte[] classOfByte = new byte[256];
    for (int b = 0; b < 256; b++) {
      int c = classOf[b];
      for (int k = 0; k < kept && merged[c] < 0; k++) {
        if (Arrays.equals(columns[columnOf[k]], columns[c])) {
          merged[c] = k;
        }
      }
      if (merged[c] < 0) {
        merged[c] = kept;
        columnOf[kept++] = c;
      }
      classOfByte[b] = (byte) merged[c];
    }
    int[] table = new int[count * kept];
    BitSet accepts = new BitSet();
    for (int s = 0; s < count; s++) {
      for (int k = 0; k < kept; k++) {
        table[s * kept + k] = columns[columnOf[k]][s];
      }
      accepts.set(s, accepting.get(member[s]));
    }
    return new ByteDfa(classOfByte, kept, table, accepts);
  }

  /** The classes in the order of their first byte. */
  private int[] firstUse(int[] classOf) {
    int[] order = new int[classes];
    boolean[] seen = new boolean[classes];
    int count = 0;
    for (int c : classOf) {
      if (!seen[c]) {
        seen[c] = true;
        order[count++] = c;
      }
    }
    return Arrays.copyOf(order, count);
  }
}
