package dev.dragoman.models;

/** A model that is not installed; the message names the command that gets it. */
public final class MissingModelException extends ModelException {
  private static final long serialVersionUID = 1;

  private final String model;

  /** The model with this catalog name is not in the cache that was looked into. */
  public MissingModelException(String model) {
    this(model, "");
  }

  /**
   * The same.
   *
   * @param otherwise what to do where the command cannot work; may be empty
   */
  public MissingModelException(String model, String otherwise) {
    super(
        "model "
            + model
            + " is not installed; run: dragoman model pull "
            + model
            + (otherwise.isEmpty() ? "" : "; " + otherwise));
    this.model = model;
  }

  /** The catalog name. */
  public String model() {
    return model;
  }
}
