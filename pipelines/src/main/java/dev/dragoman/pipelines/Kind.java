package dev.dragoman.pipelines;

/** What flows between two steps. */
enum Kind {
  /** Documents. */
  DOCUMENTS("documents"),
  /** Rows of a table: totals, trends, alerts. */
  ROWS("rows"),
  /** Documents that failed, each with the reason. */
  REJECTED("rejected documents");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** For messages. */
  String words() {
    return words;
  }
}
