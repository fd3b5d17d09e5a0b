package dev.dragoman.models;

import dev.dragoman.models.generate.SearchOptions;

/**
 * How a {@link TextToText} writes.
 *
 * @param prefix put before each text ({@code "summarize: "})
 * @param search how what is written is searched for
 * @param batchTokens how many tokens of texts go through the model at once
 */
public record WriteOptions(String prefix, SearchOptions search, int batchTokens) {
  /** The same with this prefix. */
  public WriteOptions withPrefix(String other) {
    return new WriteOptions(other, search, batchTokens);
  }

  /** The same with this search. */
  public WriteOptions withSearch(SearchOptions other) {
    return new WriteOptions(prefix, other, batchTokens);
  }

  /** How many texts are wanted of each. */
  public int best() {
    return search.best();
  }
}
