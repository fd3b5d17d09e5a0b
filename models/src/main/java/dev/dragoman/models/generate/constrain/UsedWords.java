package dev.dragoman.models.generate.constrain;

import java.util.Arrays;

/**
 * The text of one generation and the words in it: property names, and items that must differ. Lists
 * of words share their tails; a list is the number of its last word.
 */
final class UsedWords {
  static final int NONE = -1;
  static final int REPEATED = -2;

  private byte[] text;
  private int length;
  private int opened;
  private int[] previous;
  private int[] sets;
  private int[] starts;
  private int[] ends;
  private int count;

  UsedWords() {
    text = new byte[256];
    previous = new int[16];
    sets = new int[16];
    starts = new int[16];
    ends = new int[16];
  }

  UsedWords copy() {
    UsedWords copy = new UsedWords();
    copy.text = text.clone();
    copy.length = length;
    copy.opened = opened;
    copy.previous = previous.clone();
    copy.sets = sets.clone();
    copy.starts = starts.clone();
    copy.ends = ends.clone();
    copy.count = count;
    return copy;
  }

  int length() {
    return length;
  }

  int count() {
    return count;
  }

  int opened() {
    return opened;
  }

  /** Goes back to an earlier length, count and opening. */
  void cut(int textLength, int wordCount, int wordOpened) {
    length = textLength;
    count = wordCount;
    opened = wordOpened;
  }

  void append(byte b) {
    if (length == text.length) {
      text = Arrays.copyOf(text, length * 2);
    }
    text[length++] = b;
  }

  /** A word starts after the last byte. */
  void open() {
    opened = length;
  }

  /** The list with the word before the closing quote, the last byte; or {@link #REPEATED}. */
  int add(int list, int set) {
    int end = length - 1;
    for (int word = list; word >= 0; word = previous[word]) {
      if (sets[word] == set && Arrays.equals(text, starts[word], ends[word], text, opened, end)) {
        return REPEATED;
      }
    }
    if (count == sets.length) {
      previous = Arrays.copyOf(previous, count * 2);
      sets = Arrays.copyOf(sets, count * 2);
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    previous[count] = list;
    sets[count] = set;
    starts[count] = opened;
    ends[count] = end;
    return count++;
  }

  /**
   * Takes from a mask the tokens that would repeat a word of the list, or that leave no word to go
   * on with which is not in the list.
   */
  void forbidRepeats(long[] mask, TokenTrie trie, Automaton automaton, int state, int list) {
    int set = automaton.wordOf(state);
    int prefix = length - opened;
    for (int word = list; word >= 0; word = previous[word]) {
      if (sets[word] == set && startsLike(word, opened, prefix)) {
        forbid(mask, trie, automaton, state, list, word, prefix);
      }
    }
  }

  private void forbid(
      long[] mask, TokenTrie trie, Automaton automaton, int from, int list, int word, int prefix) {
    int state = from;
    int node = TokenTrie.ROOT;
    int size = ends[word] - starts[word];
    for (int i = prefix; i <= size; i++) {
      int next = i < size ? text[starts[word] + i] & 0xFF : '"';
      state = automaton.next(state, next);
      node = trie.child(node, next);
      if (node == TokenTrie.NONE) {
        return;
      }
      int possible = automaton.wordCount(state);
      boolean closed = i == size;
      if (closed || possible != Automaton.ENDLESS && taken(list, word, i + 1) >= possible) {
        trie.forbidFrom(node, mask);
        return;
      }
    }
  }

  /** How many words of the list are of the word's set and start with its first bytes. */
  private int taken(int list, int word, int prefix) {
    int taken = 0;
    for (int other = list; other >= 0; other = previous[other]) {
      if (sets[other] == sets[word] && startsLike(other, starts[word], prefix)) {
        taken++;
      }
    }
    return taken;
  }

  private boolean startsLike(int word, int from, int prefix) {
    return ends[word] - starts[word] >= prefix
        && Arrays.equals(text, starts[word], starts[word] + prefix, text, from, from + prefix);
  }
}
