package dev.dragoman.models;

/** What the engine runs on. */
public final class Engine {
  private Engine() {}

  /**
   * The kernels that models opened now will run, for people to read: {@code vector, 512 bits, 16
   * lanes} (a lane holds one single-precision number) or {@code scalar}, the plain loops.
   *
   * @throws ModelException if the vector module is not there and the plain loops were not asked for
   */
  public static String kernels() {
    return Models.kernels().name();
  }
}
