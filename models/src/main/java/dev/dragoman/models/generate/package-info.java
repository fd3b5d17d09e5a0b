/**
 * Text from a language model, token by token: sampling, stop strings, reuse of prompts that begin
 * alike, many requests in one step of the model, drafts from the prompt.
 */
@NullMarked
package dev.dragoman.models.generate;

import org.jspecify.annotations.NullMarked;
