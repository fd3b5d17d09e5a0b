package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.TokenStream;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A tokenizer whose tokens have other ids: a SentencePiece model with a {@code vocab.json} (Marian
 * and M2M-100 of Hugging Face), or any with the vocabulary that CTranslate2 lists. Tokens are the
 * same if their texts are. Any number of threads may use it.
 */
public final class PieceTokenizer implements Tokenizer {
  private static final String END = "</s>";
  private static final Set<String> SPECIAL = Set.of(END, "<s>", "<pad>", "<unk>");
  private static final Pattern LANGUAGE = Pattern.compile("__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3}");

  private final Tokenizer pieces;
  private final Around around;
  private final Vocabulary vocabulary;
  private final int[] toOwn; // by id of a piece
  private final int[] toPiece; // by own id; -1 for a token that is no piece
  private final int end;

  /** What is put around a text. */
  private enum Around {
    NOTHING,
    END,
    /** What the tokenizer of the pieces puts around it. */
    TEMPLATE
  }

  private PieceTokenizer(Path file, Tokenizer pieces, Around around, Vocabulary vocabulary) {
    this.pieces = pieces;
    this.around = around;
    this.vocabulary = vocabulary;
    this.end = known(file, END);
    int unknown = known(file, "<unk>");
    this.toOwn = new int[pieces.vocabularySize()];
    this.toPiece = new int[vocabulary.size()];
    Arrays.fill(toPiece, -1);
    for (int piece = 0; piece < toOwn.length; piece++) {
      int own = vocabulary.id(pieces.token(piece));
      toOwn[piece] = own < 0 ? unknown : own;
      if (own >= 0 && (around == Around.TEMPLATE || !special(vocabulary.names().get(own)))) {
        toPiece[own] = piece;
      }
    }
  }

  private int known(Path file, String token) {
    int id = vocabulary.id(token);
    if (id < 0) {
      throw new ModelException(file + ": there is no " + token);
    }
    return id;
  }

  /** Whether the folder has the files of Marian. */
  public static boolean isMarian(Path folder) {
    return Files.isRegularFile(folder.resolve("source.spm"))
        && Files.isRegularFile(folder.resolve("target.spm"))
        && Files.isRegularFile(folder.resolve("vocab.json"));
  }

  /** Whether the folder has the files of M2M-100. */
  public static boolean isM2m(Path folder) {
    return Files.isRegularFile(folder.resolve("sentencepiece.bpe.model"))
        && Files.isRegularFile(folder.resolve("vocab.json"));
  }

  /** For the texts that a Marian model reads. */
  public static PieceTokenizer marianSource(Path folder) {
    return open(folder.resolve("source.spm"), folder.resolve("vocab.json"), List.of());
  }

  /** For the texts that a Marian model writes. */
  public static PieceTokenizer marianTarget(Path folder) {
    Path own = folder.resolve("target_vocab.json");
    return open(
        folder.resolve("target.spm"),
        Files.isRegularFile(own) ? own : folder.resolve("vocab.json"),
        List.of());
  }

  /**
   * For an M2M-100 model.
   *
   * @param languages tokens that follow those of {@code vocab.json}
   */
  public static PieceTokenizer m2m(Path folder, List<String> languages) {
    return open(folder.resolve("sentencepiece.bpe.model"), folder.resolve("vocab.json"), languages);
  }

  /**
   * A SentencePiece model whose pieces have the ids of a list.
   *
   * @param ended whether a text for the model has an end
   * @param vocabulary where the list is from
   * @param names what each id is
   */
  public static PieceTokenizer listed(
      Path model, boolean ended, Path vocabulary, List<String> names) {
    return new PieceTokenizer(
        vocabulary,
        SentencePieceFile.open(model),
        ended ? Around.END : Around.NOTHING,
        listed(names));
  }

  /** The same with any tokenizer, which puts special tokens around a text. */
  public static PieceTokenizer listed(Tokenizer tokenizer, Path vocabulary, List<String> names) {
    return new PieceTokenizer(vocabulary, tokenizer, Around.TEMPLATE, listed(names));
  }

  private static Vocabulary listed(List<String> names) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < names.size(); id++) {
      ids.putIfAbsent(names.get(id), id);
    }
    return Vocabulary.of(names, ids);
  }

  private static PieceTokenizer open(Path model, Path vocabulary, List<String> more) {
    Settings settings = new Settings(vocabulary.toString());
    Map<String, Integer> ids = new LinkedHashMap<>();
    JsonFile.read(vocabulary)
        .properties()
        .forEach(entry ->
            ids.put(
                entry.getKey(), settings.id(entry.getValue(), "token \"" + entry.getKey() + "\"")));
    for (String token : more) {
      ids.put(token, ids.size());
    }
    return new PieceTokenizer(
        vocabulary,
        SentencePieceFile.open(model),
        Around.END,
        Vocabulary.of(vocabulary.toString(), ids, List.of()));
  }

  @Override
  public Tokens encode(String text) {
    return renumbered(pieces.encode(text));
  }

  private Tokens renumbered(Tokens tokens) {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = toOwn[tokens.ids()[i]];
    }
    return new Tokens(ids, tokens.starts(), tokens.ends());
  }

  /** The tokens of the text and the end of it, or what the other tokenizer puts around it. */
  @Override
  public Tokens encodeForModel(String text, int limit) {
    if (around == Around.TEMPLATE) {
      return renumbered(pieces.encodeForModel(text, limit));
    }
    Tokens tokens = encode(text);
    int more = around == Around.END ? 1 : 0;
    int size = Math.min(tokens.size(), limit - more);
    int[] ids = Arrays.copyOf(tokens.ids(), size + more);
    if (more > 0) {
      ids[size] = end;
    }
    // The end is at 0, as special tokens are.
    int[] starts = Arrays.copyOf(Arrays.copyOf(tokens.starts(), size), size + more);
    int[] ends = Arrays.copyOf(Arrays.copyOf(tokens.ends(), size), size + more);
    return new Tokens(ids, starts, ends);
  }

  @Override
  public TokenStream stream(boolean skipSpecial) {
    TokenStream stream = pieces.stream(skipSpecial);
    return new TokenStream() {
      @Override
      public String next(int id) {
        if (toPiece[id] >= 0) {
          return stream.next(toPiece[id]);
        }
        String name = vocabulary.names().get(id);
        return skipSpecial && special(name) ? "" : name.replace('▁', ' ');
      }

      @Override
      public String finish() {
        return stream.finish();
      }
    };
  }

  private static boolean special(String name) {
    return SPECIAL.contains(name) || LANGUAGE.matcher(name).matches();
  }

  @Override
  public byte[] bytes(int id) {
    return toPiece[id] < 0 ? new byte[0] : pieces.bytes(toPiece[id]);
  }

  /**
   * The id here of what another id is in the tokenizer that this one is made of.
   *
   * @return -1 if it is not in the list
   */
  public int own(int piece) {
    return piece < 0 || piece >= toOwn.length ? -1 : vocabulary.id(pieces.token(piece));
  }

  @Override
  public OptionalInt id(String token) {
    int id = vocabulary.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String token(int id) {
    return vocabulary.names().get(id);
  }
}
