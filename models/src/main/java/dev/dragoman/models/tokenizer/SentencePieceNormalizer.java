package dev.dragoman.models.tokenizer;

/**
 * Normalises as SentencePiece does: at each place the longest rule, then spaces (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/normalizer.cc">reference:
 * Normalizer::Normalize</a>).
 *
 * @param map the rules
 * @param prefix a space is put before the text
 * @param fewSpaces none at the ends, and never two
 * @param marked a space is written as a mark
 * @param kept strings that stay as they are
 */
record SentencePieceNormalizer(
    CharsMap map, boolean prefix, boolean fewSpaces, boolean marked, Trie kept)
    implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    int space = marked ? BpeBuilder.MARK : ' ';
    boolean afterSpace = fewSpaces;
    boolean begun = false;
    for (int i = 0; i < in.size(); ) {
      int keptEnd = keptEnd(in, i);
      int end = keptEnd;
      int found = CharsMap.NONE;
      if (keptEnd == i) {
        end = i + 1;
        int place = map.root();
        for (int j = i; j < in.size(); j++) {
          int next = map.nextCodePoint(place, in.codePoint(j));
          if (next == CharsMap.NONE) {
            break;
          }
          if (CharsMap.isRule(next)) {
            found = next;
            end = j + 1;
          }
          place = CharsMap.place(next);
        }
      }
      int[] content = found == CharsMap.NONE ? null : map.content(found);
      int length = content == null ? end - i : content.length;
      for (int j = 0; j < length; j++) {
        int c = content == null ? in.codePoint(i + j) : content[j];
        if (c == ' ' && afterSpace && fewSpaces) {
          continue;
        }
        if (!begun && prefix) {
          out.add(space, in.start(i), in.start(i));
        }
        begun = true;
        int from = content == null ? i + j : i;
        int to = content == null ? i + j : end - 1;
        out.add(c == ' ' ? space : c, in.start(from), in.end(to));
        afterSpace = j == length - 1 && c == ' ';
      }
      i = end;
    }
    int size = out.size();
    while (fewSpaces && size > 0 && out.codePoint(size - 1) == space) {
      size--;
    }
    out.cut(size);
  }

  private int keptEnd(Pieces in, int from) {
    int node = Trie.ROOT;
    int end = from;
    for (int i = from; i < in.size(); i++) {
      node = kept.next(node, in.codePoint(i));
      if (node == Trie.NONE) {
        break;
      }
      if (kept.value(node) != Trie.NONE) {
        end = i + 1;
      }
    }
    return end;
  }
}
