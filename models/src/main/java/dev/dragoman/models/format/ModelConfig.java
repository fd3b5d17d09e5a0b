package dev.dragoman.models.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A Hugging Face {@code config.json}, read strictly: an architecture takes the keys it knows, and
 * {@link #refuseOthers} refuses by name whatever is left, since a key that nobody looked at may
 * change the mathematics. Keys that only matter for training, generation settings or bookkeeping
 * are let through.
 */
public final class ModelConfig {
  private static final Set<String> HARMLESS =
      Set.of(
          "_attn_implementation_autoset",
          "_name_or_path",
          "attention_probs_dropout_prob",
          "bos_token_id",
          "chunk_size_feed_forward",
          "classifier_dropout",
          "decoder_start_token_id",
          "dtype",
          "eos_token_id",
          "finetuning_task",
          "gradient_checkpointing",
          "hidden_dropout_prob",
          "id2label",
          "initializer_range",
          "label2id",
          "name_or_path",
          "num_labels",
          "output_attentions",
          "output_hidden_states",
          "output_past",
          "pad_token_id",
          "prefix",
          "problem_type",
          "return_dict",
          "sep_token_id",
          "task_specific_params",
          "tie_word_embeddings",
          "tokenizer_class",
          "torch_dtype",
          "torchscript",
          "transformers_version",
          "use_bfloat16",
          "use_cache");
  private static final Set<String> GENERATION =
      Set.of(
          "bad_words_ids",
          "begin_suppress_tokens",
          "diversity_penalty",
          "do_sample",
          "early_stopping",
          "encoder_no_repeat_ngram_size",
          "exponential_decay_length_penalty",
          "forced_bos_token_id",
          "forced_eos_token_id",
          "length_penalty",
          "max_length",
          "min_length",
          "no_repeat_ngram_size",
          "num_beam_groups",
          "num_beams",
          "num_return_sequences",
          "output_scores",
          "remove_invalid_values",
          "repetition_penalty",
          "return_dict_in_generate",
          "suppress_tokens",
          "temperature",
          "tf_legacy_loss",
          "top_k",
          "top_p",
          "typical_p");

  private final Path file;
  private final JsonNode root;
  private final Set<String> left = new TreeSet<>();

  private ModelConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getValue().isNull()
          && !HARMLESS.contains(entry.getKey())
          && !GENERATION.contains(entry.getKey())) {
        left.add(entry.getKey());
      }
    }
  }

  /** A configuration that was not read from a {@code config.json}, but says the same. */
  public static ModelConfig of(Path file, JsonNode root) {
    return new ModelConfig(file, root);
  }

  /**
   * The {@code config.json} in this folder.
   *
   * @throws ModelException if it is absent or no JSON object
   */
  public static ModelConfig read(Path folder) {
    return readFile(folder.resolve("config.json"));
  }

  /** Another file of the same kind. */
  public static ModelConfig readFile(Path file) {
    JsonNode root = JsonFile.read(file);
    if (!root.isObject()) {
      throw new ModelException(file + " is not a JSON object");
    }
    return new ModelConfig(file, root);
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  /** Whether the key is there, be it with null. */
  public boolean says(String key) {
    return root.has(key);
  }

  /** Whether the key is there with a text. */
  public boolean isText(String key) {
    return root.path(key).isTextual();
  }

  /** Whether the key is there with a number. */
  public boolean isNumber(String key) {
    return root.path(key).isNumber();
  }

  /** Whether the key is there with a list. */
  public boolean isList(String key) {
    return root.path(key).isArray();
  }

  /** All keys, in the order of the file. */
  public List<String> keys() {
    return root.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** A text. */
  public String text(String key) {
    JsonNode value = take(key);
    if (!value.isTextual()) {
      throw wrong(key, value, "a text");
    }
    return value.textValue();
  }

  /** A list of texts; empty if absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = take(key);
    if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isTextual)) {
      throw wrong(key, value, "a list of texts");
    }
    return value.valueStream().map(JsonNode::textValue).toList();
  }

  /** A list of texts, or a text with this between them; empty if absent. */
  public List<String> textsOr(String key, String separator) {
    if (root.path(key).isTextual()) {
      return Stream.of(text(key).split(separator)).map(String::strip).toList();
    }
    return texts(key);
  }

  /** A whole number of at least one. */
  public int positive(String key) {
    JsonNode value = take(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, value, "a whole number of at least 1");
    }
    return value.intValue();
  }

  /** A number above zero. */
  public double above0(String key) {
    JsonNode value = take(key);
    if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > 1e30) {
      throw wrong(key, value, "a number above 0");
    }
    return value.doubleValue();
  }

  /** A whole number of at least one; this one if absent. */
  public int positive(String key, int absent) {
    return has(key) ? positive(key) : taken(key, absent);
  }

  /** A number above zero; this one if absent. */
  public double above0(String key, double absent) {
    return has(key) ? above0(key) : taken(key, absent);
  }

  /** A number; this one if absent. */
  public double number(String key, double absent) {
    if (!has(key)) {
      return taken(key, absent);
    }
    JsonNode value = take(key);
    if (!value.isNumber() || !(Math.abs(value.doubleValue()) <= 1e30)) {
      throw wrong(key, value, "a number");
    }
    return value.doubleValue();
  }

  /** A list of numbers, as singles. */
  public float[] floats(String key) {
    JsonNode value = take(key);
    if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isNumber)) {
      throw wrong(key, value, "a list of numbers");
    }
    float[] numbers = new float[value.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = value.get(i).floatValue();
    }
    return numbers;
  }

  /** A text; this one if absent. */
  public String text(String key, String absent) {
    return has(key) ? text(key) : taken(key, absent);
  }

  /** The same file with a key switched on or off, and nothing taken. */
  public ModelConfig with(String key, boolean value) {
    ObjectNode node = root.deepCopy();
    return new ModelConfig(file, node.put(key, value));
  }

  /** The same file with one text in a list under a key, and nothing taken. */
  public ModelConfig with(String key, String only) {
    ObjectNode node = root.deepCopy();
    node.putArray(key).add(only);
    return new ModelConfig(file, node);
  }

  /** The object under a key, to be read as strictly as the file itself; empty if absent. */
  public ModelConfig section(String key) {
    if (!has(key)) {
      return taken(key, new ModelConfig(file, JsonNodeFactory.instance.objectNode()));
    }
    JsonNode value = take(key);
    if (!value.isObject()) {
      throw wrong(key, value, "an object");
    }
    return new ModelConfig(file, value);
  }

  private <T> T taken(String key, T absent) {
    left.remove(key);
    return absent;
  }

  /** A whole number of at least zero; this one if absent. */
  public int whole(String key, int absent) {
    if (!has(key)) {
      return taken(key, absent);
    }
    JsonNode value = take(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw wrong(key, value, "a whole number of at least 0");
    }
    return value.intValue();
  }

  /** A whole number of at least zero, or a list of them; none if absent. */
  public int[] wholes(String key) {
    if (!has(key)) {
      return taken(key, new int[0]);
    }
    return wholes(key, take(key));
  }

  /** A list of lists of whole numbers of at least zero; none if absent. */
  public List<int[]> wholeLists(String key) {
    if (!has(key)) {
      return taken(key, List.of());
    }
    return take(key).valueStream().map(list -> wholes(key, list)).toList();
  }

  private int[] wholes(String key, JsonNode value) {
    List<JsonNode> all = value.isArray() ? value.valueStream().toList() : List.of(value);
    for (JsonNode one : all) {
      if (!one.isIntegralNumber() || !one.canConvertToInt() || one.intValue() < 0) {
        throw wrong(key, value, "whole numbers of at least 0");
      }
    }
    return all.stream().mapToInt(JsonNode::intValue).toArray();
  }

  /** An object whose values are texts; empty if absent. */
  public Map<String, String> textMap(String key) {
    if (!has(key)) {
      return taken(key, Map.of());
    }
    JsonNode value = take(key);
    if (!value.isObject() || !value.valueStream().allMatch(JsonNode::isTextual)) {
      throw wrong(key, value, "an object of texts");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    value.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().textValue()));
    return texts;
  }

  /** A truth value; this one if absent. */
  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = take(key);
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  /** Refuses the file if the key has another value than the only one that is supported. */
  public void only(String key, String supported) {
    if (has(key) && !text(key).equals(supported)) {
      throw wrong(key, root.path(key), "\"" + supported + "\"");
    }
  }

  /** Refuses the file if the key is switched on, or holds anything. */
  public void off(String key) {
    JsonNode value = root.path(key);
    left.remove(key);
    boolean off =
        value.isMissingNode()
            || value.isNull()
            || (value.isBoolean() && !value.booleanValue())
            || (value.isContainerNode() && value.isEmpty());
    if (!off) {
      throw wrong(key, value, "absent or switched off");
    }
  }

  /** Refuses the file if the key has another value than 1. */
  public void one(String key) {
    if (number(key, 1) != 1) {
      throw wrong(key, "1");
    }
  }

  /** Lets a key through whose value does not matter here. */
  public void ignore(String... keys) {
    for (String key : keys) {
      left.remove(key);
    }
  }

  /** Refuses the file, by name, if it has a key that nobody took. */
  public void refuseOthers() {
    for (String key : left) {
      throw new ModelException(
          "%s: key \"%s\" (%s) is not known here and might change what the model computes"
              .formatted(file, key, shown(root.path(key))));
    }
  }

  private JsonNode take(String key) {
    left.remove(key);
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw new ModelException("%s: key \"%s\" is missing".formatted(file, key));
    }
    return value;
  }

  /** What to say of a key with a value that is not supported. */
  public ModelException wrong(String key, String supported) {
    return wrong(key, root.path(key), supported);
  }

  private ModelException wrong(String key, JsonNode value, String supported) {
    return new ModelException(
        "%s: key \"%s\" is %s; supported is %s".formatted(file, key, shown(value), supported));
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
