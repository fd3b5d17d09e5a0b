package dev.dragoman.operators.record;

/** The kinds of failure that send a document to the dead letters. */
public enum RejectionCode {
  /** The file could not be opened or read from where it lies. */
  UNREADABLE(Category.RESOURCES),
  /** There is nothing in it. */
  EMPTY(Category.INPUT),
  /** The bytes break off or contradict their own format. */
  CORRUPT(Category.INPUT),
  /** It cannot be opened without a password or key. */
  ENCRYPTED(Category.INPUT),
  /** No reader, decoder or model here understands the format. */
  UNSUPPORTED(Category.INPUT),
  /** It is, claims to be, or unpacks to more than the limits allow. */
  TOO_LARGE(Category.INPUT),
  /** Containers within containers beyond the depth limit. */
  TOO_DEEP(Category.INPUT),
  /** Reading it took longer than the time limit; the worker process was killed. */
  TIMEOUT(Category.INPUT),
  /** Reading it took more memory than a worker process may have. */
  OUT_OF_MEMORY(Category.INPUT),
  /** The worker process died on it. */
  WORKER_CRASHED(Category.INPUT),
  /** A row that is not what its table says: broken JSON, a wrong number of columns. */
  BAD_ROW(Category.INPUT),
  /** The system it was to be written to does not take it. */
  REFUSED(Category.INPUT),
  /** A model the step needs is not on this machine. */
  MISSING_MODEL(Category.RESOURCES),
  /** The operator itself failed; a bug or a full disk, not the document's fault. */
  INTERNAL(Category.INTERNAL);

  /** Who can do something about it. */
  public enum Category {
    /** The document is the cause: mend it, or leave it out. */
    INPUT,
    /** The machine lacks something: provide it and replay. */
    RESOURCES,
    /** Dragoman is the cause. */
    INTERNAL
  }

  private final Category category;

  RejectionCode(Category category) {
    this.category = category;
  }

  /** Who can do something about it. */
  public Category category() {
    return category;
  }
}
