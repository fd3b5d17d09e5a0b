package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.ModelException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a settings file, and says what is wrong with them.
 *
 * @param file as messages name it
 */
record Settings(String file) {
  private static final int MAX_ID = 1 << 24;
  private static final int MAX_DEPTH = 20;

  static String type(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "none" : node.path("type").asText("");
  }

  ModelException unsupported(String step, String what) {
    return wrong("%s \"%s\" is not supported".formatted(step, what));
  }

  ModelException wrong(String what) {
    return new ModelException(file + ": " + what);
  }

  /** Steps within steps end somewhere. */
  void depth(int depth, String step) {
    if (depth > MAX_DEPTH) {
      throw wrong(step + " is nested too deep");
    }
  }

  void known(JsonNode node, String where, String... keys) {
    Set<String> known = new HashSet<>(Arrays.asList(keys));
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
        throw wrong(
            "%s has the key \"%s\", which is not known here".formatted(where, entry.getKey()));
      }
    }
  }

  String text(JsonNode node, String key) {
    @Nullable String text = node.path(key).textValue();
    if (text == null) {
      throw wrong("\"%s\" is missing or no text".formatted(key));
    }
    return text;
  }

  String text(JsonNode list, int index) {
    @Nullable String text = list.path(index).textValue();
    if (text == null) {
      throw wrong("%s has no text at %d".formatted(list, index));
    }
    return text;
  }

  /** The one code point that a text is. */
  int character(JsonNode node, String key) {
    String text = text(node, key);
    if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
      throw wrong("\"%s\" is \"%s\", not one character".formatted(key, text));
    }
    return text.codePointAt(0);
  }

  boolean flag(JsonNode node, String key, boolean absent) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw wrong("\"%s\" is %s, not true or false".formatted(key, value));
    }
    return value.booleanValue();
  }

  int count(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isInt() || value.intValue() < 0) {
      throw wrong("\"%s\" is %s, not a number from 0".formatted(key, value));
    }
    return value.intValue();
  }

  int id(JsonNode value, String what) {
    if (!value.isInt() || value.intValue() < 0 || value.intValue() > MAX_ID) {
      throw wrong("%s has the id %s, which is no place in a vocabulary".formatted(what, value));
    }
    return value.intValue();
  }

  /** A string to look for, or an expression. */
  Delimiter pattern(JsonNode node, String where) {
    JsonNode pattern = node.path("pattern");
    known(pattern, where + " pattern", "String", "Regex");
    if (pattern.has("String")) {
      String literal = text(pattern, "String");
      if (literal.isEmpty()) {
        throw wrong(where + " has an empty pattern");
      }
      return literal.codePointCount(0, literal.length()) == 1
          ? new OneCodePoint(literal.codePointAt(0))
          : new Literal(literal.codePoints().toArray());
    }
    String expression = text(pattern, "Regex");
    Delimiter scanner = WordScanner.of(expression);
    try {
      return scanner != null ? scanner : Regex.of(expression);
    } catch (ModelException e) {
      throw new ModelException("%s: %s: %s".formatted(file, where, e.getMessage()), e);
    }
  }
}
