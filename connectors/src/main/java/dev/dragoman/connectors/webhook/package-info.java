/** Rows and documents sent to an address on the web. */
@NullMarked
package dev.dragoman.connectors.webhook;

import org.jspecify.annotations.NullMarked;
