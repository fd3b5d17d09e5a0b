package dev.dragoman.models.template;

/**
 * How far one rendering may go before it is refused.
 *
 * @param steps expressions and statements evaluated; ten million take about half a second
 * @param chars characters of output, and of all the strings made on the way together
 * @param depth how deep expressions, blocks, macro calls and values may nest
 */
public record RenderLimits(long steps, long chars, int depth) {
  /** Ten million steps, 32 million characters, a depth of 1,500. */
  public static final RenderLimits DEFAULT = new RenderLimits(10_000_000, 32_000_000, 1_500);

  public RenderLimits {
    if (steps < 1 || chars < 1 || depth < 1) {
      throw new IllegalArgumentException("limits are positive numbers");
    }
  }
}
