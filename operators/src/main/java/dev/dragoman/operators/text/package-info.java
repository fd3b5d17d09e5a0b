/**
 * Operators that work by rules on text: {@link dev.dragoman.operators.text.DetectLanguage}, {@link
 * dev.dragoman.operators.text.Normalize}, {@link dev.dragoman.operators.text.MaskPii} and {@link
 * dev.dragoman.operators.text.Deduplicate}. None needs a model file.
 */
@NullMarked
package dev.dragoman.operators.text;

import org.jspecify.annotations.NullMarked;
