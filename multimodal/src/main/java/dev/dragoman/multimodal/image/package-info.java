/**
 * Pictures from strangers' files: {@link dev.dragoman.multimodal.image.PictureFile} opens one and
 * gives its pages as upright RGB on white.
 *
 * <p>Everything here runs inside a worker process. A picture's claimed size is read and judged
 * before a pixel is decoded, metadata is never parsed except for the one orientation tag, and when
 * a decoder fails the next one that recognises the file is tried, in an order that is always the
 * same.
 */
@NullMarked
package dev.dragoman.multimodal.image;

import org.jspecify.annotations.NullMarked;
