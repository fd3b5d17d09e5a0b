/** An OpenSearch node for tests and scripts, in a process of its own. */
@NullMarked
package dev.dragoman.servers.opensearch;

import org.jspecify.annotations.NullMarked;
