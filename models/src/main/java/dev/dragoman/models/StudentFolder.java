package dev.dragoman.models;

import dev.dragoman.models.FirefoxTranslator.Languages;
import dev.dragoman.models.format.MarianSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a student as Firefox names them: {@code model.enpt.intgemm.alphas.bin}, {@code
 * vocab.enpt.spm} or {@code srcvocab.enpt.spm} and {@code trgvocab.enpt.spm}, {@code
 * lex.50.50.enpt.s2t.bin}, and a {@code config.*.yml} that may name them otherwise.
 *
 * @param settings what the {@code .yml} says
 */
record StudentFolder(
    Path model,
    Path sourcePieces,
    Path targetPieces,
    Optional<Path> shortlist,
    MarianSettings settings,
    Optional<Languages> languages) {
  private static final Pattern PAIR = Pattern.compile("\\.([a-z]{2})([a-z]{2})\\.");

  static boolean isOne(Path folder) {
    return Files.isDirectory(folder)
        && !names(folder, "(model|.*student).*\\.(bin|npz)").isEmpty()
        && !names(folder, ".*\\.spm").isEmpty()
        && !Files.exists(folder.resolve("config.json"))
        && !ConvertedFolder.isOne(folder);
  }

  static StudentFolder of(Path folder) {
    MarianSettings settings =
        only(folder, "config.*\\.yml").map(MarianSettings::read).orElseGet(MarianSettings::none);
    Path model =
        named(folder, settings, "models", 0)
            .or(() -> only(folder, "(model|.*student).*\\.(bin|npz)"))
            .orElseThrow(() -> new ModelException(folder + " holds no model of Marian"));
    Path source =
        named(folder, settings, "vocabs", 0)
            .or(() -> only(folder, "srcvocab.*\\.spm"))
            .or(() -> only(folder, "vocab.*\\.spm"))
            .orElseThrow(() -> new ModelException(folder + " holds no vocabulary, *.spm"));
    Path target =
        named(folder, settings, "vocabs", 1)
            .or(() -> only(folder, "trgvocab.*\\.spm"))
            .orElse(source);
    Optional<Path> shortlist =
        named(folder, settings, "shortlist", 0).or(() -> only(folder, "lex.*\\.bin"));
    return new StudentFolder(model, source, target, shortlist, settings, languages(model, source));
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
