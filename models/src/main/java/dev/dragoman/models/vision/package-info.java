/**
 * Pictures on their way into a model: {@link dev.dragoman.models.vision.Pixels} become {@link
 * dev.dragoman.models.vision.PixelValues} as a folder's {@code preprocessor_config.json} says.
 *
 * <p>Resizing is Pillow's, to the bit: a separable filter, widened where the picture shrinks, in
 * whole numbers with 22 bits after the point. Reference: {@code Resample.c} of Pillow 13 and the
 * image processors of transformers that run on it. Those that run on torchvision, or on an older
 * Pillow, differ from them at sharp edges of pictures that shrink much more in height than in
 * width.
 */
@NullMarked
package dev.dragoman.models.vision;

import org.jspecify.annotations.NullMarked;
