/**
 * Where documents come from: files, folders, globs, any Beam file system, standard input; and
 * tables (CSV, TSV, JSON Lines), of which every row is a document.
 *
 * <p>{@link dev.dragoman.connectors.files.FileList} finds the files before a graph starts, so that
 * a path that matches nothing is told at once; {@link dev.dragoman.connectors.files.ReadFiles}
 * reads them in the workers.
 */
@NullMarked
package dev.dragoman.connectors.files;

import org.jspecify.annotations.NullMarked;
