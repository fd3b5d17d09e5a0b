/** Programs that feed folders of real, odd and broken files to the readers. */
@NullMarked
package dev.dragoman.tests.corpus;

import org.jspecify.annotations.NullMarked;
