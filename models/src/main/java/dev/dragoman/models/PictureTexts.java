package dev.dragoman.models;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What the files of a model say about how it writes about pictures. */
final class PictureTexts {
  /** How many tokens the reference writes where no file says how many. */
  static final int USUAL = 20;

  private PictureTexts() {}

  /** The token that a decoder after an encoder of pictures begins with. */
  static int start(Path folder) {
    for (String key : List.of("decoder_start_token_id", "bos_token_id")) {
      for (ModelConfig file : files(folder)) {
        if (file.has(key)) {
          return file.whole(key, 0);
        }
      }
    }
    throw new ModelException(
        folder + ": config.json does not say which decoder_start_token_id a text begins with");
  }

  /** How it searches: generation_config.json, or config.json with what its decoder's part adds. */
  static SearchOptions search(Path folder) {
    SearchOptions search = SearchOptions.read(folder, USUAL);
    if (search.ends().length > 0) {
      return search;
    }
    for (ModelConfig file : files(folder)) {
      if (file.has("eos_token_id")) {
        return search.withEnds(file.wholes("eos_token_id"));
      }
    }
    return search;
  }

  private static List<ModelConfig> files(Path folder) {
    List<ModelConfig> files = new ArrayList<>();
    Path own = folder.resolve("generation_config.json");
    if (Files.isRegularFile(own)) {
      files.add(ModelConfig.readFile(own));
    }
    ModelConfig config = ModelConfig.read(folder);
    files.add(config);
    files.add(config.section("decoder"));
    return files;
  }

  /** The options of a call over those of the model. */
  static SearchOptions with(SearchOptions own, DescribeOptions options) {
    SearchOptions search = options.beams() > 0 ? own.withBeams(options.beams(), 1) : own;
    return options.maxTokens() > 0
        ? search.withTokens(search.minTokens(), options.maxTokens())
        : search;
  }

  /** What was found, as text after the beginning it was given. */
  static Description description(Tokenizer tokenizer, int[] beginning, Hypothesis found) {
    int[] all = new int[beginning.length + found.tokens().length];
    System.arraycopy(beginning, 0, all, 0, beginning.length);
    System.arraycopy(found.tokens(), 0, all, beginning.length, found.tokens().length);
    return new Description(
        tokenizer.decode(all, true).strip(),
        found.meanLogProbability(),
        found.tokens().length,
        found.finished());
  }

  /** Refuses a tokenizer that knows more tokens than the model. */
  static Tokenizer tokenizer(Path folder, int vocabulary) {
    Tokenizer tokenizer = Tokenizer.open(folder);
    if (tokenizer.vocabularySize() > vocabulary) {
      throw new ModelException(
          "%s: the tokenizer has ids up to %d, but the model only knows %d"
              .formatted(folder, tokenizer.vocabularySize() - 1, vocabulary));
    }
    return tokenizer;
  }

  /** The limit that a tokenizer has for itself, at most that of the model. */
  static int limit(Path folder, int positions) {
    OptionalInt own = SentenceSettings.tokenizerLimit(folder);
    return Math.min(own.orElse(positions), positions);
  }
}
