package dev.dragoman.models.template;

import dev.dragoman.models.ModelException;

/** A template's own refusal of a conversation: the message it gave to {@code raise_exception}. */
public final class ChatTemplateException extends ModelException {
  private static final long serialVersionUID = 1;

  ChatTemplateException(String message) {
    super(message);
  }
}
