package dev.dragoman.multimodal.read;

/**
 * How much of a file is taken.
 *
 * @param maxFileBytes a larger file is refused: {@code TOO_LARGE}
 * @param maxTextCharacters text beyond is left out and a problem says so
 * @param maxEntries contained files beyond are left out and a problem says so
 * @param maxEntryBytes a larger contained file is left out, with a problem {@code TOO_LARGE} of its
 *     own
 * @param maxTotalBytes contained files after so many bytes in all are left out in the same way
 * @param maxPages pages beyond are left out and a problem says so
 */
public record ReadLimits(
    long maxFileBytes,
    int maxTextCharacters,
    int maxEntries,
    long maxEntryBytes,
    long maxTotalBytes,
    int maxPages) {

  private static final long MIB = 1L << 20;
  private static final ReadLimits DEFAULTS =
      new ReadLimits(1024 * MIB, 20_000_000, 10_000, 64 * MIB, 256 * MIB, 5_000);

  /** Checks that each limit is at least 1. */
  public ReadLimits {
    for (long limit :
        new long[] {
          maxFileBytes, maxTextCharacters, maxEntries, maxEntryBytes, maxTotalBytes, maxPages
        }) {
      if (limit < 1) {
        throw new IllegalArgumentException("a reading limit must be at least 1, not " + limit);
      }
    }
    if (maxEntryBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("maxEntryBytes must be below 2 GiB, not " + maxEntryBytes);
    }
  }

  /**
   * 1 GiB a file, 20 million characters, 10,000 entries of 64 MiB and 256 MiB in all, 5,000 pages.
   */
  public static ReadLimits defaults() {
    return DEFAULTS;
  }
}
