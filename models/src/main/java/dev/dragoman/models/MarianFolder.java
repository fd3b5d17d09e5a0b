package dev.dragoman.models;

import dev.dragoman.models.FirefoxTranslator.Languages;
import dev.dragoman.models.architecture.MarianStudent;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.tokenizer.PieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a model of Marian. Firefox names them {@code model.enpt.intgemm.alphas.bin}, {@code
 * vocab.enpt.spm} or {@code srcvocab.enpt.spm} and {@code trgvocab.enpt.spm}, {@code
 * lex.50.50.enpt.s2t.bin}, with a {@code config.*.yml} that may name them otherwise; OPUS-MT has
 * what its {@code decoder.yml} names, and {@code source.spm} and {@code target.spm} beside lists of
 * tokens.
 *
 * @param sourceTokens the tokens by their ids, where those are not the pieces' own
 * @param targetTokens of what is written
 * @param settings what the {@code .yml} says
 */
record MarianFolder(
    Path model,
    Path sourcePieces,
    Path targetPieces,
    Optional<Path> sourceTokens,
    Optional<Path> targetTokens,
    Optional<Path> shortlist,
    MarianSettings settings,
    Optional<Languages> languages) {
  private static final int BEAMS = 6;
  private static final int MOST_BEAMS = 64;
  private static final String MODEL = "(model|.*student).*\\.bin|.*\\.npz";
  private static final Pattern PAIR = Pattern.compile("\\.([a-z]{2})([a-z]{2})\\.");

  static boolean isOne(Path folder) {
    return Files.isDirectory(folder)
        && !names(folder, MODEL).isEmpty()
        && !names(folder, ".*\\.spm").isEmpty()
        && !Files.exists(folder.resolve("config.json"))
        && !ConvertedFolder.isOne(folder);
  }

  static MarianFolder of(Path folder) {
    MarianSettings settings =
        only(folder, "config.*\\.yml|decoder\\.yml")
            .map(MarianSettings::read)
            .orElseGet(MarianSettings::none);
    Path model =
        named(folder, settings, "models", 0)
            .or(() -> only(folder, MODEL))
            .orElseThrow(() -> new ModelException(folder + " holds no model of Marian"));
    Optional<Path> sourceTokens = list(folder, settings, 0);
    Optional<Path> targetTokens = list(folder, settings, 1);
    if (sourceTokens.isPresent() != targetTokens.isPresent()) {
      throw settings.wrong("vocabs", "two lists of tokens, or pieces");
    }
    Path source =
        pieces(folder, settings, 0)
            .or(() -> only(folder, "source\\.spm"))
            .or(() -> only(folder, "srcvocab.*\\.spm"))
            .or(() -> only(folder, "vocab.*\\.spm"))
            .orElseThrow(() -> new ModelException(folder + " holds no vocabulary, *.spm"));
    Path target =
        pieces(folder, settings, 1)
            .or(() -> only(folder, "target\\.spm"))
            .or(() -> only(folder, "trgvocab.*\\.spm"))
            .orElse(source);
    Optional<Path> shortlist =
        named(folder, settings, "shortlist", 0).or(() -> only(folder, "lex.*\\.bin"));
    return new MarianFolder(
        model,
        source,
        target,
        sourceTokens,
        targetTokens,
        shortlist,
        settings,
        languages(model, source));
  }

  private static Optional<Path> list(Path folder, MarianSettings settings, int index) {
    return named(folder, settings, "vocabs", index).filter(file -> !isPieces(file));
  }

  private static Optional<Path> pieces(Path folder, MarianSettings settings, int index) {
    return named(folder, settings, "vocabs", index).filter(MarianFolder::isPieces);
  }

  private static boolean isPieces(Path file) {
    return String.valueOf(file.getFileName()).endsWith(".spm");
  }

  /** Whether a folder holds a transformer that is no student. */
  static boolean isTransformer(Path folder) {
    return isOne(folder) && !of(folder).isStudent();
  }

  /** Whether the model is one that {@link FirefoxTranslator} runs. */
  boolean isStudent() {
    try (Weights weights = Weights.open(model)) {
      return weights.marian().filter(file -> MarianStudent.isOne(file.settings())).isPresent();
    }
  }

  /** How texts become tokens of a model, and tokens texts. */
  ConvertedFolder.Tokenizers tokenizers(int sources, int targets) {
    PieceTokenizer reading = tokenizer(sourcePieces, sourceTokens, sources);
    boolean shared = sourcePieces.equals(targetPieces) && sourceTokens.equals(targetTokens);
    return new ConvertedFolder.Tokenizers(
        reading, shared ? reading : tokenizer(targetPieces, targetTokens, targets));
  }

  /** How a text is searched for, in Marian's own terms. */
  SearchOptions search(PieceTokenizer writing, int maxTokens) {
    double beams = settings.number("beam-size", BEAMS);
    if (beams < 1 || beams > MOST_BEAMS || beams != Math.rint(beams)) {
      throw settings.wrong("beam-size", "a whole number from 1 to " + MOST_BEAMS);
    }
    int end =
        writing
            .id("</s>")
            .orElseThrow(() -> new ModelException(targetPieces + " has no </s> that ends a text"));
    OptionalInt unknown = writing.id("<unk>");
    boolean suppressed = unknown.isPresent() && !settings.flag("allow-unk", false);
    SearchOptions search =
        SearchOptions.greedy(maxTokens, end)
            .withBeams((int) beams, 1)
            .withLengthPenalty(settings.number("normalize", 1));
    return suppressed ? search.withSuppressed(unknown.getAsInt()) : search;
  }

  private static PieceTokenizer tokenizer(Path pieces, Optional<Path> tokens, int known) {
    Path file = tokens.orElse(pieces);
    List<String> names = tokens.isPresent() ? MarianTokens.read(file) : MarianTokens.of(pieces);
    if (names.size() > known) {
      throw new ModelException(
          "%s has %d tokens, but the model only knows %d".formatted(file, names.size(), known));
    }
    return PieceTokenizer.listed(pieces, true, file, names);
  }

  private static Optional<Languages> languages(Path... files) {
    for (Path file : files) {
      Matcher found = PAIR.matcher(String.valueOf(file.getFileName()));
      if (found.find()) {
        return Optional.of(new Languages(found.group(1), found.group(2)));
      }
    }
    return Optional.empty();
  }

  /** A file that the settings name, which must be in the folder. */
  private static Optional<Path> named(Path folder, MarianSettings settings, String key, int index) {
    List<String> names = settings.texts(key);
    if (index >= names.size()) {
      return Optional.empty();
    }
    String name = names.get(index);
    if (name.contains("/") || name.contains("\\") || name.startsWith("..")) {
      throw settings.wrong(key, "a file of the same folder");
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new ModelException("%s is missing; %s names it".formatted(file, key));
    }
    return Optional.of(file);
  }

  private static Optional<Path> only(Path folder, String pattern) {
    List<Path> found = names(folder, pattern);
    if (found.size() > 1) {
      throw new ModelException(
          "%s holds %s; keep the one you want"
              .formatted(folder, found.stream().map(Path::getFileName).toList()));
    }
    return found.stream().findFirst();
  }

  private static List<Path> names(Path folder, String pattern) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).matches(pattern))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
