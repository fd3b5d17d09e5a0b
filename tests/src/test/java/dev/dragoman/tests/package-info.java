/** What crosses modules. */
@NullMarked
package dev.dragoman.tests;

import org.jspecify.annotations.NullMarked;
