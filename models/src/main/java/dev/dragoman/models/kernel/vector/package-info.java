/**
 * The kernels in SIMD instructions, through {@code jdk.incubator.vector}. No other package imports
 * that module. The matrix product keeps a tile of the result in registers (6 rows by 4 vectors
 * where there are 32 registers, 6 by 2 where there are 16) and streams the packed weights past it;
 * all else is one pass over rows that are still in the cache.
 */
@NullMarked
package dev.dragoman.models.kernel.vector;

import org.jspecify.annotations.NullMarked;
