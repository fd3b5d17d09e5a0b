package dev.dragoman.models.speech;

import dev.dragoman.models.SampleSource;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Transcribes a sound of any length window by window, as the reference implementation does ({@code
 * transcribe} of openai-whisper): each window starts where the text of the one before it ends, and
 * is shown that text.
 */
final class Transcription {
  private static final double UNSURE = 0.5;

  private final Hearer hearer;
  private final Ear ear;
  private final SpeechOptions options;
  private final String language;
  private final Attempts attempts;
  private final WordTimes wordTimes;
  private final Silences silences;
  private final Recent previous;
  private double spoken;

  Transcription(Hearer hearer, Ear ear, SpeechOptions options, String language) {
    this.hearer = hearer;
    this.ear = ear;
    this.options = options;
    this.language = language;
    this.attempts = hearer.attempts(ear, options);
    this.wordTimes = hearer.wordTimes(ear);
    this.silences = new Silences(options.silenceAround());
    this.previous = new Recent(ear.model.decoder().positions() / 2 - 1);
    previous.add(hearer.prompt(options));
  }

  /** A segment with its times settled. */
  record Settled(Segments.Segment segment, WordTimes.Worded worded) {}

  /**
   * Transcribes a sound.
   *
   * @param peak of the sound
   */
  void run(SampleSource sound, double peak, Consumer<Speech.Segment> each) throws IOException {
    long all = LogMel.frames(sound);
    long seek = 0;
    while (seek < all) {
      int count = (int) Math.min(ear.model.frames(), all - seek);
      Ear.Heard heard = ear.hear(sound, seek, count, peak);
      seek = window(heard, all, each);
    }
  }

  /** Transcribes a window; where the next one starts. */
  private long window(Ear.Heard heard, long all, Consumer<Speech.Segment> each) {
    Attempts.Written written =
        attempts
            .write(List.of(hearer.window(heard.memory(), previous.tokens(), language, options)))
            .getFirst();
    if (attempts.silent(written.text())) {
      return heard.first() + heard.count();
    }
    Segments.Cut cut = Segments.cut(hearer.tokens(), written.text().tokens(), heard);
    long next = heard.first() + cut.frames();
    List<Settled> settled = new ArrayList<>();
    if (options.wordTimes()) {
      List<WordTimes.Worded> worded =
          wordTimes.of(cut.segments(), heard, hearer.opening(language, options), language, spoken);
      for (int i = 0; i < worded.size(); i++) {
        settled.add(new Settled(cut.segments().get(i), worded.get(i)));
      }
      Silences.Kept kept = silences.cut(settled, heard, cut.ends(), next, spoken, all);
      next = kept.next();
      settled = kept.segments();
      if (kept.again()) {
        return next;
      }
      spoken = Silences.end(settled, spoken);
    } else {
      for (Segments.Segment segment : cut.segments()) {
        settled.add(
            new Settled(segment, new WordTimes.Worded(segment.start(), segment.end(), List.of())));
      }
    }
    for (Settled one : settled) {
      if (one.worded.start() != one.worded.end() && !hearer.isEmpty(one.segment)) {
        each.accept(hearer.segment(one.segment, written, one.worded));
        previous.add(one.segment.tokens());
      }
    }
    if (!options.conditionOnPrevious() || written.temperature() > UNSURE) {
      previous.forget();
    }
    return Math.max(next, heard.first() + 1);
  }
}
