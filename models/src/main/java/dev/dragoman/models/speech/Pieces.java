package dev.dragoman.models.speech;

import dev.dragoman.models.SampleSource;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Transcribes sounds in pieces that fill at most a window and know nothing of each other, several
 * of them together. A long sound is cut where it is quietest in the second half of a window.
 */
final class Pieces {
  private static final int QUIET = SampleSource.RATE / 5;

  private final Hearer hearer;
  private final Ear ear;
  private final SpeechOptions options;
  private final Attempts attempts;
  private final WordTimes wordTimes;

  Pieces(Hearer hearer, Ear ear, SpeechOptions options) {
    this.hearer = hearer;
    this.ear = ear;
    this.options = options;
    this.attempts = hearer.attempts(ear, options);
    this.wordTimes = hearer.wordTimes(ear);
  }

  /** A sound and what has been heard of it. */
  private static final class Whole {
    final SampleSource sound;
    final Hearer.Language language;
    final List<Speech.Segment> segments = new ArrayList<>();

    Whole(SampleSource sound, Hearer.Language language) {
      this.sound = sound;
      this.language = language;
    }
  }

  private record Piece(Whole whole, Ear.Heard heard) {}

  List<Speech> run(List<SampleSource> sounds) throws IOException {
    List<Whole> wholes = new ArrayList<>();
    List<Piece> open = new ArrayList<>();
    for (SampleSource sound : sounds) {
      double peak = ear.logMel.peak(sound);
      Whole whole = new Whole(sound, hearer.language(ear, sound, options, peak));
      wholes.add(whole);
      long all = LogMel.frames(sound);
      for (long from = 0; from < all; ) {
        long to = all - from <= ear.model.frames() ? all : quietest(sound, from);
        Ear.Heard heard = ear.hear(sound, from, (int) (to - from), peak);
        open.add(
            new Piece(
                whole,
                options.wordTimes()
                    ? heard.kept(ear.model.states() * ear.model.decoder().width())
                    : heard));
        from = to;
        if (open.size() == options.windows()) {
          write(open);
        }
      }
    }
    write(open);
    return wholes.stream()
        .map(whole ->
            new Speech(
                whole.language.name(),
                whole.language.probability(),
                whole.sound.seconds(),
                whole.segments))
        .toList();
  }

  /** The frame in the second half of a window around which it is quietest. */
  private long quietest(SampleSource sound, long from) throws IOException {
    int half = ear.model.frames() / 2;
    float[] samples = new float[half * LogMel.HOP];
    long start = (from + half) * LogMel.HOP;
    sound.read(start, samples, 0, samples.length);
    double energy = 0;
    double least = Double.POSITIVE_INFINITY;
    int best = samples.length - 1;
    for (int i = 0; i < samples.length; i++) {
      energy += samples[i] * samples[i];
      if (i >= QUIET) {
        energy -= samples[i - QUIET] * samples[i - QUIET];
        if (energy < least) {
          least = energy;
          best = i - QUIET / 2;
        }
      }
    }
    return from + half + best / LogMel.HOP;
  }

  private void write(List<Piece> open) {
    if (open.isEmpty()) {
      return;
    }
    int[] prompt = hearer.prompt(options);
    int most = Math.max(0, ear.model.decoder().positions() / 2 - 1);
    Recent shown = new Recent(most);
    shown.add(prompt);
    List<Search.Window> windows = new ArrayList<>();
    for (Piece piece : open) {
      windows.add(
          hearer.window(
              piece.heard.memory(), shown.tokens(), piece.whole.language.name(), options));
    }
    List<Attempts.Written> written = attempts.write(windows);
    for (int i = 0; i < open.size(); i++) {
      if (!attempts.silent(written.get(i).text())) {
        collect(open.get(i), written.get(i));
      }
    }
    open.clear();
  }

  private void collect(Piece piece, Attempts.Written written) {
    List<Segments.Segment> segments =
        Segments.all(hearer.tokens(), written.text().tokens(), piece.heard);
    String language = piece.whole.language.name();
    List<Speech.Segment> found = piece.whole.segments;
    if (options.wordTimes()) {
      double spoken =
          found.isEmpty() || found.getLast().words().isEmpty()
              ? 0
              : found.getLast().words().getLast().end();
      List<WordTimes.Worded> worded =
          wordTimes.of(segments, piece.heard, hearer.opening(language, options), language, spoken);
      for (int i = 0; i < segments.size(); i++) {
        add(segments.get(i), worded.get(i), written, found);
      }
    } else {
      for (Segments.Segment segment : segments) {
        add(
            segment,
            new WordTimes.Worded(segment.start(), segment.end(), List.of()),
            written,
            found);
      }
    }
  }

  private void add(
      Segments.Segment segment,
      WordTimes.Worded worded,
      Attempts.Written written,
      List<Speech.Segment> found) {
    if (worded.start() < worded.end() && !hearer.isEmpty(segment)) {
      found.add(hearer.segment(segment, written, worded));
    }
  }
}
