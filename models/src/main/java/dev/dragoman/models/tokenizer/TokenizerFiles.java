package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.format.Gguf;
import dev.dragoman.models.format.PackedE5;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Opens a tokenizer of any kind. */
public final class TokenizerFiles {
  private static final List<String> NAMES =
      List.of("tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

  private TokenizerFiles() {}

  /**
   * The tokenizer in this file, or in this folder.
   *
   * @throws ModelException if there is none, or it asks for something that is not known here
   */
  public static Tokenizer open(Path path) {
    if (Files.isDirectory(path)) {
      if (PieceTokenizer.isMarian(path)) {
        return PieceTokenizer.marianSource(path);
      }
      if (PieceTokenizer.isM2m(path) && !Files.isRegularFile(path.resolve(NAMES.getFirst()))) {
        return PieceTokenizer.m2m(path, M2mLanguages.TOKENS);
      }
      Path file =
          NAMES.stream()
              .map(path::resolve)
              .filter(Files::isRegularFile)
              .findFirst()
              .orElseGet(() -> onlyWeights(path));
      return open(file);
    }
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".gguf")) {
      try (Arena arena = Arena.ofConfined()) {
        return TokenizerGguf.read(name, Gguf.open(path, arena).metadata());
      }
    }
    if (name.endsWith(".bin")) {
      try (Arena arena = Arena.ofConfined()) {
        return TokenizerPacked.read(PackedE5.open(path, arena).vocabulary());
      }
    }
    if (name.endsWith(".model") || name.endsWith(".spm")) {
      return SentencePieceFile.open(path);
    }
    return TokenizerJson.open(path);
  }

  /** The one file with weights and vocabulary in a folder with no tokenizer; else what lacks. */
  private static Path onlyWeights(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(file ->
                  String.valueOf(file.getFileName()).matches("(?!pytorch_model).*\\.bin|.*\\.gguf"))
              .toList();
      return found.size() == 1 ? found.getFirst() : folder.resolve(NAMES.getFirst());
    } catch (IOException e) {
      throw new ModelException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
