package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.RejectionCode;

/** A message that cannot become a document: what is wrong with it and what to do. */
final class BadMessageException extends Exception {
  private static final long serialVersionUID = 1;

  private final RejectionCode code;

  BadMessageException(RejectionCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** A message that is not what the recipe says it is. */
  static BadMessageException row(String message) {
    return new BadMessageException(RejectionCode.BAD_ROW, message);
  }

  RejectionCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
