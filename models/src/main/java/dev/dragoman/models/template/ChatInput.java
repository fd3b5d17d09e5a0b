package dev.dragoman.models.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a template renders.
 *
 * @param messages the conversation
 * @param tools descriptions of functions (JSON schemas); empty, which is not the same as an empty
 *     list, if there are none
 * @param documents documents to answer from, the same way
 * @param addGenerationPrompt whether the prompt ends with the start of the assistant's answer
 * @param variables whatever else the template reads: {@code bos_token} and the other special
 *     tokens, {@code enable_thinking} and the like
 * @param now the time that {@code strftime_now} prints; a template that asks for it fails without
 */
public record ChatInput(
    List<ChatMessage> messages,
    Optional<List<JsonNode>> tools,
    Optional<List<JsonNode>> documents,
    boolean addGenerationPrompt,
    Map<String, JsonNode> variables,
    Optional<LocalDateTime> now) {

  public ChatInput {
    messages = List.copyOf(messages);
    tools = tools.map(List::copyOf);
    documents = documents.map(List::copyOf);
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /** A conversation, and the assistant is to answer. */
  public static ChatInput of(List<ChatMessage> messages) {
    return new ChatInput(
        messages, Optional.empty(), Optional.empty(), true, Map.of(), Optional.empty());
  }

  /** The same with these functions to call. */
  public ChatInput withTools(List<JsonNode> descriptions) {
    return new ChatInput(
        messages, Optional.of(descriptions), documents, addGenerationPrompt, variables, now);
  }

  /** The same with these documents. */
  public ChatInput withDocuments(List<JsonNode> texts) {
    return new ChatInput(messages, tools, Optional.of(texts), addGenerationPrompt, variables, now);
  }

  /** The same with or without the start of the answer. */
  public ChatInput withGenerationPrompt(boolean wanted) {
    return new ChatInput(messages, tools, documents, wanted, variables, now);
  }

  /** The same with one more variable. */
  public ChatInput withVariable(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new ChatInput(messages, tools, documents, addGenerationPrompt, more, now);
  }

  /** The same with special tokens, which do not replace variables that are there. */
  public ChatInput withTokens(Map<String, String> tokens) {
    Map<String, JsonNode> more = new LinkedHashMap<>();
    tokens.forEach((name, token) -> more.put(name, TextNode.valueOf(token)));
    more.putAll(variables);
    return new ChatInput(messages, tools, documents, addGenerationPrompt, more, now);
  }

  /** The same at this time. */
  public ChatInput withNow(LocalDateTime time) {
    return new ChatInput(
        messages, tools, documents, addGenerationPrompt, variables, Optional.of(time));
  }

  /** The variables of the template. */
  Map<String, Value> context() {
    Map<String, Value> context = new LinkedHashMap<>();
    variables.forEach((name, node) -> context.put(name, Json.value(node)));
    List<Value> turns = new ArrayList<>(messages.size());
    for (ChatMessage message : messages) {
      turns.add(Reasoning.aliased((Value.Dict) Json.value(message.fields())));
    }
    context.put("messages", new Value.Lst(turns));
    context.put("tools", tools.map(ChatInput::list).orElse(Value.None.NONE));
    context.put("documents", documents.map(ChatInput::list).orElse(Value.None.NONE));
    context.put("add_generation_prompt", Value.Bool.of(addGenerationPrompt));
    return context;
  }

  private static Value list(List<JsonNode> nodes) {
    return new Value.Lst(nodes.stream().map(Json::value).toList());
  }
}
