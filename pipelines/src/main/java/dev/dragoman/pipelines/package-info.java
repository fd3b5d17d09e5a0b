/**
 * A recipe becomes a Beam graph. {@link dev.dragoman.pipelines.RecipeReader} reads and checks it,
 * {@link dev.dragoman.pipelines.RecipeGraph} builds the whole graph in one method.
 */
@NullMarked
package dev.dragoman.pipelines;

import org.jspecify.annotations.NullMarked;
