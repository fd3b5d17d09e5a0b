package dev.dragoman.models.tokenizer;

import java.util.BitSet;
import java.util.List;

/** A regular expression, taken apart. */
sealed interface RegexNode {
  /** One code point of these. */
  record OneOf(BitSet set) implements RegexNode {}

  /** One after the other. */
  record Chain(List<RegexNode> parts) implements RegexNode {}

  /** The first of these that leads to a match. */
  record Choice(List<RegexNode> options) implements RegexNode {}

  /** How eagerly something is repeated. */
  enum Greed {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  /** Repeated from {@code min} to {@code max} times. */
  record Repeat(RegexNode body, int min, int max, Greed greed) implements RegexNode {}

  /** Matches if the body does (does not) match here, and takes nothing. */
  record Look(RegexNode body, boolean negative, boolean behind) implements RegexNode {}

  /** The first match of the body, and no other. */
  record Atomic(RegexNode body) implements RegexNode {}

  /** The start, or the end, of a line. */
  record Line(boolean start) implements RegexNode {}

  /** Whether it may match nothing at all. */
  static boolean mayBeEmpty(RegexNode node) {
    return switch (node) {
      case OneOf one -> false;
      case Chain(List<RegexNode> parts) -> parts.stream().allMatch(RegexNode::mayBeEmpty);
      case Choice(List<RegexNode> options) -> options.stream().anyMatch(RegexNode::mayBeEmpty);
      case Repeat repeat -> repeat.min() == 0 || mayBeEmpty(repeat.body());
      case Atomic(RegexNode body) -> mayBeEmpty(body);
      case Look look -> true;
      case Line line -> true;
    };
  }
}
