package dev.dragoman.models;

import dev.dragoman.models.format.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the files of an encoder-decoder say about how a text begins. */
final class StartTokens {
  /** Where a tokenizer says nothing, or that there is no limit, longer texts are cut off. */
  static final int USUAL_SOURCE = 1024;

  private StartTokens() {}

  /**
   * The token that the decoder begins with.
   *
   * @throws ModelException if the files do not say
   */
  static int start(Path folder) {
    for (String name : new String[] {"generation_config.json", "config.json"}) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        ModelConfig config = ModelConfig.readFile(file);
        for (String key : new String[] {"decoder_start_token_id", "bos_token_id"}) {
          if (config.has(key)) {
            return config.whole(key, 0);
          }
        }
      }
    }
    throw new ModelException(
        folder + ": config.json does not say which decoder_start_token_id a text begins with");
  }
}
