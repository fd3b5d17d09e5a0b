@NullMarked
package dev.dragoman.multimodal.worker;

import org.jspecify.annotations.NullMarked;
