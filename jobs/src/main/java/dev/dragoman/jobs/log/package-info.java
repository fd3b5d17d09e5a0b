/** How what happens is logged. */
@NullMarked
package dev.dragoman.jobs.log;

import org.jspecify.annotations.NullMarked;
