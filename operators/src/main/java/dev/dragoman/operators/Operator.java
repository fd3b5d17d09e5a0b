package dev.dragoman.operators;

import dev.dragoman.operators.record.Document;
import java.util.List;
import java.util.Map;

/**
 * Something that is done to documents. One instance is used by one thread at a time; what is heavy
 * (a model, a pool of worker processes) is shared by all instances in the JVM.
 *
 * <p>What is wrong with a document is answered as {@link Outcome.Failed}, never thrown. An
 * exception thrown by {@link #apply} means that the operator itself is broken; the caller then
 * offers the documents of the batch one by one and rejects those it fails on as {@code INTERNAL}.
 */
public interface Operator extends AutoCloseable {
  /**
   * Applies this operator.
   *
   * @param batch at least one document
   * @return one outcome for each document, in the same order
   */
  List<Outcome> apply(List<Document> batch);

  /** Applies this operator to each document on its own; answers as {@link #apply} does. */
  default List<Outcome> applyEach(List<Document> documents) {
    return documents.stream().map(document -> apply(List.of(document)).getFirst()).toList();
  }

  /**
   * How much work a document is, in model tokens or something that grows like them; batches are cut
   * by the sum. Must be cheap.
   */
  default long weight(Document document) {
    return 1;
  }

  /** How much weight a batch should have before it is worth applying the operator. */
  default long batchWeight() {
    return 1;
  }

  /**
   * What it has counted since it was opened, by names of small letters and underscores: {@code
   * cache_hits} is how many results it did not have to work out. Numbers never fall.
   */
  default Map<String, Long> counts() {
    return Map.of();
  }

  /** Gives back what is shared. */
  @Override
  void close();
}
