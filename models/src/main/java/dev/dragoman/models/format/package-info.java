/**
 * The files a model is made of: safetensors mapped through {@code java.lang.foreign}, and the JSON
 * files of a Hugging Face folder. Nothing in them is trusted: what does not fit is refused with a
 * {@link dev.dragoman.models.ModelException} that names the file and the tensor or key.
 */
@NullMarked
package dev.dragoman.models.format;

import org.jspecify.annotations.NullMarked;
