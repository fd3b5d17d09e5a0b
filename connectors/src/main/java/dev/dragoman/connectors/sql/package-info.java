/** SQL over the tables of an output folder: DuckDB, reading only, and only there. */
@NullMarked
package dev.dragoman.connectors.sql;

import org.jspecify.annotations.NullMarked;
