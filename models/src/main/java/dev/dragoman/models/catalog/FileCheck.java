package dev.dragoman.models.catalog;

/**
 * What hashing a file of an installed model again showed.
 *
 * @param path in the model's folder
 * @param state whether it is as it should be
 * @param sha256 the digest found, empty if the file is missing
 */
public record FileCheck(String path, State state, String sha256) {
  /** How a file is. */
  public enum State {
    /** Its digest is one of those pinned. */
    GOOD,
    /** It is there, with other bytes. */
    CHANGED,
    /** It is not there. */
    MISSING
  }

  /** Whether it is as it should be. */
  public boolean good() {
    return state == State.GOOD;
  }
}
