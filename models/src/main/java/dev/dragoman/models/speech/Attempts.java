package dev.dragoman.models.speech;

import dev.dragoman.models.SpeechOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.Deflater;

/**
 * Writes the texts of windows, at higher temperatures those that come out too repetitive or too
 * unlikely, as the reference implementation does.
 */
final class Attempts {
  private static final int LONGEST = 1 << 16;

  private final Search search;
  private final SpeechTokens tokens;
  private final SpeechOptions options;
  private final byte[] compressed = new byte[LONGEST];

  Attempts(Search search, SpeechTokens tokens, SpeechOptions options) {
    this.search = search;
    this.tokens = tokens;
    this.options = options;
  }

  /**
   * The text of a window.
   *
   * @param temperature that it was written at
   * @param compressionRatio how many times smaller it can be made
   */
  record Written(Search.Text text, double temperature, double compressionRatio) {}

  /** Writes the text of each window. */
  List<Written> write(List<Search.Window> windows) {
    List<Written> written = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      open.add(i);
    }
    for (double temperature : options.temperatures()) {
      List<Search.Text> texts =
          search.run(open.stream().map(windows::get).toList(), choice(temperature));
      List<Integer> failed = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        Written now =
            new Written(
                texts.get(i), temperature, ratio(tokens.text(texts.get(i).tokens()).strip()));
        int window = open.get(i);
        if (written.size() < windows.size()) {
          written.add(now);
        } else {
          written.set(window, now);
        }
        if (fails(now)) {
          failed.add(window);
        }
      }
      open = failed;
      if (open.isEmpty()) {
        break;
      }
    }
    written.replaceAll(this::unlooped);
    return written;
  }

  /** What is still too repetitive at the last temperature, without its repeats. */
  private Written unlooped(Written written) {
    if (written.compressionRatio <= options.compressionRatio()) {
      return written;
    }
    Search.Text text = written.text;
    return new Written(
        new Search.Text(Loops.cut(tokens, text.tokens()), text.logProbability(), text.noSpeech()),
        written.temperature,
        written.compressionRatio);
  }

  private Search.Choice choice(double temperature) {
    if (temperature == 0) {
      return new Search.Choice.Likeliest(options.beams());
    }
    RandomGenerator random =
        new SplittableRandom(options.seed() * 31 + Math.round(temperature * 1000));
    return new Search.Choice.Drawn(options.bestOf(), temperature, random);
  }

  private boolean fails(Written written) {
    boolean unlikely = written.text.logProbability() < options.logProbability();
    boolean silence = unlikely && written.text.noSpeech() > options.noSpeech();
    return !silence && (unlikely || written.compressionRatio > options.compressionRatio());
  }

  /** Whether nothing is said in the window that has this text. */
  boolean silent(Search.Text text) {
    return text.noSpeech() > options.noSpeech()
        && !(text.logProbability() > options.logProbability());
  }

  private double ratio(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(bytes);
      deflater.finish();
      int size = 0;
      while (!deflater.finished()) {
        size += deflater.deflate(compressed);
      }
      return (double) bytes.length / size;
    }
  }
}
