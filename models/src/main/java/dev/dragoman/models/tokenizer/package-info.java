/**
 * Tokenizers, read from {@code tokenizer.json}, from GGUF metadata and from SentencePiece files:
 * added tokens are taken out first, what is between them is normalised ({@code Normalizer}), cut
 * into words ({@code PreTokenizer}) and each word into tokens ({@code TokenModel}: WordPiece, BPE,
 * Unigram). Every token keeps the UTF-16 range of the source text it came from, through all of
 * these steps. Ids and offsets equal those of Hugging Face tokenizers, ids from GGUF those of
 * llama.cpp, ids from {@code .model} those of SentencePiece. {@code DecodeStep}s make text of
 * tokens, as they come.
 */
@NullMarked
package dev.dragoman.models.tokenizer;

import org.jspecify.annotations.NullMarked;
