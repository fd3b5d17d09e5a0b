package dev.dragoman.models.catalog;

import java.util.Map;
import java.util.Optional;

/**
 * Models that recipes know by a name although the catalog cannot pin their files: where people find
 * them.
 */
public final class OnTheHub {
  private static final Map<String, String> REPOSITORIES =
      Map.of(
          "vit-gpt2-captioning", "nlpconnect/vit-gpt2-image-captioning",
          "blip-image-captioning-base", "Salesforce/blip-image-captioning-base",
          "blip-vqa-base", "Salesforce/blip-vqa-base",
          "smolvlm-256m-instruct", "HuggingFaceTB/SmolVLM-256M-Instruct");

  private OnTheHub() {}

  /** How to get the model of this name; empty if nobody knows it. */
  public static Optional<String> advice(String name) {
    return Optional.ofNullable(REPOSITORIES.get(name))
        .map(repository ->
            "download %s from the model hub (config.json, the weights as safetensors, tokenizer.json and the other JSON files) into models/%s of DRAGOMAN_HOME, or into a folder that you name in place of it"
                .formatted(repository, name));
  }
}
