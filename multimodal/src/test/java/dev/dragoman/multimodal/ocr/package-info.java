@NullMarked
package dev.dragoman.multimodal.ocr;

import org.jspecify.annotations.NullMarked;
