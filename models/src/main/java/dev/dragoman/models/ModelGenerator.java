package dev.dragoman.models;

import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.generate.BeamSearch;
import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.Generator;
import dev.dragoman.models.generate.GeneratorOptions;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.TextListener;
import dev.dragoman.models.generate.constrain.Vocabulary;
import dev.dragoman.models.template.ChatInput;
import dev.dragoman.models.template.ChatTemplates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A language model, its tokenizer and a generator over both. */
final class ModelGenerator implements TextGenerator {
  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final ChatTemplates templates;
  private final Generator generator;
  private final int[] ends;

  private ModelGenerator(
      LanguageModel model,
      Tokenizer tokenizer,
      ChatTemplates templates,
      int[] ends,
      GeneratorOptions options) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.templates = templates;
    this.ends = ends;
    this.generator =
        new Generator(
            model.decoder(),
            tokenizer,
            ends,
            new Words(tokenizer, ends),
            Models.kernels(),
            options);
  }

  static ModelGenerator open(Path path, GeneratorOptions options, LanguageModelOptions how) {
    Path file = Models.languageModelFile(path);
    Tokenizer tokenizer = Tokenizer.open(file);
    LanguageModel model = LanguageModel.open(file, how);
    try {
      if (!model.decoder().hasHead()) {
        throw new ModelException(path + " has no head, so that it cannot tell the next token");
      }
      return new ModelGenerator(
          model, tokenizer, templates(file, tokenizer), EndTokens.of(file, tokenizer), options);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static ChatTemplates templates(Path file, Tokenizer tokenizer) {
    if (Files.isDirectory(file)) {
      return ChatTemplates.read(file);
    }
    Map<String, String> tokens = new LinkedHashMap<>();
    for (SpecialToken role : SpecialToken.values()) {
      OptionalInt id = tokenizer.special(role);
      if (id.isPresent()) {
        tokens.put(role.name().toLowerCase(Locale.ROOT) + "_token", tokenizer.token(id.getAsInt()));
      }
    }
    Optional<String> template = tokenizer.chatTemplate();
    return template.isPresent()
        ? ChatTemplates.of(template.get(), tokens)
        : new ChatTemplates(Map.of(), tokens);
  }

  /** The vocabulary as bytes, made when the first constraint asks for it. */
  private static final class Words implements Supplier<Vocabulary> {
    private final Tokenizer tokenizer;
    private final int[] ends;
    private @Nullable Vocabulary made;

    Words(Tokenizer tokenizer, int[] ends) {
      this.tokenizer = tokenizer;
      this.ends = ends;
    }

    @Override
    public synchronized Vocabulary get() {
      Vocabulary words = made;
      if (words == null) {
        byte[][] tokens = new byte[tokenizer.vocabularySize()][];
        for (int id = 0; id < tokens.length; id++) {
          tokens[id] = tokenizer.bytes(id);
        }
        words = Vocabulary.of(tokens, ends);
        made = words;
      }
      return words;
    }
  }

  @Override
  public void addAdapter(String name, Path folder) {
    generator.add(name, model.decoder().adapter(folder));
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public int context() {
    return generator.context();
  }

  @Override
  public int[] tokens(String prompt, boolean chat) {
    return chat
        ? tokenizer.encode(prompt).ids()
        : tokenizer.encodeForModel(prompt, Integer.MAX_VALUE).ids();
  }

  @Override
  public String chat(ChatInput input) {
    return templates.select(input.tools().isPresent()).render(input.withTokens(templates.tokens()));
  }

  @Override
  public Generation start(int[] prompt, GenerateOptions options, TextListener listener) {
    return generator.start(prompt, options, listener);
  }

  @Override
  public List<Hypothesis> search(int[] prompt, int beams, int maxTokens) {
    if (prompt.length == 0) {
      throw new ModelException("the prompt is empty");
    }
    Decoder decoder = model.decoder();
    BeamSearch search = new BeamSearch(decoder, decoder.session(), Models.kernels());
    SearchOptions options = SearchOptions.greedy(maxTokens, ends).withBeams(beams, beams);
    return search
        .search(
            List.of(new BeamSearch.Source(Memory.NONE, prompt, maxTokens, Steering.NONE)), options)
        .getFirst();
  }

  @Override
  public void close() {
    generator.close();
    model.close();
  }
}
