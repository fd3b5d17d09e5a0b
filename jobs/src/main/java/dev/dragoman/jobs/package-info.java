/** What people start: the {@code dragoman} command line. */
@NullMarked
package dev.dragoman.jobs;

import org.jspecify.annotations.NullMarked;
