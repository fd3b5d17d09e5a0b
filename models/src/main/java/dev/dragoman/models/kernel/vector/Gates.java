package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Functions of each number of a row. */
final class Gates {
  private static final float ROOT_8_PI = 1.5957691216f;
  private static final float CUBE = 0.0713548162726f;

  private Gates() {}

  static void activate(Activation activation, int count, float[] y, int at) {
    switch (activation) {
      case NONE -> {}
      case RELU -> relu(count, y, at);
      case TANH -> softCap(count, 1, y, at);
      case GELU -> gelu(count, y, at);
      case GELU_TANH -> geluTanh(count, y, at);
      case SILU -> swish(1, count, y, at);
      case GELU_QUICK -> swish(1.702f, count, y, at);
      case SIGMOID -> sigmoid(count, y, at);
    }
  }

  private static void relu(int count, float[] y, int at) {
    for (int i = 0; i < count; i += LANES) {
      VectorMask<Float> m = Products.first(count - i);
      FloatVector.fromArray(S, y, at + i, m).max(0).intoArray(y, at + i, m);
    }
  }

  private static void gelu(int count, float[] y, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Curves.gelu(FloatVector.fromArray(S, y, at + i)).intoArray(y, at + i);
    }
    if (i < count) {
      VectorMask<Float> m = Products.first(count - i);
      Curves.gelu(FloatVector.fromArray(S, y, at + i, m)).intoArray(y, at + i, m);
    }
  }

  /**
   * x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), as {@code x / (1 + e^-u)}, which is the
   * same. Written out in the loop: a method that gives a vector back allocates it where it is not
   * inlined.
   */
  private static void geluTanh(int count, float[] y, int at) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, y, at + i);
      FloatVector u =
          x.mul(x).fma(FloatVector.broadcast(S, CUBE), FloatVector.broadcast(S, ROOT_8_PI)).mul(x);
      FloatVector e = Curves.exp(u.abs().neg());
      x.mul(e.blend(one, u.compare(VectorOperators.GE, 0))).div(e.add(1f)).intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float x = y[at + i];
      y[at + i] = (float) (x / (1 + Math.exp(-x * (CUBE * (double) x * x + ROOT_8_PI))));
    }
  }

  /** {@code x / (1 + e^(-slope * x))}. */
  private static void swish(float slope, int count, float[] y, int at) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, y, at + i);
      FloatVector e = Curves.exp(x.abs().mul(-slope));
      x.mul(e.blend(one, x.compare(VectorOperators.GE, 0))).div(e.add(1f)).intoArray(y, at + i);
    }
    for (; i < count; i++) {
      float x = y[at + i];
      y[at + i] = (float) (x / (1 + Math.exp(-slope * (double) x)));
    }
  }

  private static void sigmoid(int count, float[] y, int at) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, y, at + i);
      FloatVector e = Curves.exp(x.abs().neg());
      e.blend(one, x.compare(VectorOperators.GE, 0)).div(e.add(1f)).intoArray(y, at + i);
    }
    for (; i < count; i++) {
      y[at + i] = (float) (1 / (1 + Math.exp(-y[at + i])));
    }
  }

  /** {@code gate *= up}. */
  static void multiply(int count, float[] up, int upAt, float[] gate, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(S, gate, at + i)
          .mul(FloatVector.fromArray(S, up, upAt + i))
          .intoArray(gate, at + i);
    }
    for (; i < count; i++) {
      gate[at + i] *= up[upAt + i];
    }
  }

  static void softCap(int count, float cap, float[] y, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Curves.tanh(FloatVector.fromArray(S, y, at + i).div(cap)).mul(cap).intoArray(y, at + i);
    }
    if (i < count) {
      VectorMask<Float> m = Products.first(count - i);
      Curves.tanh(FloatVector.fromArray(S, y, at + i, m).div(cap)).mul(cap).intoArray(y, at + i, m);
    }
  }
}
