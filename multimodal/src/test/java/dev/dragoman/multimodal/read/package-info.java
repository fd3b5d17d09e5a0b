@NullMarked
package dev.dragoman.multimodal.read;

import org.jspecify.annotations.NullMarked;
