package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each id is, and the id of each token. */
final class Vocabulary {
  private static final int FEW = 1 << 20;

  private final List<String> names;
  private final Map<String, Integer> ids;

  private Vocabulary(List<String> names, Map<String, Integer> ids) {
    this.names = names;
    this.ids = ids;
  }

  /**
   * Tokens of a model and those added to it; an id that is no token's is the empty string.
   *
   * @throws ModelException if ids are far apart
   */
  static Vocabulary of(String file, Map<String, Integer> model, List<AddedToken> added) {
    int last = model.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    for (AddedToken token : added) {
      last = Math.max(last, token.id());
    }
    if (last > FEW && last / 8 > model.size() + added.size()) {
      throw new ModelException(
          "%s: the id %d is too high for %d tokens".formatted(file, last, model.size()));
    }
    Map<String, Integer> ids = new HashMap<>(model);
    List<String> names = new ArrayList<>(Collections.nCopies(last + 1, ""));
    model.forEach((name, id) -> names.set(id, name));
    added.forEach(token -> {
      names.set(token.id(), token.content());
      ids.put(token.content(), token.id());
    });
    return new Vocabulary(List.copyOf(names), Map.copyOf(ids));
  }

  static Vocabulary of(List<String> names, Map<String, Integer> ids) {
    return new Vocabulary(List.copyOf(names), Map.copyOf(ids));
  }

  int size() {
    return names.size();
  }

  List<String> names() {
    return names;
  }

  /** The id, or -1. */
  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** How offsets of byte-level tokens are trimmed. */
  TokenBuffer.Trim trim(boolean prefixSpace) {
    short[] leading = new short[size()];
    short[] trailing = new short[size()];
    for (int id = 0; id < size(); id++) {
      int[] name = names.get(id).codePoints().toArray();
      int i = 0;
      while (i < name.length && isSpace(name[i])) {
        i++;
      }
      int j = name.length;
      while (j > 0 && isSpace(name[j - 1])) {
        j--;
      }
      leading[id] = (short) Math.min(i, Short.MAX_VALUE);
      trailing[id] = (short) Math.min(name.length - j, Short.MAX_VALUE);
    }
    return new TokenBuffer.Trim(prefixSpace, leading, trailing);
  }

  private static boolean isSpace(int c) {
    return c == ByteLevel.character(' ') || CodePoints.isSpace(c);
  }
}
