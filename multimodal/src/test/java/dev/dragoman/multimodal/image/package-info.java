@NullMarked
package dev.dragoman.multimodal.image;

import org.jspecify.annotations.NullMarked;
