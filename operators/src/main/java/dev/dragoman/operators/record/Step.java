package dev.dragoman.operators.record;

import java.io.Serializable;

/**
 * What one operator did to a document.
 *
 * @param operator its name in a recipe
 * @param version of its behaviour; changes when its output may
 * @param model the catalog name of the model used, or empty
 * @param status whether it ran
 * @param note why it did not run and what would make it run; empty when it ran
 */
public record Step(String operator, String version, String model, Status status, String note)
    implements Serializable {
  /** Whether a step ran. */
  public enum Status {
    /** It ran. */
    DONE,
    /** It could not run and the recipe said to go on without it. */
    SKIPPED,
    /** It failed and the recipe said to keep the document. */
    FAILED
  }

  /** A step that ran. */
  public static Step done(String operator, String version, String model) {
    return new Step(operator, version, model, Status.DONE, "");
  }

  /** A step that was left out, and why. */
  public static Step skipped(String operator, String version, String model, String note) {
    return new Step(operator, version, model, Status.SKIPPED, note);
  }
}
