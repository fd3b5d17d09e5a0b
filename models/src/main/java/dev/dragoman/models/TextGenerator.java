package dev.dragoman.models;

import dev.dragoman.models.generate.GenerateOptions;
import dev.dragoman.models.generate.Generated;
import dev.dragoman.models.generate.Generation;
import dev.dragoman.models.generate.GeneratorOptions;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.TextListener;
import dev.dragoman.models.template.ChatInput;
import java.nio.file.Path;
import java.util.List;

/**
 * A language model with its tokenizer: text in, text out. Many threads may use it at once; their
 * texts are generated together.
 *
 * <pre>{@code
 * try (TextGenerator model = TextGenerator.open(Path.of("SmolLM2-135M-Instruct.Q4_1.gguf"))) {
 *   String prompt = model.chat(ChatInput.of(List.of(ChatMessage.user("What is a parcel?"))));
 *   System.out.println(model.generate(prompt, GenerateOptions.greedy()).text());
 * }
 * }</pre>
 */
public interface TextGenerator extends AutoCloseable {
  /**
   * Opens a GGUF file, a folder with one, or a Hugging Face folder with a tokenizer.
   *
   * @throws ModelException if there is no language model that is known here
   */
  static TextGenerator open(Path path) {
    return open(path, GeneratorOptions.defaults());
  }

  /** The same, shared out in this way. */
  static TextGenerator open(Path path, GeneratorOptions options) {
    return open(path, options, LanguageModelOptions.defaults());
  }

  /** The same, and the model run in this way. */
  static TextGenerator open(Path path, GeneratorOptions options, LanguageModelOptions how) {
    return ModelGenerator.open(path, options, how);
  }

  /**
   * Reads a LoRA adapter, so that texts can ask for it with {@link GenerateOptions#adapter}.
   *
   * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
   * @throws ModelException if it is for another model, asks for something that is not supported, or
   *     is damaged
   * @throws IllegalArgumentException if there is one with this name
   */
  void addAdapter(String name, Path folder);

  /** The tokenizer. */
  Tokenizer tokenizer();

  /** How many tokens a prompt and its answer may have together. */
  int context();

  /**
   * The tokens of a prompt: with those that the model wants before a text, or, if it was made by
   * {@link #chat}, as it stands.
   */
  int[] tokens(String prompt, boolean chat);

  /**
   * The prompt for a conversation, by the model's own template.
   *
   * @throws ModelException if it has none, or the template fails
   */
  String chat(ChatInput input);

  /**
   * Starts a text.
   *
   * @param prompt token ids, at least one
   * @throws ModelException if there are too many for the model, or the constraint cannot be held
   */
  Generation start(int[] prompt, GenerateOptions options, TextListener listener);

  /**
   * Generates the text that follows a prompt, and waits for it.
   *
   * @throws ModelException if the prompt has too many tokens for the model, or the constraint
   *     cannot be held
   */
  default Generated generate(String prompt, GenerateOptions options) throws InterruptedException {
    return start(tokens(prompt, false), options, TextListener.NONE).get();
  }

  /**
   * Searches for the likeliest texts that follow a prompt, several at once (beam search).
   *
   * @param prompt token ids, at least one
   * @param beams how many texts are followed at once
   * @param maxTokens of a text
   * @return the likeliest, best first, at most {@code beams}
   * @throws ModelException if there are too many ids for the model
   */
  List<Hypothesis> search(int[] prompt, int beams, int maxTokens);

  /** Ends the texts that are under way, and unmaps the weights. */
  @Override
  void close();
}
