/**
 * The four tables, one row at a time, as Parquet: zstd, row groups of 16 MB, statistics and page
 * indexes. Rows are written straight to Parquet's record consumer; nothing is boxed on the way.
 *
 * <p>A {@link dev.dragoman.connectors.parquet.ShardWriter} turns documents into rows of {@code
 * documents}, {@code chunks} and {@code annotations}, and rejections into rows of {@code rejected}.
 * Ids come from content; offsets are code points into the document's text; what is unknown is null.
 *
 * <p>{@link dev.dragoman.connectors.parquet.WriteParquet} adds files to a folder for as long as a
 * stream runs. The elements of a shard wait in the stream's keyed state, on the disk of the worker
 * with RocksDB. When a window of event time has ended, or enough has gathered, they become a
 * <em>file set</em>: whole Parquet files, in memory, with their final name. The file set, bytes
 * included, is an element of the stream; the step that writes it takes only elements that a
 * completed checkpoint holds. So what is in a file is decided before anything is visible, and
 * cannot change afterwards: after a crash the same bytes are written again under the same name.
 *
 * <ul>
 *   <li>A crash before the checkpoint: nothing was visible; the elements are in state, or come
 *       again from the source.
 *   <li>A crash after files were renamed and before the next checkpoint: the file set comes again
 *       and replaces itself.
 *   <li>A full disk: the hidden file is deleted, the bundle fails, the runner comes back to the
 *       checkpoint and tries again; nothing half-written has a visible name.
 *   <li>A worker that was given up and still runs writes the bytes that its successor writes.
 *   <li>A return to an older savepoint: a shard numbers its file sets without gaps, in state. The
 *       number goes back too, and a file set takes the place of the one that had its number in the
 *       run that was given up. Until the stream has come as far as that run had, what that run
 *       wrote last is still there.
 *   <li>A job that is started afresh into the same folder: its files carry another name of a run,
 *       and nothing is replaced.
 * </ul>
 *
 * <p>Nothing is dropped for being late: a late element goes into one more file of its window.
 */
@NullMarked
package dev.dragoman.connectors.parquet;

import org.jspecify.annotations.NullMarked;
