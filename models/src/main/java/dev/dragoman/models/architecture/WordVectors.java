package dev.dragoman.models.architecture;

import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Kernels;
import java.lang.foreign.ValueLayout;

/** The vectors of a vocabulary's words, for a model that embeds or scores a few of them at once. */
sealed interface WordVectors {
  /** Numbers of a vector. */
  int width();

  /** How many words there are. */
  int words();

  /** Writes {@code vector * scale}. */
  void read(int word, float scale, float[] into, int at);

  /** Products of x with the vectors of some words, {@code y_i = vector_i * x + bias_i}. */
  void dots(Kernels kernels, int count, int[] words, float[] bias, float[] x, int xAt, float[] y);

  /** In the form in which the file has them, if that takes less memory. */
  static WordVectors of(Tensor tensor) {
    int width = Math.toIntExact(tensor.dimension(1));
    int words = Math.toIntExact(tensor.dimension(0));
    Math.multiplyExact(words, width);
    return tensor.type() == DType.I8 && tensor.factors().length == 1
        ? new Bytes(
            words, width, tensor.bytes().toArray(ValueLayout.JAVA_BYTE), tensor.factors()[0])
        : new Singles(words, width, tensor.floats());
  }

  /** Whole numbers of 8 bits and what they are multiplied by. */
  record Bytes(int words, int width, byte[] numbers, float factor) implements WordVectors {
    @Override
    public void read(int word, float scale, float[] into, int at) {
      float times = factor * scale;
      for (int i = 0; i < width; i++) {
        into[at + i] = numbers[word * width + i] * times;
      }
    }

    @Override
    public void dots(
        Kernels kernels, int count, int[] words, float[] bias, float[] x, int xAt, float[] y) {
      kernels.dots(count, words, width, numbers, factor, bias, x, xAt, y, 0);
    }
  }

  /** Singles. */
  record Singles(int words, int width, float[] numbers) implements WordVectors {
    @Override
    public void read(int word, float scale, float[] into, int at) {
      for (int i = 0; i < width; i++) {
        into[at + i] = numbers[word * width + i] * scale;
      }
    }

    @Override
    public void dots(
        Kernels kernels, int count, int[] words, float[] bias, float[] x, int xAt, float[] y) {
      kernels.dots(count, words, width, numbers, bias, x, xAt, y, 0);
    }
  }
}
