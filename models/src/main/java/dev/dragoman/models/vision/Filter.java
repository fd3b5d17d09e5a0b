package dev.dragoman.models.vision;

/** What the pixels around one are weighed with, by how far they are away. */
enum Filter {
  NEAREST(0) {
    @Override
    double weight(double distance) {
      throw new IllegalStateException("nothing is weighed");
    }
  },
  LANCZOS(3) {
    @Override
    double weight(double distance) {
      return -3 <= distance && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
    }
  },
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((BEND + 2) * x - (BEND + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * BEND : 0;
    }
  },
  BOX(0.5) {
    @Override
    double weight(double distance) {
      return -0.5 < distance && distance <= 0.5 ? 1 : 0;
    }
  },
  HAMMING(1) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      return x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
    }
  };

  private static final double BEND = -0.5;

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** How far it reaches. */
  double support() {
    return support;
  }

  abstract double weight(double distance);

  private static double sinc(double x) {
    double turned = Math.PI * x;
    return x == 0 ? 1 : Math.sin(turned) / turned;
  }
}
