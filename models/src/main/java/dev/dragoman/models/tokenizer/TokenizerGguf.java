package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.format.Metadata;
import dev.dragoman.models.format.MetadataArray;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the tokenizer in a GGUF file's metadata ({@code tokenizer.ggml.*}), as llama.cpp does. */
public final class TokenizerGguf {
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;
  private static final Map<SpecialToken, String> ROLES =
      Map.of(
          SpecialToken.BOS, "bos",
          SpecialToken.EOS, "eos",
          SpecialToken.UNK, "unknown",
          SpecialToken.SEP, "seperator",
          SpecialToken.PAD, "padding",
          SpecialToken.CLS, "cls",
          SpecialToken.MASK, "mask");

  private final String file;
  private final Metadata metadata;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] types;

  private TokenizerGguf(String file, Metadata metadata) {
    this.file = file;
    this.metadata = metadata;
    MetadataArray tokens = metadata.array("tokenizer.ggml.tokens");
    for (int id = 0; id < tokens.size(); id++) {
      names.add(tokens.text(id));
      ids.putIfAbsent(names.get(id), id);
    }
    if (names.isEmpty()) {
      throw metadata.wrong("tokenizer.ggml.tokens", "is empty");
    }
    boolean typed = metadata.has("tokenizer.ggml.token_type");
    types = typed ? metadata.array("tokenizer.ggml.token_type").ints() : new int[names.size()];
    if (types.length != names.size()) {
      throw metadata.wrong("tokenizer.ggml.token_type", "has not one entry for each token");
    }
  }

  /**
   * The tokenizer that a file's metadata describe.
   *
   * @param file as messages name it
   * @throws ModelException if there is none, or one of a kind that is not known here
   */
  public static PipelineTokenizer read(String file, Metadata metadata) {
    TokenizerGguf reader = new TokenizerGguf(file, metadata);
    return switch (metadata.text("tokenizer.ggml.model")) {
      case "gpt2" -> reader.byteLevel();
      case "llama" -> reader.sentencePiece();
      case "t5" -> reader.unigram();
      case String kind ->
          throw metadata.wrong(
              "tokenizer.ggml.model", "is \"%s\", which is not supported".formatted(kind));
    };
  }

  private PipelineTokenizer byteLevel() {
    GgufWords words = GgufWords.named(file, metadata.text("tokenizer.ggml.pre", "default"));
    MetadataArray merges = metadata.array("tokenizer.ggml.merges");
    BpeBuilder builder = new BpeBuilder(file, ids, merges.size());
    for (int i = 0; i < merges.size(); i++) {
      String merge = merges.text(i);
      int space = merge.indexOf(' ', 1);
      if (space < 0 || space == merge.length() - 1) {
        throw metadata.wrong("tokenizer.ggml.merges", "has \"" + merge + "\", which is no pair");
      }
      builder.merge(merge.substring(0, space), merge.substring(space + 1), i);
    }
    builder.unknown(Bpe.SILENT, false);
    if (words.wholeFirst()) {
      builder.whole(new WordTable(names, id -> !special(id)));
    }
    return tokenizer(
        words.composed() ? List.of(new UnicodeForm(false, true)) : List.of(),
        words.steps(),
        builder.build(),
        List.of(DecodeSteps.BYTE_LEVEL),
        words.begins(),
        false);
  }

  private PipelineTokenizer sentencePiece() {
    boolean prefix = metadata.flag("tokenizer.ggml.add_space_prefix", true);
    List<Normalizer> normalizers = new ArrayList<>();
    if (prefix) {
      normalizers.add(new Prepend(new int[] {BpeBuilder.MARK}));
    }
    normalizers.add(new Replace(new OneCodePoint(' '), new int[] {BpeBuilder.MARK}));
    int unknown = role(SpecialToken.UNK);
    Bpe model =
        ScoredBpe.of(names, ids, scores(), id -> true, ModelReader.fallback(ids), unknown, null);
    return tokenizer(
        normalizers, List.of(), model, ScoredBpe.decoding(prefix ? 1 : 0), true, false);
  }

  private PipelineTokenizer unigram() {
    boolean prefix = metadata.flag("tokenizer.ggml.add_space_prefix", true);
    SentencePieceNormalizer normalizer =
        new SentencePieceNormalizer(
            charsMap(),
            prefix,
            metadata.flag("tokenizer.ggml.remove_extra_whitespaces", true),
            true,
            new Trie());
    float[] scores = scores();
    BitSet normal = new BitSet();
    BitSet user = new BitSet();
    for (int id = 0; id < types.length; id++) {
      user.set(id, types[id] == USER_DEFINED);
      normal.set(
          id,
          types[id] != UNKNOWN && types[id] != CONTROL && types[id] != UNUSED && types[id] != BYTE);
    }
    int unknown = role(SpecialToken.UNK);
    if (unknown < 0) {
      throw metadata.wrong("tokenizer.ggml.unknown_token_id", "is missing");
    }
    TokenModel model = SentencePieceUnigram.of(names, scores, normal, user, unknown, null);
    return tokenizer(
        List.of(normalizer), List.of(), model, ScoredBpe.decoding(prefix ? 1 : 0), false, true);
  }

  private CharsMap charsMap() {
    String key = "tokenizer.ggml.precompiled_charsmap";
    if (!metadata.has(key)) {
      return CharsMap.EMPTY;
    }
    MetadataArray array = metadata.array(key);
    byte[] bytes = new byte[array.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) array.integer(i);
    }
    return CharsMap.of(bytes);
  }

  private float[] scores() {
    float[] scores = metadata.array("tokenizer.ggml.scores").floats();
    if (scores.length != names.size()) {
      throw metadata.wrong("tokenizer.ggml.scores", "has not one entry for each token");
    }
    return scores;
  }

  private boolean special(int id) {
    return types[id] == CONTROL || types[id] == UNKNOWN;
  }

  private PipelineTokenizer tokenizer(
      List<Normalizer> normalizers,
      List<PreTokenizer> words,
      TokenModel model,
      List<DecodeStep> decoding,
      boolean begins,
      boolean ends) {
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      if ((special(id) || types[id] == USER_DEFINED) && !names.get(id).isEmpty()) {
        added.add(new AddedToken(names.get(id), id, false, false, false, false, special(id)));
      }
    }
    added.sort(Comparator.comparingInt(token -> ids.getOrDefault(token.content(), -1)));
    Map<SpecialToken, Integer> specials = new EnumMap<>(SpecialToken.class);
    for (SpecialToken role : SpecialToken.values()) {
      int id = role(role);
      if (id >= 0) {
        specials.put(role, id);
      }
    }
    return new PipelineTokenizer(
        new Steps(
            normalizers,
            words,
            model,
            added,
            Vocabulary.of(names, ids),
            template(specials, begins, ends),
            null,
            decoding,
            specials,
            chatTemplate()));
  }

  private @Nullable String chatTemplate() {
    String key = "tokenizer.chat_template";
    return metadata.has(key) ? metadata.text(key) : null;
  }

  private Template template(Map<SpecialToken, Integer> specials, boolean begins, boolean ends) {
    @Nullable Integer bos =
        metadata.flag("tokenizer.ggml.add_bos_token", begins)
            ? specials.get(SpecialToken.BOS)
            : null;
    @Nullable Integer eos =
        metadata.flag("tokenizer.ggml.add_eos_token", ends) ? specials.get(SpecialToken.EOS) : null;
    return Template.around(bos, eos);
  }

  /** The id that the file gives for this, or -1. */
  private int role(SpecialToken role) {
    String key = "tokenizer.ggml." + ROLES.get(role) + "_token_id";
    long id = metadata.integer(key, -1);
    if (id >= names.size()) {
      throw metadata.wrong(key, "is %d of %d tokens".formatted(id, names.size()));
    }
    return (int) id;
  }
}
