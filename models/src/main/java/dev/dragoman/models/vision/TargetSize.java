package dev.dragoman.models.vision;

/** How large a picture is to become. */
sealed interface TargetSize {
  /** Width and height. */
  record Size(int width, int height) {}

  /** What becomes of a picture of this size. */
  Size of(int width, int height);

  /** This size, whatever the picture's shape. */
  record Exact(int width, int height) implements TargetSize {
    @Override
    public Size of(int ownWidth, int ownHeight) {
      return new Size(width, height);
    }
  }

  /** The shorter edge becomes so long. */
  record ShortestEdge(int edge) implements TargetSize {
    @Override
    public Size of(int width, int height) {
      int shorter = Math.min(width, height);
      int longer = (int) ((double) edge * Math.max(width, height) / shorter);
      return width <= height ? new Size(edge, longer) : new Size(longer, edge);
    }
  }

  /** The shorter edge becomes so long, or less if the longer one would be longer than allowed. */
  record Edges(int shortest, int longest) implements TargetSize {
    @Override
    public Size of(int width, int height) {
      double shorter = Math.min(width, height);
      double longer = Math.max(width, height);
      double wanted = shortest;
      int edge = shortest;
      if (longer / shorter * shortest > longest) {
        wanted = longest * shorter / longer;
        edge = (int) Math.rint(wanted);
      }
      if (shorter == edge) {
        return new Size(width, height);
      }
      return width < height
          ? new Size(edge, (int) (wanted * height / width))
          : new Size((int) (wanted * width / height), edge);
    }
  }

  /** The largest with the picture's shape that fits into this. */
  record Within(int width, int height) implements TargetSize {
    @Override
    public Size of(int ownWidth, int ownHeight) {
      double scale = Math.min((double) height / ownHeight, (double) width / ownWidth);
      return new Size((int) (ownWidth * scale), (int) (ownHeight * scale));
    }
  }

  /** The longer edge becomes so long, the other one even. */
  record LongestEdge(int edge) implements TargetSize {
    private static final int MOST = 4096;

    @Override
    public Size of(int width, int height) {
      double shape = (double) width / height;
      int other = (int) (width >= height ? edge / shape : edge * shape);
      other = Math.max(1, other + other % 2);
      int longer = edge;
      if (longer > MOST) {
        double made = width >= height ? (double) longer / other : (double) other / longer;
        longer = MOST;
        other = Math.max(1, (int) (width >= height ? MOST / made : MOST * made));
      }
      return width >= height ? new Size(longer, other) : new Size(other, longer);
    }
  }
}
