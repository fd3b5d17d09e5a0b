package dev.dragoman.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML node that knows its line. Aliases are not followed: a recipe has no use for them. */
record Yaml(String file, Node node) {
  /**
   * Reads one document.
   *
   * @throws RecipeException if the text is not YAML, empty, or more than a megabyte
   */
  static Yaml read(String file, String text) {
    if (text.length() > 1 << 20) {
      throw new RecipeException(file + ": more than 1 MB is not a recipe");
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(0).build();
    try {
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> new RecipeException(file + ": is empty"));
      return new Yaml(file, root);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new RecipeException(file, line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new RecipeException(file + ": not YAML: " + e.getMessage());
    }
  }

  /** The line it starts in, from 1. */
  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** A mistake in this place. */
  RecipeException wrong(String message) {
    return new RecipeException(file, line(), message);
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /**
   * The entries of a mapping, in order.
   *
   * @param what what is expected here, for the message
   * @throws RecipeException if it is no mapping, or names a key twice
   */
  Map<String, Yaml> entries(String what) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(what + " must be a mapping");
    }
    Map<String, Yaml> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = new Yaml(file, tuple.getKeyNode()).text("a key");
      if (entries.put(key, new Yaml(file, tuple.getValueNode())) != null) {
        throw new Yaml(file, tuple.getKeyNode()).wrong("'" + key + "' is given twice");
      }
    }
    return entries;
  }

  /** The elements of a list. */
  List<Yaml> elements(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong(what + " must be a list");
    }
    return sequence.getValue().stream().map(element -> new Yaml(file, element)).toList();
  }

  /** The text of a scalar. */
  String text(String what) {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong(what + " must be text");
    }
    return scalar.getValue();
  }

  /** The same value as JSON. */
  JsonNode json() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        ArrayNode array = json.arrayNode();
        sequence.getValue().forEach(element -> array.add(new Yaml(file, element).json()));
        yield array;
      }
      case MappingNode mapping -> {
        ObjectNode object = json.objectNode();
        new Yaml(file, mapping)
            .entries("this")
            .forEach((key, value) -> object.set(key, value.json()));
        yield object;
      }
      default -> throw wrong("aliases are not allowed in a recipe");
    };
  }

  private JsonNode scalar(ScalarNode scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String value = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.INT)) {
      BigInteger number = new BigInteger(value);
      return number.bitLength() < Long.SIZE
          ? json.numberNode(number.longValue())
          : json.numberNode(number);
    }
    if (tag.equals(Tag.FLOAT)) {
      try {
        return json.numberNode(Double.parseDouble(value));
      } catch (NumberFormatException _) {
        throw wrong("not a number: " + value);
      }
    }
    if (tag.equals(Tag.BOOL)) {
      return json.booleanNode(Boolean.parseBoolean(value));
    }
    if (tag.equals(Tag.NULL)) {
      return json.nullNode();
    }
    return json.textNode(value);
  }
}
