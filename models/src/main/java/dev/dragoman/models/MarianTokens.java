package dev.dragoman.models;

import dev.dragoman.models.tokenizer.PipelineTokenizer;
import dev.dragoman.models.tokenizer.SentencePieceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** The tokens of a model of Marian by their ids. */
final class MarianTokens {
  private static final int MOST_BYTES = 64 << 20;

  private MarianTokens() {}

  /** Those of a SentencePiece model, whose ids are the model's. */
  static List<String> of(Path pieces) {
    PipelineTokenizer own = SentencePieceFile.open(pieces);
    return IntStream.range(0, own.vocabularySize()).mapToObj(own::token).toList();
  }

  /**
   * Those of a YAML file in which each has its id.
   *
   * @throws ModelException if it is none
   */
  static List<String> read(Path file) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setSchema(new FailsafeSchema())
            .setCodePointLimit(MOST_BYTES)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ModelException(file + " is larger than any list of tokens should be");
      }
      if (!(new Load(settings).loadFromString(Files.readString(file))
          instanceof Map<?, ?> listed)) {
        throw new ModelException(file + " is no list of tokens with their ids");
      }
      List<String> names = new ArrayList<>(Collections.nCopies(listed.size(), ""));
      for (Map.Entry<?, ?> entry : listed.entrySet()) {
        int id = id(file, entry, listed.size());
        if (!names.get(id).isEmpty()) {
          throw new ModelException("%s has the id %d twice".formatted(file, id));
        }
        names.set(id, String.valueOf(entry.getKey()));
      }
      return List.copyOf(names);
    } catch (YamlEngineException e) {
      throw new ModelException("%s is no YAML: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static int id(Path file, Map.Entry<?, ?> entry, int count) {
    String written = String.valueOf(entry.getValue());
    if (written.matches("[0-9]{1,9}") && Integer.parseInt(written) < count) {
      return Integer.parseInt(written);
    }
    throw new ModelException(
        "%s: %s has %s in place of an id from 0 to %d"
            .formatted(file, entry.getKey(), written, count - 1));
  }
}
