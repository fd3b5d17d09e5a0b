package dev.dragoman.models.tokenizer;

import java.util.Map;

/**
 * WordPiece: the longest token that starts the word, then the longest continuation, and so on; a
 * word that cannot be covered is one unknown token (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/wordpiece/mod.rs">reference</a>).
 */
final class WordPiece implements TokenModel {
  private final Trie first = new Trie();
  private final Trie next = new Trie();
  private final int unknown;
  private final int longest;

  /**
   * A model.
   *
   * @param continuation what tokens that continue a word begin with in the vocabulary
   * @param longest words of more code points are unknown
   */
  WordPiece(Map<String, Integer> vocabulary, String continuation, int unknown, int longest) {
    this.unknown = unknown;
    this.longest = longest;
    vocabulary.forEach((token, id) -> {
      first.put(token, id);
      if (token.startsWith(continuation)) {
        next.put(token.substring(continuation.length()), id);
      }
    });
  }

  @Override
  public PreTokenizer.Words into(TokenBuffer out) {
    return (pieces, from, to) -> {
      tokenize(pieces, from, to, out);
      return !out.full();
    };
  }

  private void tokenize(Pieces pieces, int from, int to, TokenBuffer out) {
    if (to - from > longest || !covered(pieces, from, to)) {
      out.add(unknown, pieces.start(from), pieces.end(to - 1));
      return;
    }
    Trie trie = first;
    for (int at = from; at < to; trie = next) {
      int node = Trie.ROOT;
      int id = Trie.NONE;
      int end = at;
      for (int i = at; i < to; i++) {
        node = trie.next(node, pieces.codePoint(i));
        if (node == Trie.NONE) {
          break;
        }
        if (trie.value(node) != Trie.NONE) {
          id = trie.value(node);
          end = i + 1;
        }
      }
      out.add(id, pieces.start(at), pieces.end(end - 1));
      at = end;
    }
  }

  private boolean covered(Pieces pieces, int from, int to) {
    Trie trie = first;
    for (int at = from; at < to; trie = next) {
      int node = Trie.ROOT;
      int end = at;
      for (int i = at; i < to; i++) {
        node = trie.next(node, pieces.codePoint(i));
        if (node == Trie.NONE) {
          break;
        }
        if (trie.value(node) != Trie.NONE) {
          end = i + 1;
        }
      }
      if (end == at) {
        return false;
      }
      at = end;
    }
    return true;
  }
}
