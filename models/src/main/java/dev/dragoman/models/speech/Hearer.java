package dev.dragoman.models.speech;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.SampleSource;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.architecture.CrossScores;
import dev.dragoman.models.architecture.CrossScores.Head;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.architecture.Whisper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A Whisper model with its tokens and settings. Safe for use by many threads, each with its ear.
 */
public final class Hearer {
  private static final String ENGLISH = "en";

  private final SpeechTokens tokens;
  private final TimestampRules rules;
  private final List<Head> heads;

  /**
   * Puts the parts together.
   *
   * @param folder whose settings count
   * @throws ModelException if they do not fit each other
   */
  public Hearer(Whisper model, Tokenizer tokenizer, Path folder) {
    SpeechSettings settings = SpeechSettings.read(folder);
    if (!model.decoder().hasHead()) {
      throw new ModelException(folder + ": the checkpoint has no head, so that it writes no text");
    }
    this.tokens = SpeechTokens.of(tokenizer, model.decoder().vocabulary(), settings.multilingual());
    this.rules = new TimestampRules(tokens, settings);
    this.heads = heads(model, settings, folder);
  }

  /** Those that the files name, or all of the upper half of the layers. */
  private static List<Head> heads(Whisper model, SpeechSettings settings, Path folder) {
    CrossScores cross = model.crossScores();
    for (Head head : settings.heads()) {
      if (!cross.has(head)) {
        throw new ModelException(
            "%s: alignment_heads names head %d of layer %d, which the decoder has not"
                .formatted(folder, head.head(), head.layer()));
      }
    }
    if (!settings.heads().isEmpty()) {
      return settings.heads();
    }
    List<Head> heads = new ArrayList<>();
    for (int layer = model.decoder().layers() / 2; layer < model.decoder().layers(); layer++) {
      for (int head = 0; cross.has(new Head(layer, head)); head++) {
        heads.add(new Head(layer, head));
      }
    }
    return heads;
  }

  /** The languages it hears. */
  public Set<String> languages() {
    return tokens.multilingual() ? tokens.languages().keySet() : Set.of(ENGLISH);
  }

  /** Whether it writes in English what is said in another language. */
  public boolean translates() {
    return tokens.multilingual() && tokens.translate() >= 0;
  }

  /**
   * Refuses what the model cannot do.
   *
   * @throws ModelException naming the language or task
   */
  public void check(SpeechOptions options) {
    if (!options.language().isEmpty() && !languages().contains(options.language())) {
      throw new ModelException(
          "the model does not hear language %s; it hears: %s"
              .formatted(
                  options.language(), String.join(", ", languages().stream().sorted().toList())));
    }
    if (options.task() == SpeechOptions.Task.TRANSLATE && !translates()) {
      throw new ModelException("the model only writes what is said; it does not translate");
    }
  }

  /**
   * What is said in a sound, its windows one after the other.
   *
   * @param each is given the segments as they are found
   */
  public Speech hear(
      Ear ear, SampleSource sound, SpeechOptions options, Consumer<Speech.Segment> each)
      throws IOException {
    double peak = ear.logMel.peak(sound);
    Language language = language(ear, sound, options, peak);
    List<Speech.Segment> segments = new ArrayList<>();
    new Transcription(this, ear, options, language.name)
        .run(
            sound,
            peak,
            segment -> {
              segments.add(segment);
              each.accept(segment);
            });
    return new Speech(language.name, language.probability, sound.seconds(), segments);
  }

  /** What is said in some sounds, windows of all of them together. */
  public List<Speech> hear(Ear ear, List<SampleSource> sounds, SpeechOptions options)
      throws IOException {
    return new Pieces(this, ear, options).run(sounds);
  }

  /**
   * What is spoken.
   *
   * @param probability how sure the model is
   */
  record Language(String name, double probability) {}

  /** The language that was asked for, or what the model takes the start of a sound to be. */
  Language language(Ear ear, SampleSource sound, SpeechOptions options, double peak)
      throws IOException {
    if (!options.language().isEmpty()) {
      return new Language(options.language(), 1);
    }
    if (!tokens.multilingual()) {
      return new Language(ENGLISH, 1);
    }
    int frames = (int) Math.min(ear.model.frames(), LogMel.frames(sound));
    return language(ear, ear.hear(sound, 0, frames, peak).memory());
  }

  private Language language(Ear ear, Memory memory) {
    float[] logits = ear.logits(new int[] {tokens.start()}, memory);
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    String likeliest = ENGLISH;
    for (Map.Entry<String, Integer> entry : tokens.languages().entrySet()) {
      double score = logits[entry.getValue()];
      sum = score > max ? sum * Math.exp(max - score) + 1 : sum + Math.exp(score - max);
      if (score > max) {
        max = score;
        likeliest = entry.getKey();
      }
    }
    return new Language(likeliest, 1 / sum);
  }

  SpeechTokens tokens() {
    return tokens;
  }

  Attempts attempts(Ear ear, SpeechOptions options) {
    Search search = new Search(ear, tokens, rules);
    return new Attempts(search, tokens, options);
  }

  WordTimes wordTimes(Ear ear) {
    return new WordTimes(ear, tokens, heads);
  }

  /** What is shown before a window's text. */
  Search.Window window(Memory memory, int[] previous, String language, SpeechOptions options) {
    int[] opening = opening(language, options);
    if (previous.length == 0 || tokens.previous() < 0) {
      return new Search.Window(memory, opening, 0);
    }
    int[] all = new int[1 + previous.length + opening.length];
    all[0] = tokens.previous();
    System.arraycopy(previous, 0, all, 1, previous.length);
    System.arraycopy(opening, 0, all, 1 + previous.length, opening.length);
    return new Search.Window(memory, all, 1 + previous.length);
  }

  int[] opening(String language, SpeechOptions options) {
    return tokens.opening(language, options.task() == SpeechOptions.Task.TRANSLATE);
  }

  /** The tokens of the text that is shown as if it came before the sound. */
  int[] prompt(SpeechOptions options) {
    String prompt = options.prompt().strip();
    return prompt.isEmpty() ? new int[0] : tokens.tokenizer().encode(" " + prompt).ids();
  }

  /** A segment as callers see it. */
  Speech.Segment segment(
      Segments.Segment segment, Attempts.Written written, WordTimes.Worded worded) {
    return new Speech.Segment(
        worded.start(),
        worded.end(),
        tokens.text(segment.tokens()),
        written.text().logProbability(),
        written.text().noSpeech(),
        written.temperature(),
        written.compressionRatio(),
        worded.words());
  }

  /** Whether a segment says nothing. */
  boolean isEmpty(Segments.Segment segment) {
    return Arrays.stream(segment.tokens()).noneMatch(tokens::isText)
        || tokens.text(segment.tokens()).isBlank();
  }
}
