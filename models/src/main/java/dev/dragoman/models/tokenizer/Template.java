package dev.dragoman.models.tokenizer;

import java.util.List;

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
