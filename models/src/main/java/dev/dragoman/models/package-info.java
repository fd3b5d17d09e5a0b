/**
 * Transformer models in plain Java: what callers see.
 *
 * <p>{@link dev.dragoman.models.TextEmbedder} turns texts into vectors, {@link
 * dev.dragoman.models.TextClassifier} and {@link dev.dragoman.models.TokenClassifier} label them,
 * {@link dev.dragoman.models.TextGenerator} goes on with them; {@link
 * dev.dragoman.models.TokenEncoder} and {@link dev.dragoman.models.LanguageModel} take token ids,
 * {@link dev.dragoman.models.Tokenizer} cuts text into tokens. A model is a Hugging Face folder or
 * a GGUF file; {@code dev.dragoman.models.catalog} knows where to get one. Whatever is wrong with a
 * model's files is a {@link dev.dragoman.models.ModelException}.
 *
 * <p>Below: {@code format} maps and checks the files, {@code tokenizer} reads {@code
 * tokenizer.json}, {@code kernel} is the arithmetic with its vectorised form in {@code
 * kernel.vector}, {@code architecture} has one file for each architecture. Java must be started
 * with {@code --add-modules jdk.incubator.vector}.
 */
@NullMarked
package dev.dragoman.models;

import org.jspecify.annotations.NullMarked;
