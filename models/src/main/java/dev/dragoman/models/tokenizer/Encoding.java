package dev.dragoman.models.tokenizer;

import dev.dragoman.models.Tokenizer.Tokens;

/** One text on its way through the steps, with the scratch it needs. */
final class Encoding {
  /** Longer texts are done in parts where that changes nothing. */
  private static final int PART = 1 << 16;

  private final Steps steps;
  private final AddedTokens raw;
  private final AddedTokens normalized;
  private final String text;
  private final TokenBuffer out;
  private final PreTokenizer.Words words;
  private Pieces pieces = new Pieces();
  private Pieces spare = new Pieces(0);

  Encoding(Steps steps, AddedTokens raw, AddedTokens normalized, String text, int limit) {
    this.steps = steps;
    this.raw = raw;
    this.normalized = normalized;
    this.text = text;
    this.out = new TokenBuffer(text, limit, steps.trim());
    PreTokenizer.Words chain = steps.model().into(out);
    for (PreTokenizer step : steps.preTokenizers().reversed()) {
      chain = step.before(chain);
    }
    this.words = chain;
  }

  Tokens tokens() {
    if (raw.isEmpty()) {
      plain(0, text.length());
    } else {
      raw.split(
          new Source(text),
          0,
          (from, to, id) -> {
            if (id == Trie.NONE) {
              plain(from, to);
            } else {
              matched(from, to, id);
            }
            return !out.full();
          });
    }
    return out.toTokens();
  }

  private void matched(int from, int to, int id) {
    int first = from;
    while (first < to && CodePoints.isSpace(text.charAt(first))) {
      first++;
    }
    int last = to;
    while (last > from && CodePoints.isSpace(text.charAt(last - 1))) {
      last--;
    }
    out.addMatched(id, from, to, first - from, to - last);
  }

  private void plain(int from, int to) {
    for (int start = from; start < to && !out.full(); ) {
      int end = part(start, to);
      pieces.clear();
      pieces.append(text, start, end);
      for (Normalizer normalizer : steps.normalizers()) {
        spare.clear();
        normalizer.normalize(pieces, spare);
        Pieces done = spare;
        spare = pieces;
        pieces = done;
      }
      if (normalized.isEmpty()) {
        words(0, pieces.size());
      } else {
        withAdded();
      }
      start = end;
    }
  }

  private int part(int from, int to) {
    if (to - from <= PART || !divisible()) {
      return to;
    }
    PreTokenizer first = steps.preTokenizers().getFirst();
    for (int i = from + PART; i > from; i--) {
      if (first.neverInside(text.charAt(i - 1))) {
        return i;
      }
    }
    for (int i = from + PART; i < to; i++) {
      if (first.neverInside(text.charAt(i))) {
        return i + 1;
      }
    }
    return to;
  }

  private boolean divisible() {
    return normalized.isEmpty()
        && !steps.preTokenizers().isEmpty()
        && steps.normalizers().stream().allMatch(Normalizer::local);
  }

  private void withAdded() {
    normalized.split(
        new Normalized(pieces),
        0,
        (from, to, id) -> {
          if (id == Trie.NONE) {
            words(from, to);
          } else {
            matchedNormal(from, to, id);
          }
          return !out.full();
        });
  }

  private void matchedNormal(int from, int to, int id) {
    int first = from;
    while (first < to && CodePoints.isSpace(pieces.codePoint(first))) {
      first++;
    }
    int last = to;
    while (last > from && CodePoints.isSpace(pieces.codePoint(last - 1))) {
      last--;
    }
    out.addMatched(id, pieces.start(from), pieces.end(to - 1), first - from, to - last);
  }

  private void words(int from, int to) {
    if (from < to) {
      words.word(pieces, from, to);
    }
  }

  private record Source(String text) implements AddedTokens.Text {
    @Override
    public int end() {
      return text.length();
    }

    @Override
    public int codePoint(int at) {
      return text.codePointAt(at);
    }

    @Override
    public int next(int at) {
      return at + Character.charCount(text.codePointAt(at));
    }

    @Override
    public int previous(int at) {
      return at - Character.charCount(text.codePointBefore(at));
    }
  }

  private record Normalized(Pieces pieces) implements AddedTokens.Text {
    @Override
    public int end() {
      return pieces.size();
    }

    @Override
    public int codePoint(int at) {
      return pieces.codePoint(at);
    }

    @Override
    public int next(int at) {
      return at + 1;
    }

    @Override
    public int previous(int at) {
      return at - 1;
    }
  }
}
