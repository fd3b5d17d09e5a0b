/**
 * How fast it is, and beside what. Nothing here is run by the build; docs/engine.md has the
 * commands.
 */
@NullMarked
package dev.dragoman.tests.bench;

import org.jspecify.annotations.NullMarked;
