package dev.dragoman.models.tokenizer;

import dev.dragoman.models.Tokenizer;
import java.util.List;

/** The steps of a tokenizer, put together. Has no state, so any number of threads may use it. */
public final class PipelineTokenizer implements Tokenizer {
  /** Longer texts are done in parts, so that scratch does not grow with the text. */
  private static final int PART = 1 << 16;

  private final Normalizer normalizer;
  private final PreTokenizer preTokenizer;
  private final TokenModel model;
  private final AddedTokens raw;
  private final AddedTokens normalized;
  private final List<String> vocabulary;
  private final int[] prefix;
  private final int[] suffix;

  PipelineTokenizer(
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      TokenModel model,
      List<AddedToken> added,
      List<String> vocabulary,
      int[] prefix,
      int[] suffix) {
    this.normalizer = normalizer;
    this.preTokenizer = preTokenizer;
    this.model = model;
    this.vocabulary = vocabulary;
    this.prefix = prefix;
    this.suffix = suffix;
    List<AddedToken> asWritten = added.stream().filter(token -> !token.normalized()).toList();
    this.raw = new AddedTokens(asWritten, asWritten.stream().map(AddedToken::content).toList());
    List<AddedToken> others = added.stream().filter(AddedToken::normalized).toList();
    this.normalized =
        new AddedTokens(others, others.stream().map(token -> normal(token.content())).toList());
  }

  private String normal(String content) {
    Pieces pieces = new Pieces();
    normalizer.normalize(content, 0, content.length(), pieces);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      text.appendCodePoint(pieces.codePoint(i));
    }
    return text.toString();
  }

  @Override
  public Tokens encode(String text) {
    return encode(text, Integer.MAX_VALUE);
  }

  /** The first tokens of a text; what comes after them is not looked at. */
  public Tokens encode(String text, int limit) {
    TokenBuffer out = new TokenBuffer(limit);
    Pieces pieces = new Pieces();
    if (raw.isEmpty()) {
      plain(text, 0, text.length(), pieces, out);
    } else {
      raw.split(
          new Source(text),
          0,
          (from, to, id) -> {
            if (id == Trie.NONE) {
              plain(text, from, to, pieces, out);
            } else {
              out.add(id, from, to);
            }
            return !out.full();
          });
    }
    return out.toTokens();
  }

  @Override
  public Tokens encodeForModel(String text, int limit) {
    int around = prefix.length + suffix.length;
    if (limit < around) {
      throw new IllegalArgumentException("a limit of " + limit + " leaves no room for any token");
    }
    Tokens inner = encode(text, limit - around);
    int size = inner.size() + around;
    int[] ids = new int[size];
    int[] starts = new int[size];
    int[] ends = new int[size];
    System.arraycopy(prefix, 0, ids, 0, prefix.length);
    System.arraycopy(inner.ids(), 0, ids, prefix.length, inner.size());
    System.arraycopy(inner.starts(), 0, starts, prefix.length, inner.size());
    System.arraycopy(inner.ends(), 0, ends, prefix.length, inner.size());
    System.arraycopy(suffix, 0, ids, prefix.length + inner.size(), suffix.length);
    return new Tokens(ids, starts, ends);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.get(id);
  }

  /** Whether upper and lower case are the same to it. */
  public boolean lowercases() {
    return normalizer.lowercases();
  }

  private void plain(String text, int from, int to, Pieces pieces, TokenBuffer out) {
    for (int start = from; start < to && !out.full(); ) {
      int end = part(text, start, to);
      pieces.clear();
      normalizer.normalize(text, start, end, pieces);
      if (normalized.isEmpty()) {
        words(pieces, out);
      } else {
        withAdded(pieces, out);
      }
      start = end;
    }
  }

  private int part(String text, int from, int to) {
    if (to - from <= PART || !normalized.isEmpty()) {
      return to;
    }
    for (int i = from + PART; i > from; i--) {
      if (preTokenizer.neverInside(text.charAt(i - 1))) {
        return i;
      }
    }
    for (int i = from + PART; i < to; i++) {
      if (preTokenizer.neverInside(text.charAt(i))) {
        return i + 1;
      }
    }
    return to;
  }

  private void withAdded(Pieces pieces, TokenBuffer out) {
    normalized.split(
        new Normalized(pieces),
        0,
        (from, to, id) -> {
          if (id == Trie.NONE) {
            Pieces between = new Pieces();
            for (int i = from; i < to; i++) {
              between.add(pieces.codePoint(i), pieces.start(i), pieces.end(i));
            }
            words(between, out);
          } else {
            out.add(id, pieces.start(from), pieces.end(to - 1));
          }
          return !out.full();
        });
  }

  private void words(Pieces pieces, TokenBuffer out) {
    preTokenizer.split(
        pieces,
        (words, from, to) -> {
          model.tokenize(words, from, to, out);
          return !out.full();
        });
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
