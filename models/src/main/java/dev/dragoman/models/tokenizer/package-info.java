/**
 * Tokenizers, read from {@code tokenizer.json}: added tokens are taken out first, what is between
 * them is normalised ({@code Normalizer}), cut into words ({@code PreTokenizer}) and each word into
 * tokens ({@code TokenModel}). Every token keeps the UTF-16 range of the source text it came from,
 * through all of these steps. Ids and offsets equal those of Hugging Face tokenizers.
 */
@NullMarked
package dev.dragoman.models.tokenizer;

import org.jspecify.annotations.NullMarked;
