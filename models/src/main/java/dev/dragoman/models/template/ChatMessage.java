package dev.dragoman.models.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * One turn of a conversation: {@code role}, {@code content} (text, parts or null), and whatever
 * else the template reads, such as {@code tool_calls}, {@code name}, {@code tool_call_id} or {@code
 * reasoning_content}. A template sees the fields in their order.
 */
public final class ChatMessage {
  private final ObjectNode fields;

  private ChatMessage(ObjectNode fields) {
    this.fields = fields;
  }

  /** A message of a role with plain text. */
  public static ChatMessage of(String role, String content) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("role", role);
    fields.put("content", content);
    return new ChatMessage(fields);
  }

  /** A message as the chat completion interfaces write it. */
  public static ChatMessage of(ObjectNode fields) {
    return new ChatMessage(fields.deepCopy());
  }

  /** Instructions. */
  public static ChatMessage system(String content) {
    return of("system", content);
  }

  /** What the user says. */
  public static ChatMessage user(String content) {
    return of("user", content);
  }

  /** What the model says. */
  public static ChatMessage assistant(String content) {
    return of("assistant", content);
  }

  /** This message with one more field, or another value for one it has. */
  public ChatMessage with(String field, String text) {
    return with(field, TextNode.valueOf(text));
  }

  /** This message with one more field, or another value for one it has. */
  public ChatMessage with(String field, JsonNode value) {
    ObjectNode copy = fields.deepCopy();
    copy.set(field, value.deepCopy());
    return new ChatMessage(copy);
  }

  /** The message as JSON. */
  public ObjectNode toJson() {
    return fields.deepCopy();
  }

  ObjectNode fields() {
    return fields;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChatMessage message && message.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
