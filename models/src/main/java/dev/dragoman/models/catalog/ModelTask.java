package dev.dragoman.models.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a model does. */
public enum ModelTask {
  /** Text to a vector. */
  @JsonProperty("embed")
  EMBED,
  /** A picture of text to text. */
  @JsonProperty("ocr")
  OCR,
  /** Speech to text. */
  @JsonProperty("transcribe")
  TRANSCRIBE,
  /** Text to the text that goes on from it. */
  @JsonProperty("generate")
  GENERATE,
  /** Text of one language to text of another. */
  @JsonProperty("translate")
  TRANSLATE,
  /** Text to labels, or to the names in it. */
  @JsonProperty("classify")
  CLASSIFY,
  /** A picture to a text about it. */
  @JsonProperty("caption")
  CAPTION;

  /** As it is written in the catalog: {@code embed}. */
  public String label() {
    return switch (this) {
      case EMBED -> "embed";
      case OCR -> "ocr";
      case TRANSCRIBE -> "transcribe";
      case GENERATE -> "generate";
      case TRANSLATE -> "translate";
      case CLASSIFY -> "classify";
      case CAPTION -> "caption";
    };
  }
}
