package dev.dragoman.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens that a model wants around one text, or around two.
 *
 * @param single around one
 * @param pair around two
 */
record Template(List<Part> single, List<Part> pair) {
  /** A part of what the model is given. */
  sealed interface Part {
    /** The tokens' type: which of two texts a model takes them to belong to. */
    int type();
  }

  /** A text: the first, or the second. */
  record Text(boolean first, int type) implements Part {}

  /** Special tokens. */
  record Special(int[] ids, int type) implements Part {}

  static final Template NONE =
      new Template(List.of(new Text(true, 0)), List.of(new Text(true, 0), new Text(false, 1)));

  /** One token before each text and one after it, where there is one. */
  static Template around(@Nullable Integer before, @Nullable Integer after) {
    List<Part> single = new ArrayList<>();
    List<Part> pair = new ArrayList<>();
    for (int text = 0; text < 2; text++) {
      List<Part> parts = new ArrayList<>();
      if (before != null) {
        parts.add(new Special(new int[] {before}, text));
      }
      parts.add(new Text(text == 0, text));
      if (after != null) {
        parts.add(new Special(new int[] {after}, text));
      }
      if (text == 0) {
        single.addAll(parts);
      }
      pair.addAll(parts);
    }
    return new Template(List.copyOf(single), List.copyOf(pair));
  }

  /** How many special tokens there are among these. */
  static int specials(List<Part> parts) {
    int count = 0;
    for (Part part : parts) {
      if (part instanceof Special(int[] ids, int type)) {
        count += ids.length;
      }
    }
    return count;
  }
}
