package dev.dragoman.models.generate;

/** The best ways to go on with some texts, best first; equal ones in the order they came. */
final class Candidates {
  private final float[] scores;
  private final int[] parents;
  private final int[] tokens;
  private int count;

  Candidates(int most) {
    this.scores = new float[most];
    this.parents = new int[most];
    this.tokens = new int[most];
  }

  void clear() {
    count = 0;
  }

  /** Offers all tokens after one text, whose scores so far are added to. */
  void offer(int parent, float before, float[] logits, int at, int size, float zero) {
    float least = threshold(before, zero);
    for (int id = 0; id < size; id++) {
      // Nearly all are left here: one comparison each.
      if (logits[at + id] >= least) {
        float score = before + (logits[at + id] - zero);
        if (count < scores.length || score > scores[count - 1]) {
          insert(score, parent, id);
          least = threshold(before, zero);
        }
      }
    }
  }

  /** A score that is worth a look, with room for rounding. */
  private float threshold(float before, float zero) {
    if (count < scores.length) {
      return -Float.MAX_VALUE;
    }
    float least = scores[count - 1] - before + zero;
    return least - Math.abs(least) * 1e-5f;
  }

  private void insert(float score, int parent, int token) {
    int place = count < scores.length ? count++ : count - 1;
    while (place > 0 && score > scores[place - 1]) {
      scores[place] = scores[place - 1];
      parents[place] = parents[place - 1];
      tokens[place] = tokens[place - 1];
      place--;
    }
    scores[place] = score;
    parents[place] = parent;
    tokens[place] = token;
  }

  int count() {
    return count;
  }

  Beams.Next at(int index) {
    return new Beams.Next(parents[index], tokens[index], scores[index]);
  }
}
