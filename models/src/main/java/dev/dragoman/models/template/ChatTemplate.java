package dev.dragoman.models.template;

import dev.dragoman.models.ModelException;

/**
 * A chat template, parsed. Rendering gives what transformers' {@code apply_chat_template} gives, to
 * the character. Instances are unchangeable and can be used by many threads.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.parse("{% for m in messages %}{{ m.content }}{% endfor %}");
 * String prompt = template.render(ChatInput.of(List.of(ChatMessage.user("Hi"))));
 * }</pre>
 */
public final class ChatTemplate {
  private static final int MAX_CHARS = 4_000_000;

  private final String source;
  private final Stmt.Function whole;

  private ChatTemplate(String source, Stmt.Function whole) {
    this.source = source;
    this.whole = whole;
  }

  /**
   * Reads a template.
   *
   * @throws ModelException naming the line and what was expected, if it is no template; naming a
   *     tag, filter or test that is not supported; or if it is longer than 4,000,000 characters
   */
  public static ChatTemplate parse(String source) {
    if (source.length() > MAX_CHARS) {
      throw new TemplateFailure(
              TemplateFailure.Kind.LIMIT,
              "a source of more than %,d characters".formatted(MAX_CHARS))
          .at(1);
    }
    try {
      return new ChatTemplate(source, Parser.parse(source));
    } catch (StackOverflowError e) {
      throw new TemplateFailure(
              TemplateFailure.Kind.LIMIT, "nested deeper than this thread's stack allows")
          .at(1);
    }
  }

  /** The template as it was written. */
  public String source() {
    return source;
  }

  /**
   * The prompt for a conversation.
   *
   * @throws ChatTemplateException if the template refuses the conversation with {@code
   *     raise_exception}
   * @throws ModelException naming the line, if the template fails or goes beyond {@link
   *     RenderLimits#DEFAULT}
   */
  public String render(ChatInput input) {
    return render(input, RenderLimits.DEFAULT).text();
  }

  /**
   * The prompt for a conversation, and which parts of it the assistant said.
   *
   * @throws ChatTemplateException if the template refuses the conversation with {@code
   *     raise_exception}
   * @throws ModelException naming the line, if the template fails or goes beyond the limits
   */
  public Rendered render(ChatInput input, RenderLimits limits) {
    return new Interpreter(whole, input.context(), limits, input.now().orElse(null)).run();
  }
}
