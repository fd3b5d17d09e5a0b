package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import java.util.regex.Pattern;

/** A pattern out of a file of strangers: one that takes too long to match is refused. */
final class NamePattern {
  private static final int MOST_STEPS = 100_000;

  private final Pattern pattern;

  /**
   * Compiles it.
   *
   * @throws java.util.regex.PatternSyntaxException if it is none
   */
  NamePattern(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  boolean matches(String name) {
    try {
      return pattern.matcher(new Counted(name)).matches();
    } catch (StackOverflowError e) {
      throw tooLong(e);
    }
  }

  private ModelException tooLong(StackOverflowError cause) {
    return new ModelException("the pattern " + pattern + " takes too long to match", cause);
  }

  /** A text that is looked at so many times and no more. */
  private final class Counted implements CharSequence {
    private final String text;
    private int steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > MOST_STEPS) {
        throw new ModelException("the pattern " + pattern + " takes too long to match");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
