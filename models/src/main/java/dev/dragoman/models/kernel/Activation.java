package dev.dragoman.models.kernel;

/** What is applied to each number that a matrix product gives. */
public enum Activation {
  /** Nothing. */
  NONE,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code tanh(x)}. */
  TANH,
  /** {@code x / 2 * (1 + erf(x / sqrt(2)))}, not the approximation by tanh. */
  GELU,
  /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))}. */
  GELU_TANH,
  /** {@code x / (1 + e^-x)}, also called swish. */
  SILU,
  /** {@code x / (1 + e^(-1.702 * x))}. */
  GELU_QUICK,
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID
}
