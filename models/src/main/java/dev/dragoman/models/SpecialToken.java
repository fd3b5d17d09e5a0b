package dev.dragoman.models;

/** What a special token is for. */
public enum SpecialToken {
  /** Begins a text. */
  BOS,
  /** Ends a text; a language model that gives it is done. */
  EOS,
  /** Stands for what the vocabulary lacks. */
  UNK,
  /** Separates two texts. */
  SEP,
  /** Fills up a batch. */
  PAD,
  /** Stands before a text that is to be classified. */
  CLS,
  /** Stands for a word to be guessed. */
  MASK
}
