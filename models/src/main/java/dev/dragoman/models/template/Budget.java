package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;

/** What one rendering may still use up. */
final class Budget {
  /** Characters that are handled in about the time of one step. */
  private static final int CHARS_PER_STEP = 64;

  /** A place in a list counts as much memory as this many characters. */
  private static final int CHARS_PER_ITEM = 8;

  private final RenderLimits limits;
  private long steps;
  private long chars;
  private int depth;

  Budget(RenderLimits limits) {
    this.limits = limits;
  }

  void step() {
    if (++steps > limits.steps()) {
      throw tooMany("steps", limits.steps());
    }
  }

  /** The work of looking through this many characters. */
  void scan(long length) {
    steps += length / CHARS_PER_STEP;
    step();
  }

  /** The work and the memory of this many characters, asked for before they are made. */
  void chars(long length) {
    chars += length;
    if (chars > limits.chars()) {
      throw tooMany("characters made on the way", limits.chars());
    }
    scan(length);
  }

  /** The work and the memory of a list of this size. */
  void items(long size) {
    steps += size;
    if (size > limits.chars() / CHARS_PER_ITEM) {
      throw tooMany("characters made on the way", limits.chars());
    }
    chars(size * CHARS_PER_ITEM);
  }

  /** What has been written so far, {@code length} characters. */
  void output(long length) {
    if (length > limits.chars()) {
      throw tooMany("characters of output", limits.chars());
    }
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw new TemplateFailure(
          Kind.LIMIT, "nested or recursive deeper than the limit of %d".formatted(limits.depth()));
    }
  }

  void leave() {
    depth--;
  }

  private static TemplateFailure tooMany(String what, long limit) {
    return new TemplateFailure(Kind.LIMIT, "more than %,d %s".formatted(limit, what));
  }
}
