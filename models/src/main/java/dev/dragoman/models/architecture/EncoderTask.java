package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import java.util.Map;
import java.util.TreeMap;

/** What an encoder's checkpoint was trained for, and so which head its weights have. */
public enum EncoderTask {
  /** No head: a vector for each token. */
  STATES,
  /** For each token, a score of every token of the vocabulary in its place. */
  MASKED,
  /** For a sequence, a score of each label. */
  SEQUENCE,
  /** For each token, a score of each label. */
  TOKENS;

  private static final Map<String, EncoderTask> SUFFIXES =
      new TreeMap<>(
          Map.of(
              "Model", STATES,
              "ForMaskedLM", MASKED,
              "ForPreTraining", MASKED,
              "ForSequenceClassification", SEQUENCE,
              "ForTokenClassification", TOKENS));

  /**
   * What key {@code architectures} says, where names are made of this prefix and a task.
   *
   * @throws dev.dragoman.models.ModelException if it names any other class
   */
  static EncoderTask of(ModelConfig file, String prefix) {
    EncoderTask task = STATES;
    for (String name : file.texts("architectures")) {
      EncoderTask known =
          name.startsWith(prefix) ? SUFFIXES.get(name.substring(prefix.length())) : null;
      if (known == null) {
        throw file.wrong(
            "architectures", prefix + " with one of " + String.join(", ", SUFFIXES.keySet()));
      }
      task = known;
    }
    return task;
  }
}
