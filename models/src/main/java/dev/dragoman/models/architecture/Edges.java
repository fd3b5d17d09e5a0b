package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;

/** A height and a width in pixels. */
record Edges(int height, int width) {
  private static final int MOST = 16_384;

  /** One number for both, or a list of the two. */
  static Edges read(ModelConfig file, String key, int absent) {
    Edges edges;
    if (file.isList(key)) {
      float[] both = file.floats(key);
      if (both.length != 2) {
        throw file.wrong(key, "a height and a width");
      }
      edges = new Edges((int) both[0], (int) both[1]);
    } else {
      int edge = file.positive(key, absent);
      edges = new Edges(edge, edge);
    }
    if (Math.min(edges.height, edges.width) < 1 || Math.max(edges.height, edges.width) > MOST) {
      throw file.wrong(key, "pixels from 1 to " + MOST);
    }
    return edges;
  }

  /** How many patches fit into it. */
  int patches(Edges patch) {
    return Math.multiplyExact(height / patch.height, width / patch.width);
  }
}
