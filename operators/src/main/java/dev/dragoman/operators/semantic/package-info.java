/**
 * Operators on the meaning of text, all of which stand on sentence embeddings: {@link
 * dev.dragoman.operators.semantic.Chunk} and {@link dev.dragoman.operators.semantic.Embed} make
 * passages that can be found by meaning, {@link dev.dragoman.operators.semantic.Classify} sorts by
 * examples, {@link dev.dragoman.operators.semantic.Summarize} quotes the sentences that say most.
 *
 * <p>They share one embedding model per JVM and model folder.
 */
@NullMarked
package dev.dragoman.operators.semantic;

import org.jspecify.annotations.NullMarked;
