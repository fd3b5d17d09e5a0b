package dev.dragoman.operators;

import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.reading.AskPicture;
import dev.dragoman.operators.reading.Caption;
import dev.dragoman.operators.reading.ExtractText;
import dev.dragoman.operators.reading.Ocr;
import dev.dragoman.operators.reading.Transcribe;
import dev.dragoman.operators.semantic.Chunk;
import dev.dragoman.operators.semantic.Classify;
import dev.dragoman.operators.semantic.Embed;
import dev.dragoman.operators.semantic.Summarize;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.operators.text.DetectLanguage;
import dev.dragoman.operators.text.MaskPii;
import dev.dragoman.operators.text.Normalize;
import dev.dragoman.operators.translate.Translate;
import java.util.List;
import java.util.Optional;

/** Every operator there is, by name. */
public final class Operators {
  /** In the order of the reference. An operator that is not listed here does not exist. */
  private static final List<Class<? extends OperatorConfig>> ALL =
      List.of(
          // One a line, in the order a recipe would have them.
          ExtractText.Config.class, //
          Ocr.Config.class, //
          Transcribe.Config.class, //
          Caption.Config.class, //
          AskPicture.Config.class, //
          DetectLanguage.Config.class, //
          Translate.Config.class, //
          Normalize.Config.class, //
          MaskPii.Config.class, //
          Deduplicate.Config.class, //
          Summarize.Config.class, //
          Classify.Config.class, //
          Chunk.Config.class, //
          Embed.Config.class);

  private Operators() {}

  /** The configuration classes of all operators, in the order of the reference. */
  public static List<Class<? extends OperatorConfig>> all() {
    return ALL;
  }

  /** The names of all operators, in the order of the reference. */
  public static List<String> names() {
    return ALL.stream().map(type -> Configs.info(type).name()).toList();
  }

  /** The configuration class of an operator. */
  public static Optional<Class<? extends OperatorConfig>> find(String name) {
    for (Class<? extends OperatorConfig> type : ALL) {
      if (Configs.info(type).name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
