package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.SpecialToken;
import dev.dragoman.models.tokenizer.Split.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a SentencePiece model (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">format</a>).
 * Special tokens are not looked for in the text, as SentencePiece does not.
 */
public final class SentencePieceFile {
  private static final long MAX_BYTES = 256L << 20;
  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  private final String file;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Float> scores = new ArrayList<>();
  private final BitSet normal = new BitSet();
  private final BitSet user = new BitSet();
  private final List<AddedToken> control = new ArrayList<>();
  private final Map<SpecialToken, Integer> specials = new EnumMap<>(SpecialToken.class);
  private int unknown = -1;
  private int kind = UNIGRAM;
  private boolean byteFallback;
  private CharsMap map = CharsMap.EMPTY;
  private boolean prefix = true;
  private boolean fewSpaces = true;
  private boolean marked = true;

  private SentencePieceFile(String file) {
    this.file = file;
    specials.put(SpecialToken.BOS, 1);
    specials.put(SpecialToken.EOS, 2);
  }

  /**
   * The tokenizer in this file.
   *
   * @throws ModelException if it is broken, or of a kind that is not known here
   */
  public static PipelineTokenizer open(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ModelException(path + " is larger than any such file should be");
      }
      return read(path.toString(), Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      throw new ModelException(path + " is missing", e);
    } catch (IOException e) {
      throw new ModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  static PipelineTokenizer read(String file, byte[] bytes) {
    SentencePieceFile reader = new SentencePieceFile(file);
    Protobuf message = new Protobuf(file, bytes, 0, bytes.length);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> reader.piece(message.message());
        case 2 -> reader.trainer(message.message());
        case 3 -> reader.normalizer(message.message());
        default -> {}
      }
    }
    return reader.tokenizer();
  }

  private void piece(Protobuf message) {
    String name = "";
    float score = 0;
    long type = 1;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> score = message.real();
        case 3 -> type = message.number();
        default -> {}
      }
    }
    int id = names.size();
    names.add(name);
    ids.putIfAbsent(name, id);
    scores.add(score);
    switch ((int) type) {
      case 1 -> normal.set(id);
      case 2 -> unknown = id;
      case 3 -> control.add(new AddedToken(name, id, false, false, false, false, true));
      case 4 -> {
        normal.set(id);
        user.set(id);
      }
      case 5, 6 -> {}
      default -> throw new ModelException("%s: piece %d has type %d".formatted(file, id, type));
    }
  }

  private void trainer(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 3 -> kind = (int) message.number();
        case 24 -> {
          if (message.number() != 0) {
            throw new ModelException(file + ": treat_whitespace_as_suffix is not supported");
          }
        }
        case 35 -> byteFallback = message.number() != 0;
        case 41 -> special(SpecialToken.BOS, message.number());
        case 42 -> special(SpecialToken.EOS, message.number());
        case 43 -> special(SpecialToken.PAD, message.number());
        default -> {}
      }
    }
  }

  private void special(SpecialToken role, long id) {
    if ((int) id < 0) {
      specials.remove(role);
    } else {
      specials.put(role, (int) id);
    }
  }

  private void normalizer(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 2 -> map = CharsMap.of(message.bytes());
        case 3 -> prefix = message.number() != 0;
        case 4 -> fewSpaces = message.number() != 0;
        case 5 -> marked = message.number() != 0;
        default -> {}
      }
    }
  }

  private PipelineTokenizer tokenizer() {
    if (names.isEmpty() || unknown < 0) {
      throw new ModelException(file + ": no SentencePiece model: it has no unknown token");
    }
    specials.put(SpecialToken.UNK, unknown);
    specials.values().removeIf(id -> id >= names.size());
    int[] fallback = byteFallback ? ModelReader.fallback(ids) : null;
    float[] numbers = new float[scores.size()];
    for (int id = 0; id < numbers.length; id++) {
      numbers[id] = scores.get(id);
    }
    Trie kept = new Trie();
    user.stream().filter(id -> !names.get(id).isEmpty()).forEach(id -> kept.put(names.get(id), id));
    TokenModel model =
        switch (kind) {
          case UNIGRAM -> SentencePieceUnigram.of(names, numbers, normal, user, unknown, fallback);
          case BPE ->
              ScoredBpe.of(
                  names,
                  ids,
                  numbers,
                  normal::get,
                  fallback,
                  unknown,
                  user.isEmpty() ? null : new WordTable(names, user::get));
          default ->
              throw new ModelException("%s: model_type %d is not supported".formatted(file, kind));
        };
    List<PreTokenizer> words =
        kind == BPE && !user.isEmpty()
            ? List.of(new Split(new OneOfThese(kept), Behaviour.ISOLATED, false))
            : List.of();
    return new PipelineTokenizer(
        new Steps(
            List.of(new SentencePieceNormalizer(map, prefix, fewSpaces, marked, kept)),
            words,
            model,
            List.of(),
            Vocabulary.of(names, ids),
            Template.NONE,
            null,
            ScoredBpe.decoding(fewSpaces ? Integer.MAX_VALUE : prefix ? 1 : 0),
            specials,
            null));
  }
}
