package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** A partition of 0 to n-1 that is refined, with the list of blocks still to refine by. */
final class Partition {
  final int[] blockOf;
  private final int[] elements;
  private final int[] place;
  private final int[] start;
  private final int[] end;
  private final int[] hits;
  private final int[] touched;
  private final int[] work;
  private final BitSet inWork = new BitSet();
  private int workSize;
  private int blocks = 1;

  Partition(int n) {
    blockOf = new int[n];
    elements = new int[n];
    place = new int[n];
    Arrays.setAll(elements, i -> i);
    Arrays.setAll(place, i -> i);
    start = new int[n];
    end = new int[n];
    end[0] = n;
    hits = new int[n];
    touched = new int[n];
    work = new int[n];
    addWork(0);
  }

  /** Parts the elements for which the condition holds from those for which it does not. */
  void split(IntPredicate condition) {
    int[] chosen = new int[elements.length];
    int count = 0;
    for (int i = 0; i < elements.length; i++) {
      if (condition.test(i)) {
        chosen[count++] = i;
      }
    }
    splitBy(chosen, count);
  }

  /** Parts each block into the chosen elements, each named once, and the others. */
  void splitBy(int[] chosen, int count) {
    int blocksTouched = 0;
    for (int i = 0; i < count; i++) {
      int element = chosen[i];
      int block = blockOf[element];
      if (hits[block] == 0) {
        touched[blocksTouched++] = block;
      }
      int to = start[block] + hits[block]++;
      int other = elements[to];
      int from = place[element];
      elements[from] = other;
      place[other] = from;
      elements[to] = element;
      place[element] = to;
    }
    for (int i = 0; i < blocksTouched; i++) {
      int block = touched[i];
      int hit = hits[block];
      hits[block] = 0;
      if (hit < end[block] - start[block]) {
        divide(block, hit);
      }
    }
  }

  private void divide(int block, int hit) {
    int middle = start[block] + hit;
    int fresh = blocks++;
    if (hit <= end[block] - middle) {
      start[fresh] = start[block];
      end[fresh] = middle;
      start[block] = middle;
    } else {
      start[fresh] = middle;
      end[fresh] = end[block];
      end[block] = middle;
    }
    for (int i = start[fresh]; i < end[fresh]; i++) {
      blockOf[elements[i]] = fresh;
    }
    addWork(fresh);
  }

  private void addWork(int block) {
    if (!inWork.get(block)) {
      inWork.set(block);
      work[workSize++] = block;
    }
  }

  /** Takes a block from the list, or -1 where it is empty. */
  int takeWork() {
    if (workSize == 0) {
      return -1;
    }
    int block = work[--workSize];
    inWork.clear(block);
    return block;
  }

  int[] members(int block) {
    return Arrays.copyOfRange(elements, start[block], end[block]);
  }
}
