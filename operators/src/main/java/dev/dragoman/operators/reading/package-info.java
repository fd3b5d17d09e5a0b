/**
 * Operators that turn files into text: what is written in them, what can be seen on them, what is
 * said in them.
 */
@NullMarked
package dev.dragoman.operators.reading;

import org.jspecify.annotations.NullMarked;
