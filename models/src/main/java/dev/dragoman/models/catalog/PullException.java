package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.util.List;
import java.util.stream.Collectors;

/** A model that no source gave; the message says for each source why. */
public final class PullException extends ModelException {
  private static final long serialVersionUID = 1;

  private final String model;
  private final List<String> reasons;

  PullException(String model, String message, List<String> reasons) {
    this(model, message, reasons, "");
  }

  /** With a last line that says what else can be done, unless that is empty. */
  PullException(String model, String message, List<String> reasons, String otherwise) {
    super(
        message
            + reasons.stream().map("\n  "::concat).collect(Collectors.joining())
            + (otherwise.isEmpty() ? "" : "\n" + otherwise));
    this.model = model;
    this.reasons = List.copyOf(reasons);
  }

  /** The catalog name. */
  public String model() {
    return model;
  }

  /** {@code source: why}, one for each source tried. */
  public List<String> reasons() {
    return reasons;
  }
}
