package dev.dragoman.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model that reads a text in one language and writes it in another. Safe for use by many threads.
 */
public interface Translator extends AutoCloseable {
  /**
   * Opens a folder: Marian, M2M-100 or NLLB of Hugging Face; what CTranslate2 made of one of them,
   * with the files of the tokenizer beside {@code model.bin} ({@code source.spm} and {@code
   * target.spm}, {@code sentencepiece.bpe.model} or {@code tokenizer.json}); or a Marian binary as
   * Firefox ships it ({@code *.bin}, {@code *.spm}, {@code lex.*}).
   *
   * @throws ModelException if there is no model for translation that is known here
   */
  static Translator open(Path folder) {
    return open(folder, 1);
  }

  /**
   * The same.
   *
   * @param threads how many threads a call may use, the caller's own included
   */
  static Translator open(Path folder, int threads) {
    return Translators.open(folder, threads);
  }

  /**
   * Whether a folder says that it holds a model for translation.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return Translators.isOne(folder);
  }

  /**
   * The languages it reads, as ISO 639-1 or, where there is no such code, 639-3; empty if the
   * model's files do not say.
   */
  Set<String> sources();

  /** The languages it writes; empty if the model's files do not say. */
  Set<String> targets();

  /** How many tokens of a source are looked at; the rest is cut off. */
  int maxTokens();

  /** How many tokens a source has, those that the model adds included. */
  int tokens(String source);

  /**
   * Translates texts, best a sentence each. What a source becomes does not depend on the others.
   *
   * @return the best translations of each source, best first: {@link TranslateOptions#best} of them
   * @throws ModelException if the model does not know one of the languages
   */
  List<List<Translation>> translate(List<Source> sources, TranslateOptions options);

  /** The best translation of one text. */
  default Translation translate(String text, TranslateOptions options) {
    return translate(List.of(Source.of(text)), options).getFirst().getFirst();
  }

  /**
   * What is translated.
   *
   * @param terms what must be found in the translation: of each, one of its forms
   */
  record Source(String text, List<Term> terms) {
    /** A text with nothing that must be found in its translation. */
    public static Source of(String text) {
      return new Source(text, List.of());
    }
  }

  /**
   * A term that a translation must have.
   *
   * @param forms how it may be written, at least one: its inflections
   * @param source what it stands for in the source, where the caller knows
   */
  record Term(List<String> forms, Optional<String> source) {
    /** A term that may be written like this. */
    public Term(List<String> forms) {
      this(forms, Optional.empty());
    }
  }

  /** Unmaps the weights. */
  @Override
  void close();
}
