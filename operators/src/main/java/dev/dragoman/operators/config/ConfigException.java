package dev.dragoman.operators.config;

/** A configuration that cannot be used: the user's mistake, told in one line. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String key;

  /**
   * A mistake.
   *
   * @param key the offending key, or empty where the whole configuration is meant
   * @param message one line for the user
   */
  public ConfigException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** The offending key, or empty. */
  public String key() {
    return key;
  }
}
