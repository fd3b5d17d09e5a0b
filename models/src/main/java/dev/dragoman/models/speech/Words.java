package dev.dragoman.models.speech;

import dev.dragoman.models.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts tokens together to words, as the reference implementation does: at blanks and punctuation,
 * or where characters end in languages that are written without blanks.
 */
final class Words {
  private static final Set<String> WITHOUT_BLANKS = Set.of("zh", "ja", "th", "lo", "my", "yue");
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final char BROKEN = '\ufffd';

  private Words() {}

  /**
   * A word.
   *
   * @param tokens how many it is made of
   */
  record Word(String text, int tokens) {}

  static List<Word> of(Tokenizer tokenizer, String language, int[] tokens) {
    List<Word> characters = characters(tokenizer, tokens);
    if (WITHOUT_BLANKS.contains(language)) {
      return characters;
    }
    List<Word> words = new ArrayList<>();
    for (Word part : characters) {
      boolean begins =
          words.isEmpty() || part.text.startsWith(" ") || PUNCTUATION.contains(part.text.strip());
      if (begins) {
        words.add(part);
      } else {
        Word last = words.removeLast();
        words.add(new Word(last.text + part.text, last.tokens + part.tokens));
      }
    }
    return words;
  }

  /** The shortest runs of tokens that are whole characters. */
  private static List<Word> characters(Tokenizer tokenizer, int[] tokens) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int token : tokens) {
      all.writeBytes(tokenizer.bytes(token));
    }
    String whole = all.toString(StandardCharsets.UTF_8);
    List<Word> parts = new ArrayList<>();
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    int offset = 0;
    int count = 0;
    for (int i = 0; i < tokens.length; i++) {
      open.writeBytes(tokenizer.bytes(tokens[i]));
      count++;
      String text = open.toString(StandardCharsets.UTF_8);
      int broken = text.indexOf(BROKEN);
      int place = offset + broken;
      if (broken < 0
          || i + 1 == tokens.length
          || place < whole.length() && whole.charAt(place) == BROKEN) {
        parts.add(new Word(text, count));
        offset += text.length();
        open.reset();
        count = 0;
      }
    }
    return parts;
  }
}
