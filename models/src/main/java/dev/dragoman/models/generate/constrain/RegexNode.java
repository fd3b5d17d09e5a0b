package dev.dragoman.models.generate.constrain;

import java.util.List;

/** A regular expression, read. */
sealed interface RegexNode {
  /** One character of the set. */
  record Chars(RuneSet set) implements RegexNode {}

  /** One after the other; none is the empty text. */
  record Sequence(List<RegexNode> parts) implements RegexNode {}

  /** One of these. */
  record Choice(List<RegexNode> branches) implements RegexNode {}

  /** At least min and at most max times; max is {@link #UNBOUNDED} for no bound. */
  record Repeat(RegexNode body, int min, int max) implements RegexNode {}

  /** The start of the text. */
  record Start() implements RegexNode {}

  /** The end of the text. */
  record End() implements RegexNode {}

  int UNBOUNDED = Integer.MAX_VALUE;
}
