package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code tokenizer.json}. Steps and settings that are not known are refused by name. Its
 * {@code truncation} and {@code padding} are not looked at: they are defaults for training, and
 * sentence-transformers sets its own.
 */
public final class TokenizerJson {
  private final Settings settings;
  private final JsonNode root;
  private final TokenizerConfig config;

  private TokenizerJson(Path file) {
    this.settings = new Settings(file.toString());
    this.root = JsonFile.read(file);
    this.config = TokenizerConfig.beside(file);
  }

  /**
   * The tokenizer in this file, or in this folder's {@code tokenizer.json}.
   *
   * @throws ModelException if the file is absent or asks for something that is not known here
   */
  public static PipelineTokenizer open(Path path) {
    return new TokenizerJson(Files.isDirectory(path) ? path.resolve("tokenizer.json") : path)
        .read();
  }

  private PipelineTokenizer read() {
    settings.known(
        root,
        "the file",
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    ModelReader model = new ModelReader(settings, root.path("model"));
    List<AddedToken> added = added();
    Vocabulary vocabulary = Vocabulary.of(settings.file(), model.vocabulary(), added);
    PostProcessorReader post = new PostProcessorReader(settings, root.path("post_processor"));
    return new PipelineTokenizer(
        new Steps(
            new NormalizerReader(settings).read(root.path("normalizer")),
            new PreTokenizerReader(settings).read(root.path("pre_tokenizer")),
            model.read(vocabulary),
            added,
            vocabulary,
            post.template(),
            post.trim(vocabulary),
            new DecoderReader(settings).read(root.path("decoder")),
            config.specials(vocabulary),
            config.chatTemplate()));
  }

  private List<AddedToken> added() {
    List<AddedToken> added = new ArrayList<>();
    for (JsonNode token : root.path("added_tokens")) {
      String content = settings.text(token, "content");
      boolean special = settings.flag(token, "special", false);
      added.add(
          new AddedToken(
              content,
              settings.id(token.path("id"), "added token \"" + content + "\""),
              settings.flag(token, "single_word", false),
              settings.flag(token, "lstrip", false),
              settings.flag(token, "rstrip", false),
              settings.flag(token, "normalized", !special),
              special));
    }
    return List.copyOf(added);
  }
}
