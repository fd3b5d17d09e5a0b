/**
 * Decoding that can only produce valid output: a JSON schema or a regular expression says, before
 * each token, which tokens may come.
 *
 * <p>{@link dev.dragoman.models.generate.constrain.Constraint} compiles the schema or expression,
 * {@link dev.dragoman.models.generate.constrain.Vocabulary} holds the tokens of a model as bytes,
 * {@link dev.dragoman.models.generate.constrain.ConstraintCursor} follows one generation.
 *
 * <p>How it works. Numbers and strings become finite automata over bytes ({@code ByteDfa}), on
 * which union, intersection and complement are exact; a schema becomes a set of values by type
 * ({@code ValueSet}); properties and items stay formulas over schemas ({@code Formula}) so that
 * recursion ends; each formula becomes a rule of a pushdown automaton ({@code Automaton}). The mask
 * of a state is found by walking the trie of all tokens once; where a token runs over the end of a
 * rule, the walk goes on with the state below, and what was found so far is kept for all states
 * below ({@code MaskTable}).
 */
@NullMarked
package dev.dragoman.models.generate.constrain;

import org.jspecify.annotations.NullMarked;
