/**
 * The arithmetic: {@link dev.dragoman.models.kernel.Kernels} names the operations, {@link
 * dev.dragoman.models.kernel.ScalarKernels} says what they mean, and {@code kernel.vector} makes
 * them fast.
 */
@NullMarked
package dev.dragoman.models.kernel;

import org.jspecify.annotations.NullMarked;
