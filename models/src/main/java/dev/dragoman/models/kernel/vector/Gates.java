package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Functions of each number of a row. */
final class Gates {
  private Gates() {}

  static void activate(Activation activation, int count, float[] y, int at) {
    switch (activation) {
      case NONE -> {}
      case RELU -> relu(count, y, at);
      case TANH -> softCap(count, 1, y, at);
      case GELU -> gelu(count, y, at);
      case GELU_TANH -> geluTanh(count, y, at);
      case SILU -> silu(count, y, at);
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

  private static void geluTanh(int count, float[] y, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Curves.geluTanh(FloatVector.fromArray(S, y, at + i)).intoArray(y, at + i);
    }
    if (i < count) {
      VectorMask<Float> m = Products.first(count - i);
      Curves.geluTanh(FloatVector.fromArray(S, y, at + i, m)).intoArray(y, at + i, m);
    }
  }

  private static void silu(int count, float[] y, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Curves.silu(FloatVector.fromArray(S, y, at + i)).intoArray(y, at + i);
    }
    if (i < count) {
      VectorMask<Float> m = Products.first(count - i);
      Curves.silu(FloatVector.fromArray(S, y, at + i, m)).intoArray(y, at + i, m);
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
