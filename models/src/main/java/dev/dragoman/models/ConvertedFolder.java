package dev.dragoman.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.tokenizer.M2mLanguages;
import dev.dragoman.models.tokenizer.PieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A folder that a converter of CTranslate2 wrote: {@code model.bin} of an encoder and a decoder,
 * {@code config.json}, the tokens by their ids in {@code shared_vocabulary.json} or {@code
 * source_vocabulary.json} and {@code target_vocabulary.json} ({@code .txt} of older ones), and
 * files of the tokenizer, which the converter only copies if it is told to.
 *
 * @param settings what {@code config.json} says
 * @param startsFromZeros whether the model does, which only Marian does
 */
record ConvertedFolder(
    Path folder, Words source, Words target, JsonNode settings, boolean startsFromZeros) {
  private static final String SPECIFICATION = "TransformerSpec";
  private static final String PIPELINE = "tokenizer.json";
  private static final List<String> PIECES =
      List.of("sentencepiece.bpe.model", "spiece.model", "sentencepiece.model", "tokenizer.model");

  /** Names under which only converters of transformers leave a file: each text has an end. */
  private static final List<String> ENDED = List.of("sentencepiece.bpe.model", "spiece.model");

  /** The tokens by their ids, and the file that lists them. */
  record Words(Path file, List<String> names) {}

  /** For what is read, and for what is written. */
  record Tokenizers(PieceTokenizer reading, PieceTokenizer writing) {}

  /** Whether a folder is one of an encoder and a decoder. */
  static boolean isOne(Path folder) {
    Path config = folder.resolve("config.json");
    return CTranslate2.specification(folder.resolve("model.bin"))
            .filter(SPECIFICATION::equals)
            .isPresent()
        && !(Files.isRegularFile(config) && JsonFile.read(config).has("model_type"));
  }

  /** Where the weights of a model that reads one text and writes another are. */
  static Path weights(Path folder) {
    return isOne(folder) ? folder.resolve("model.bin") : folder;
  }

  /** Whether the model in such a folder is one for translation. */
  static boolean translates(Path folder) {
    if (Files.isRegularFile(folder.resolve("source.spm"))
        || Files.isRegularFile(folder.resolve("sentencepiece.model"))) {
      return true;
    }
    try (Weights weights = Weights.open(weights(folder))) {
      return weights
              .ctranslate2()
              .filter(file -> file.flag("decoder/start_from_zero_embedding", false))
              .isPresent()
          || words(folder, "source").names.stream().anyMatch(Pairing::isLanguage);
    }
  }

  /**
   * What is in a folder beside the model.
   *
   * @throws ModelException if a list of tokens is missing, or does not fit the model
   */
  static ConvertedFolder read(Path folder, EncoderDecoder model) {
    Path config = folder.resolve("config.json");
    return new ConvertedFolder(
        folder,
        fitting(words(folder, "source"), model.encoder().vocabulary()),
        fitting(words(folder, "target"), model.decoder().vocabulary()),
        Files.isRegularFile(config) ? JsonFile.read(config) : JsonNodeFactory.instance.objectNode(),
        model.startsFromZeros());
  }

  private static Words fitting(Words words, int known) {
    if (words.names.size() != known) {
      throw new ModelException(
          "%s lists %d tokens, but the model knows %d"
              .formatted(words.file, words.names.size(), known));
    }
    return words;
  }

  private static Words words(Path folder, String side) {
    for (String name : new String[] {"shared", side}) {
      Path json = folder.resolve(name + "_vocabulary.json");
      if (Files.isRegularFile(json)) {
        return new Words(json, listed(json));
      }
      Path text = folder.resolve(name + "_vocabulary.txt");
      if (Files.isRegularFile(text)) {
        return new Words(text, lines(text));
      }
    }
    throw new ModelException(
        "%s holds neither shared_vocabulary.json nor %s_vocabulary.json, which the converter of"
                .formatted(folder, side)
            + " CTranslate2 writes beside model.bin");
  }

  private static List<String> listed(Path file) {
    JsonNode list = JsonFile.read(file);
    if (!list.isArray() || !list.valueStream().allMatch(JsonNode::isTextual)) {
      throw new ModelException(file + " is no JSON list of tokens");
    }
    return list.valueStream().map(JsonNode::textValue).toList();
  }

  private static List<String> lines(Path file) {
    try {
      return List.copyOf(Files.readAllLines(file));
    } catch (IOException e) {
      throw new ModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether the model reads texts in one of several languages, which a token names. */
  boolean hasM2mLanguages() {
    return source.names.stream().anyMatch(M2mLanguages.TOKENS::contains);
  }

  /** Whether a text that is read has an end. */
  boolean ended() {
    return startsFromZeros
        || flag("add_source_eos")
        || source.names.stream().anyMatch(Pairing::isLanguage)
        || pieces().filter(file -> ENDED.contains(String.valueOf(file.getFileName()))).isPresent();
  }

  private boolean flag(String key) {
    return settings.path(key).asBoolean(false);
  }

  /** The tokenizer that lies beside the model, with the model's ids. */
  Tokenizers tokenizers() {
    if (flag("add_source_bos")) {
      throw new ModelException(
          folder + ": config.json has add_source_bos true; supported is false");
    }
    Path own = folder.resolve("source.spm");
    Path other = folder.resolve("target.spm");
    if (Files.isRegularFile(own) && Files.isRegularFile(other)) {
      return new Tokenizers(
          PieceTokenizer.listed(own, ended(), source.file, source.names),
          PieceTokenizer.listed(other, ended(), target.file, target.names));
    }
    if (hasPipeline()) {
      Tokenizer tokenizer = Tokenizer.open(folder.resolve(PIPELINE));
      return shared(words -> PieceTokenizer.listed(tokenizer, words.file, words.names));
    }
    Path pieces =
        pieces()
            .orElseThrow(() ->
                new ModelException(
                    folder
                        + " has no tokenizer beside model.bin: copy source.spm and target.spm"
                        + " (Marian), sentencepiece.bpe.model (M2M-100) or tokenizer.json (others)"
                        + " into it, or convert again with --copy_files and their names"));
    return shared(words -> PieceTokenizer.listed(pieces, ended(), words.file, words.names));
  }

  private interface Opener {
    PieceTokenizer open(Words words);
  }

  private Tokenizers shared(Opener opener) {
    PieceTokenizer reading = opener.open(source);
    return new Tokenizers(reading, target.equals(source) ? reading : opener.open(target));
  }

  private boolean hasPipeline() {
    return Files.isRegularFile(folder.resolve(PIPELINE));
  }

  private Optional<Path> pieces() {
    return PIECES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  /**
   * The token that the decoder begins with.
   *
   * @throws ModelException if there is none, or the model does not know it
   */
  int start() {
    String key = "decoder_start_token";
    return id(settings.has(key) ? key : "bos_token", "<s>");
  }

  private int id(String key, String absent) {
    JsonNode token = settings.path(key);
    if (!token.isTextual() && !token.isMissingNode()) {
      throw new ModelException(
          "%s: config.json has %s %s; supported is a token".formatted(folder, key, token));
    }
    int id = target.names.indexOf(token.asText(absent));
    if (id < 0) {
      throw new ModelException(
          "%s: %s %s is not in %s"
              .formatted(folder, key, token.asText(absent), target.file.getFileName()));
    }
    return id;
  }

  /**
   * How a text is searched for: what {@code generation_config.json} of transformers says, if it was
   * copied, with the ids of the model.
   *
   * @param maxTokens if it says nothing
   */
  SearchOptions search(int maxTokens, PieceTokenizer writing) {
    Path file = folder.resolve("generation_config.json");
    int end = id("eos_token", "</s>");
    if (!Files.isRegularFile(file)) {
      return SearchOptions.greedy(maxTokens, end);
    }
    SearchOptions own = SearchOptions.of(ModelConfig.readFile(file), maxTokens);
    IntUnaryOperator ids = hasPipeline() ? writing::own : id -> id < target.names.size() ? id : -1;
    return new SearchOptions(
        own.beams(),
        own.best(),
        own.lengthPenalty(),
        own.stop(),
        own.maxTokens(),
        own.minTokens(),
        own.noRepeat(),
        own.repetitionPenalty(),
        ids.applyAsInt(own.forcedFirst()),
        ids.applyAsInt(own.forcedLast()),
        known(own.suppressed(), ids),
        known(own.suppressedFirst(), ids),
        new int[] {end});
  }

  private static int[] known(int[] tokens, IntUnaryOperator ids) {
    return Arrays.stream(tokens).map(ids).filter(id -> id >= 0).toArray();
  }
}
