/**
 * The four tables, one row at a time, as Parquet: zstd, row groups of 16 MB, statistics and page
 * indexes. Rows are written straight to Parquet's record consumer; nothing is boxed on the way.
 *
 * <p>A {@link dev.dragoman.connectors.parquet.ShardWriter} turns documents into rows of {@code
 * documents}, {@code chunks} and {@code annotations}, and rejections into rows of {@code rejected}.
 * Ids come from content; offsets are code points into the document's text; what is unknown is null.
 */
@NullMarked
package dev.dragoman.connectors.parquet;

import org.jspecify.annotations.NullMarked;
