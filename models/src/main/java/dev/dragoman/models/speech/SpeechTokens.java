package dev.dragoman.models.speech;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of a Whisper model that are no text. Those from {@link #timestamps} on are times, 20
 * ms apart, from the start of a window; {@link #end} is below all tokens that are no text.
 *
 * @param vocabulary how many ids the model knows
 * @param previous comes before the text of the windows before; -1 if there is none
 * @param noSpeech what the model says after {@link #start} if nothing is said; -1 if there is none
 * @param translate asks for English; -1 if there is none
 * @param transcribe asks for what is said; -1 if there is none
 * @param languages the token of each language; empty for a model that only knows English
 */
record SpeechTokens(
    Tokenizer tokenizer,
    int vocabulary,
    int end,
    int start,
    int previous,
    int noSpeech,
    int noTimestamps,
    int timestamps,
    int translate,
    int transcribe,
    Map<String, Integer> languages) {
  /** Seconds from one timestamp to the next. */
  static final double STEP = 0.02;

  /** The smallest vocabulary of a model that knows more than English. */
  private static final int MULTILINGUAL = 51_865;

  private static final Pattern LANGUAGE = Pattern.compile("<\\|([a-z]{2,3})\\|>");

  /**
   * Finds them in a tokenizer.
   *
   * @param vocabulary how many ids the model knows
   * @param multilingual whether the model's files say that it knows more than English, or that it
   *     does not; empty if they say nothing
   */
  static SpeechTokens of(Tokenizer tokenizer, int vocabulary, Optional<Boolean> multilingual) {
    int start = needed(tokenizer, "<|startoftranscript|>");
    int noTimestamps = needed(tokenizer, "<|notimestamps|>");
    int noSpeech = optional(tokenizer, "<|nospeech|>");
    Map<String, Integer> languages = new TreeMap<>();
    if (multilingual.orElse(vocabulary >= MULTILINGUAL)) {
      for (int id = start + 1; id < Math.min(noTimestamps, tokenizer.vocabularySize()); id++) {
        Matcher language = LANGUAGE.matcher(tokenizer.token(id));
        if (language.matches()) {
          languages.put(language.group(1), id);
        }
      }
    }
    return new SpeechTokens(
        tokenizer,
        vocabulary,
        needed(tokenizer, "<|endoftext|>"),
        start,
        optional(tokenizer, "<|startofprev|>"),
        noSpeech >= 0 ? noSpeech : optional(tokenizer, "<|nocaptions|>"),
        noTimestamps,
        noTimestamps + 1,
        optional(tokenizer, "<|translate|>"),
        optional(tokenizer, "<|transcribe|>"),
        Collections.unmodifiableMap(languages));
  }

  /** Checks that the ids are the model's. */
  SpeechTokens {
    if (end >= start || start >= noTimestamps || timestamps >= vocabulary) {
      throw new ModelException(
          ("tokenizer.json has <|endoftext|> %d, <|startoftranscript|> %d and <|notimestamps|> %d;"
                  + " a speech model with %d ids has them in this order, and times behind them")
              .formatted(end, start, noTimestamps, vocabulary));
    }
  }

  private static int needed(Tokenizer tokenizer, String token) {
    return tokenizer
        .id(token)
        .orElseThrow(() ->
            new ModelException(
                "tokenizer.json has no token "
                    + token
                    + "; is it the tokenizer of a Whisper model?"));
  }

  private static int optional(Tokenizer tokenizer, String token) {
    OptionalInt id = tokenizer.id(token);
    return id.orElse(-1);
  }

  /** Whether it knows more languages than English. */
  boolean multilingual() {
    return !languages.isEmpty();
  }

  boolean isTimestamp(int id) {
    return id >= timestamps;
  }

  boolean isText(int id) {
    return id < end;
  }

  /** The text of the tokens that are text, with the blank before it. */
  String text(int[] ids) {
    int count = 0;
    int[] texts = new int[ids.length];
    for (int id : ids) {
      if (isText(id)) {
        texts[count++] = id;
      }
    }
    return tokenizer.decode(Arrays.copyOf(texts, count), true);
  }

  /**
   * What a window's text begins with.
   *
   * @param language one of {@link #languages}, or anything if there are none
   */
  int[] opening(String language, boolean english) {
    return multilingual()
        ? new int[] {start, languages.get(language), english ? translate : transcribe}
        : new int[] {start};
  }
}
