/**
 * What is done to documents. Every operator is a plain class with no Beam in it: open it with its
 * configuration, give it a batch, get one outcome for each document.
 *
 * <pre>{@code
 * try (Operator mask = MaskPii.Config.defaults().open(OperatorContext.local())) {
 *   List<Outcome> outcomes = mask.apply(List.of(document));
 * }
 * }</pre>
 *
 * <p>{@code dev.dragoman.operators.beam} applies any of them in a Beam graph.
 */
@NullMarked
package dev.dragoman.operators;

import org.jspecify.annotations.NullMarked;
