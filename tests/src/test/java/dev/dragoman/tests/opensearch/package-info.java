/** A real OpenSearch for tests. */
@NullMarked
package dev.dragoman.tests.opensearch;

import org.jspecify.annotations.NullMarked;
