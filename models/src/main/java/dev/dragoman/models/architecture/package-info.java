/**
 * The architectures, one file each, opening with the address of the paper and of the reference
 * implementation. Each reads its sizes from {@code config.json}, takes its tensors by name, and
 * runs on {@link dev.dragoman.models.kernel.Kernels}. They share no abstract model.
 */
@NullMarked
package dev.dragoman.models.architecture;

import org.jspecify.annotations.NullMarked;
