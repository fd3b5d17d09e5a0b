/**
 * Translation. A text is cut into sentences ({@link dev.dragoman.operators.translate.Layout}),
 * whose markup, addresses, codes and names are found ({@link
 * dev.dragoman.operators.translate.Verbatim}); what the translation memory or an earlier sentence
 * has is taken from there; the rest of a whole batch of documents goes through a model at once, one
 * or two legs long; each answer is checked ({@link dev.dragoman.operators.translate.Checks}), and
 * what is wrong is tried again in another way, at last with another model.
 */
@NullMarked
package dev.dragoman.operators.translate;

import org.jspecify.annotations.NullMarked;
