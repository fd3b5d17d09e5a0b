/**
 * The search index of an output folder: Lucene, an entry a chunk, and one for each document that
 * has no chunks.
 *
 * <p>Every text is indexed as it is ({@code text}); Dutch and English texts, by the document's
 * language, also with the stemmer of their language ({@code text_nl}, {@code text_en}). A query is
 * asked of all three. Vectors lie in HNSW graphs, a field a dimension, compared by dot product.
 */
@NullMarked
package dev.dragoman.connectors.index;

import org.jspecify.annotations.NullMarked;
