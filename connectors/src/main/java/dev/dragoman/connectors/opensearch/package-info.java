/**
 * The sink into OpenSearch. Documents and rows go in bulks; each is indexed under an id of its own
 * with its event time as the version ({@code external_gte}), so that a bulk that is sent again
 * after a crash changes nothing and an older version never takes the place of a newer one.
 *
 * <p>A server that is busy or away makes the stream wait: a bulk is tried again with growing pauses
 * and nothing is gathered meanwhile. After long trouble the bundle fails, and the runner begins
 * again at its last checkpoint. What the server refuses for good, such as a value that does not fit
 * the mapping, is a rejection with the server's words.
 */
@NullMarked
package dev.dragoman.connectors.opensearch;

import org.jspecify.annotations.NullMarked;
