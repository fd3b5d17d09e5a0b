package dev.dragoman.models.tokenizer;

import java.util.BitSet;
import java.util.List;

/**
 * Finds added tokens: leftmost first, of those the longest (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/added_vocabulary.rs">reference</a>).
 */
final class AddedTokens {
  /** A text that is seen as code points, at positions of its own. */
  interface Text {
    int end();

    int codePoint(int at);

    int next(int at);

    int previous(int at);
  }

  /** What is found. */
  interface Found {
    /** Stretches without a token come with none; says whether more is wanted. */
    boolean found(int from, int to, int id);
  }

  private final List<AddedToken> tokens;
  private final Trie trie = new Trie();
  private final BitSet firsts = new BitSet();

  /** Keys are the tokens' contents as they are to be looked for. */
  AddedTokens(List<AddedToken> tokens, List<String> keys) {
    this.tokens = tokens;
    for (int i = 0; i < tokens.size(); i++) {
      String key = keys.get(i);
      if (!key.isEmpty()) {
        trie.put(key, i);
        firsts.set(key.codePointAt(0));
      }
    }
  }

  boolean isEmpty() {
    return firsts.isEmpty();
  }

  /** Offers all stretches of the text in order, those without a token as {@link Trie#NONE}. */
  void split(Text text, int from, Found found) {
    int plain = from;
    int at = from;
    while (at < text.end()) {
      if (!firsts.get(text.codePoint(at))) {
        at = text.next(at);
        continue;
      }
      int index = Trie.NONE;
      int stop = at;
      int node = Trie.ROOT;
      for (int i = at; i < text.end(); ) {
        node = trie.next(node, text.codePoint(i));
        if (node == Trie.NONE) {
          break;
        }
        i = text.next(i);
        if (trie.value(node) != Trie.NONE) {
          index = trie.value(node);
          stop = i;
        }
      }
      if (index == Trie.NONE) {
        at = text.next(at);
        continue;
      }
      AddedToken token = tokens.get(index);
      int start = at;
      at = stop;
      if (token.singleWord()
          && ((start > from && CodePoints.isWord(text.codePoint(text.previous(start))))
              || (stop < text.end() && CodePoints.isWord(text.codePoint(stop))))) {
        continue;
      }
      if (token.leftStrip()) {
        while (start > plain && CodePoints.isSpace(text.codePoint(text.previous(start)))) {
          start = text.previous(start);
        }
      }
      if (token.rightStrip()) {
        while (stop < text.end() && CodePoints.isSpace(text.codePoint(stop))) {
          stop = text.next(stop);
        }
        at = stop;
      }
      if (plain < start && !found.found(plain, start, Trie.NONE)) {
        return;
      }
      if (!found.found(start, stop, token.id())) {
        return;
      }
      plain = stop;
    }
    if (plain < text.end()) {
      found.found(plain, text.end(), Trie.NONE);
    }
  }
}
