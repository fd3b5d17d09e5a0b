package dev.dragoman.models.tokenizer;

import dev.dragoman.models.SpecialToken;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a tokenizer is made of.
 *
 * @param normalizers in order
 * @param preTokenizers in order
 * @param model makes tokens of words
 * @param added looked for in the text before all else
 * @param vocabulary what each id is
 * @param template what goes around the tokens
 * @param trim how offsets are trimmed, or null
 * @param decoding how text is made of tokens, in order
 * @param specials what special tokens are for
 * @param chatTemplate the template of conversations, or null
 */
record Steps(
    List<Normalizer> normalizers,
    List<PreTokenizer> preTokenizers,
    TokenModel model,
    List<AddedToken> added,
    Vocabulary vocabulary,
    Template template,
    TokenBuffer.@Nullable Trim trim,
    List<DecodeStep> decoding,
    Map<SpecialToken, Integer> specials,
    @Nullable String chatTemplate) {}
