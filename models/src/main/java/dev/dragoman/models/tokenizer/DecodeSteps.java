package dev.dragoman.models.tokenizer;

import java.util.List;

/**
 * The steps that there are (<a
 * href="https://github.com/huggingface/tokenizers/tree/main/tokenizers/src/decoders">reference</a>).
 */
final class DecodeSteps {
  private static final List<List<String>> CLEANED =
      List.of(
          List.of(" .", "."),
          List.of(" ?", "?"),
          List.of(" !", "!"),
          List.of(" ,", ","),
          List.of(" ' ", "'"),
          List.of(" n't", "n't"),
          List.of(" 'm", "'m"),
          List.of(" do not", " don't"),
          List.of(" 's", "'s"),
          List.of(" 've", "'ve"),
          List.of(" 're", "'re"));

  private DecodeSteps() {}

  /** A step that looks at whole tokens. */
  abstract static class Whole implements DecodeStep.Sink {
    private final StringBuilder token = new StringBuilder();
    private int index;

    @Override
    public void text(CharSequence piece) {
      token.append(piece);
    }

    @Override
    public void endToken() {
      String whole = token.toString();
      token.setLength(0);
      token(whole, index++);
    }

    /** A complete token, and how many came before it. */
    abstract void token(String token, int index);

    static void give(String token, DecodeStep.Sink next) {
      next.text(token);
      next.endToken();
    }
  }

  /** No step: tokens with spaces between them. */
  static DecodeStep spaces() {
    return next ->
        new Whole() {
          @Override
          void token(String token, int index) {
            give(index == 0 ? token : " " + token, next);
          }

          @Override
          public void end() {
            next.end();
          }
        };
  }

  /** WordPiece: a token without the prefix starts a word. */
  static DecodeStep wordPiece(String prefix, boolean cleanup) {
    return next ->
        new Whole() {
          @Override
          void token(String token, int index) {
            String text =
                index == 0
                    ? token
                    : token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
            if (cleanup) {
              for (List<String> pair : CLEANED) {
                text = text.replace(pair.getFirst(), pair.getLast());
              }
            }
            give(text, next);
          }

          @Override
          public void end() {
            next.end();
          }
        };
  }

  /** Metaspace: the mark is a space, but not in the first token. */
  static DecodeStep metaspace(int mark, boolean prefixed) {
    String written = Character.toString(mark);
    return next ->
        new Whole() {
          @Override
          void token(String token, int index) {
            give(token.replace(written, index == 0 && prefixed ? "" : " "), next);
          }

          @Override
          public void end() {
            next.end();
          }
        };
  }

  /** Puts one thing for another. */
  static DecodeStep replace(Delimiter pattern, int[] content) {
    return next ->
        new Whole() {
          @Override
          void token(String token, int index) {
            Pieces in = new Pieces(token.length() + 1);
            in.append(token, 0, token.length());
            Pieces out = new Pieces(token.length() + 1);
            new Replace(pattern, content).normalize(in, out);
            give(out.toString(), next);
          }

          @Override
          public void end() {
            next.end();
          }
        };
  }

  /** All tokens are one from here on. */
  static DecodeStep fuse() {
    return next ->
        new DecodeStep.Sink() {
          @Override
          public void text(CharSequence piece) {
            next.text(piece);
          }

          @Override
          public void endToken() {}

          @Override
          public void end() {
            next.endToken();
            next.end();
          }
        };
  }

  /** Byte-level tokens are bytes of UTF-8; all are one text. */
  static final DecodeStep BYTE_LEVEL =
      next ->
          new Whole() {
            private final Utf8 utf8 = new Utf8();

            @Override
            void token(String token, int index) {
              StringBuilder text = new StringBuilder();
              for (byte b : ByteLevel.bytesOf(token)) {
                utf8.take(b & 0xFF, text);
              }
              next.text(text);
            }

            @Override
            public void end() {
              StringBuilder text = new StringBuilder();
              utf8.end(text);
              next.text(text);
              next.endToken();
              next.end();
            }
          };

  /** Drops so many of a character at the ends of each token. */
  static DecodeStep strip(int stripped, int start, int stop) {
    return next ->
        new DecodeStep.Sink() {
          private final StringBuilder held = new StringBuilder();
          private boolean begun;
          private int dropped;

          @Override
          public void text(CharSequence piece) {
            StringBuilder text = new StringBuilder();
            piece.codePoints().forEach(c -> one(c, text));
            next.text(text);
          }

          private void one(int c, StringBuilder text) {
            if (!begun && dropped < start && c == stripped) {
              dropped++;
              return;
            }
            begun = true;
            if (stop > 0 && c == stripped) {
              held.appendCodePoint(c);
            } else {
              text.append(held).appendCodePoint(c);
              held.setLength(0);
            }
          }

          @Override
          public void endToken() {
            int count = held.codePointCount(0, held.length());
            int kept = held.offsetByCodePoints(0, Math.max(0, count - stop));
            next.text(held.substring(0, kept));
            held.setLength(0);
            begun = false;
            dropped = 0;
            next.endToken();
          }

          @Override
          public void end() {
            next.end();
          }
        };
  }

  /** Tokens such as {@code <0xE2>} are bytes; those that make no characters are replaced. */
  static DecodeStep byteFallback() {
    return ByteFallback::new;
  }

  /** An end-of-word mark is a space, but not in the last token. */
  static DecodeStep suffix(String suffix) {
    return next ->
        new Whole() {
          private String last = "";
          private boolean any;

          @Override
          void token(String token, int index) {
            if (any) {
              give(last.replace(suffix, " "), next);
            }
            last = token;
            any = true;
          }

          @Override
          public void end() {
            if (any) {
              give(last.replace(suffix, ""), next);
            }
            next.end();
          }
        };
  }
}
