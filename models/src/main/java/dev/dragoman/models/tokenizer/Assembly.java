package dev.dragoman.models.tokenizer;

import dev.dragoman.models.Tokenizer.Pair;
import dev.dragoman.models.Tokenizer.Tokens;
import java.util.Arrays;
import java.util.List;

/** Puts special tokens around those of one text, or of two. */
record Assembly(List<Template.Part> parts, Tokens first, Tokens second) {
  static Tokens cut(Tokens tokens, int size) {
    return tokens.size() <= size
        ? tokens
        : new Tokens(
            Arrays.copyOf(tokens.ids(), size),
            Arrays.copyOf(tokens.starts(), size),
            Arrays.copyOf(tokens.ends(), size));
  }

  Pair pair() {
    int size = Template.specials(parts);
    for (Template.Part part : parts) {
      if (part instanceof Template.Text(boolean one, int type)) {
        size += one ? first.size() : second.size();
      }
    }
    Tokens all = new Tokens(new int[size], new int[size], new int[size]);
    int[] types = new int[size];
    int[] texts = new int[size];
    int at = 0;
    for (Template.Part part : parts) {
      int from = at;
      switch (part) {
        case Template.Special(int[] ids, int type) -> {
          System.arraycopy(ids, 0, all.ids(), at, ids.length);
          at += ids.length;
        }
        case Template.Text(boolean one, int type) -> {
          Tokens text = one ? first : second;
          System.arraycopy(text.ids(), 0, all.ids(), at, text.size());
          System.arraycopy(text.starts(), 0, all.starts(), at, text.size());
          System.arraycopy(text.ends(), 0, all.ends(), at, text.size());
          Arrays.fill(texts, at, at + text.size(), one ? 1 : 2);
          at += text.size();
        }
      }
      Arrays.fill(types, from, at, part.type());
    }
    return new Pair(all, types, texts);
  }
}
