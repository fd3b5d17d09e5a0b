package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.util.List;

/** A model that no source gave; the message says for each source why. */
public final class PullException extends ModelException {
  private static final long serialVersionUID = 1;

  private final String model;
  private final List<String> reasons;

  PullException(String model, String message, List<String> reasons) {
    super(reasons.isEmpty() ? message : message + "\n  " + String.join("\n  ", reasons));
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
