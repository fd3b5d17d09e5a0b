package dev.dragoman.models;

/**
 * How pictures are described.
 *
 * @param beams how many texts are followed at once; 1 is greedy, 0 for the model's own
 * @param maxTokens of a text; 0 for the model's own
 * @param prompt what the model is told to do, or how a caption begins, as the model takes it; empty
 *     for its own
 */
public record DescribeOptions(int beams, int maxTokens, String prompt) {
  /** Checks the numbers. */
  public DescribeOptions {
    if (beams < 0 || maxTokens < 0) {
      throw new IllegalArgumentException("beams %d, maxTokens %d".formatted(beams, maxTokens));
    }
  }

  /** The model's own way. */
  public static DescribeOptions defaults() {
    return new DescribeOptions(0, 0, "");
  }

  /** The same with so many beams. */
  public DescribeOptions withBeams(int wanted) {
    return new DescribeOptions(wanted, maxTokens, prompt);
  }

  /** The same with at most so many tokens. */
  public DescribeOptions withMaxTokens(int wanted) {
    return new DescribeOptions(beams, wanted, prompt);
  }

  /** The same with this prompt. */
  public DescribeOptions withPrompt(String wanted) {
    return new DescribeOptions(beams, maxTokens, wanted);
  }
}
