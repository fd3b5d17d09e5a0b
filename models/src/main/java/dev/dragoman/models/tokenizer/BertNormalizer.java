package dev.dragoman.models.tokenizer;

/**
 * The normaliser of BERT (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/normalizers/bert.rs">reference</a>).
 *
 * @param cleanText drop control characters, make every white space a space
 * @param chinese put spaces around Chinese characters
 * @param stripAccents decompose and drop marks
 * @param lowercase make lower case
 */
record BertNormalizer(boolean cleanText, boolean chinese, boolean stripAccents, boolean lowercase)
    implements Normalizer {
  private static final int REPLACEMENT = 0xFFFD;

  @Override
  public void normalize(CharSequence text, int from, int to, Pieces out) {
    for (int i = from; i < to; ) {
      int start = i;
      int c = text.charAt(i++);
      if (c >= 0x80) {
        if (Character.isSurrogate((char) c)) {
          if (Character.isHighSurrogate((char) c)
              && i < to
              && Character.isLowSurrogate(text.charAt(i))) {
            c = Character.toCodePoint((char) c, text.charAt(i++));
          } else {
            c = REPLACEMENT;
          }
        }
        other(c, start, i, out);
      } else if (c >= 0x21 && c < 0x7F) {
        out.add(lowercase && c >= 'A' && c <= 'Z' ? c + 0x20 : c, start, i);
      } else if (!cleanText) {
        out.add(c, start, i);
      } else if (!CodePoints.isControl(c)) {
        out.add(' ', start, i);
      }
    }
  }

  @Override
  public boolean lowercases() {
    return lowercase;
  }

  private void other(int c, int start, int end, Pieces out) {
    if (cleanText) {
      if (CodePoints.isControl(c)) {
        return;
      }
      if (CodePoints.isSpace(c)) {
        out.add(' ', start, end);
        return;
      }
    }
    boolean alone = chinese && CodePoints.isChinese(c);
    if (alone) {
      out.add(' ', start, end);
    }
    if (stripAccents) {
      String parts = CodePoints.decomposed(c);
      for (int i = 0; i < parts.length(); ) {
        int part = parts.codePointAt(i);
        i += Character.charCount(part);
        if (!CodePoints.isMark(part)) {
          lower(part, start, end, out);
        }
      }
    } else {
      lower(c, start, end, out);
    }
    if (alone) {
      out.add(' ', start, end);
    }
  }

  private void lower(int c, int start, int end, Pieces out) {
    if (!lowercase) {
      out.add(c, start, end);
    } else if (c == 'İ') {
      out.add('i', start, end);
      out.add('\u0307', start, end);
    } else {
      out.add(CodePoints.lower(c), start, end);
    }
  }
}
