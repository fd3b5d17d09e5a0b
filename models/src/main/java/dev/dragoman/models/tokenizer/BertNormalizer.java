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
  @Override
  public void normalize(Pieces in, Pieces out) {
    for (int i = 0; i < in.size(); i++) {
      int c = in.codePoint(i);
      int start = in.start(i);
      int end = in.end(i);
      if (c >= 0x80) {
        other(c, start, end, out);
      } else if (c >= 0x21 && c < 0x7F) {
        out.add(lowercase && c >= 'A' && c <= 'Z' ? c + 0x20 : c, start, end);
      } else if (!cleanText) {
        out.add(c, start, end);
      } else if (!CodePoints.isControl(c)) {
        out.add(' ', start, end);
      }
    }
  }

  @Override
  public boolean lowercases() {
    return lowercase;
  }

  @Override
  public boolean local() {
    return true;
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
