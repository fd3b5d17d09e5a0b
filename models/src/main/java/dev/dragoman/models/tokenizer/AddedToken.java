package dev.dragoman.models.tokenizer;

/**
 * A token that is looked for in the text itself, before anything else is done.
 *
 * @param singleWord only where no word character touches it
 * @param leftStrip takes the white space before it along
 * @param rightStrip takes the white space after it along
 * @param normalized looked for in the normalised text instead
 * @param special left out when text is made of tokens, if that is asked for
 */
record AddedToken(
    String content,
    int id,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean normalized,
    boolean special) {}
