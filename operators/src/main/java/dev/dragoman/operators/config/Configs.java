package dev.dragoman.operators.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dragoman.models.Nearest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How configurations are read: every key of a record, its default, its type and its meaning are
 * what the record declares.
 */
public final class Configs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Configs() {}

  /**
   * A parameter of an operator, as the reference shows it.
   *
   * @param fallback the default as JSON, or {@link Param#REQUIRED}
   */
  public record Parameter(String name, String type, String fallback, String meaning) {}

  /** What an operator's configuration class declares about it. */
  public static OperatorInfo info(Class<? extends StepConfig> type) {
    OperatorInfo info = type.getAnnotation(OperatorInfo.class);
    if (info == null) {
      throw new IllegalStateException(type + " does not carry @OperatorInfo");
    }
    return info;
  }

  /** The parameters of an operator, in the order they are declared. */
  public static List<Parameter> parameters(Class<? extends StepConfig> type) {
    List<Parameter> parameters = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Param param = param(component);
      parameters.add(
          new Parameter(
              wireName(component),
              describe(component.getGenericType()),
              param.fallback(),
              param.value()));
    }
    return parameters;
  }

  /** The configuration with every parameter at its default. */
  public static <C extends StepConfig> C defaults(Class<C> type) {
    return configure(type, JsonNodeFactory.instance.objectNode());
  }

  /**
   * Reads a configuration: keys that are missing get their defaults, keys that are unknown or hold
   * the wrong type of value are refused. The key of a component {@code maxSentences} is {@code
   * max_sentences}.
   *
   * @param given a JSON object; null and JSON's null stand for an empty one
   * @throws ConfigException naming the key, the value and what would be right
   */
  public static <C extends StepConfig> C configure(Class<C> type, @Nullable JsonNode given) {
    String name = info(type).name();
    JsonNode object =
        given == null || given.isNull() ? JsonNodeFactory.instance.objectNode() : given;
    if (!object.isObject()) {
      throw new ConfigException("", "the config of " + name + " must be a mapping, not " + object);
    }
    return fill(name, "", object, type);
  }

  /** Makes a record of an object; {@code prefix} is the key it stands under, and a dot. */
  private static <R> R fill(String name, String prefix, JsonNode object, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(Configs::wireName).toList();
    for (String key : (Iterable<String>) object::fieldNames) {
      if (!known.contains(key)) {
        throw new ConfigException(
            prefix + key,
            name + " has no parameter '" + prefix + key + "'" + Nearest.hint(key, known));
      }
    }
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String key = wireName(component);
      String fallback = param(component).fallback();
      JsonNode value = object.get(key);
      if (value == null) {
        if (fallback.equals(Param.REQUIRED)) {
          throw new ConfigException(prefix + key, name + " needs '" + prefix + key + "'");
        }
        value = parse(fallback);
      }
      types[i] = component.getType();
      values[i] = convert(name, prefix + key, value, component.getGenericType());
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException config) {
        throw config;
      }
      if (e.getCause() instanceof IllegalArgumentException illegal) {
        throw new ConfigException("", name + ": " + illegal.getMessage());
      }
      throw new IllegalStateException("cannot make a configuration of " + name, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a configuration of " + name, e);
    }
  }

  private static Param param(RecordComponent component) {
    Param param = component.getAnnotation(Param.class);
    if (param == null) {
      throw new IllegalStateException(component + " does not carry @Param");
    }
    return param;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a default that is not JSON: " + json, e);
    }
  }

  private static String describe(Type type) {
    return switch (type) {
      case Class<?> c when c.isEnum() ->
          Arrays.stream(c.getEnumConstants())
              .map(Configs::wireName)
              .collect(Collectors.joining(" | "));
      case Class<?> c when c == String.class -> "text";
      case Class<?> c when c == int.class || c == long.class -> "whole number";
      case Class<?> c when c == double.class -> "number";
      case Class<?> c when c.isRecord() ->
          Arrays.stream(c.getRecordComponents())
              .map(Configs::wireName)
              .collect(Collectors.joining(", ", "{", "}"));
      case Class<?> c when c == boolean.class -> "true | false";
      case Class<?> c when c == Duration.class -> "duration (500ms, 10s, 5m, 1h, 7d)";
      case ParameterizedType p when p.getRawType() == List.class ->
          "list of " + describe(p.getActualTypeArguments()[0]);
      case ParameterizedType p when p.getRawType() == Map.class ->
          "mapping to " + describe(p.getActualTypeArguments()[1]);
      default -> throw new IllegalStateException("not a type for a parameter: " + type);
    };
  }

  private static Object convert(String operator, String key, JsonNode value, Type type) {
    return switch (type) {
      case Class<?> c when c.isEnum() -> {
        for (Object constant : c.getEnumConstants()) {
          if (value.isTextual() && wireName(constant).equals(value.textValue())) {
            yield constant;
          }
        }
        throw wrong(operator, key, value, type);
      }
      case Class<?> c when c.isRecord() && value.isObject() -> fill(operator, key + ".", value, c);
      case Class<?> c when c == String.class && value.isTextual() -> value.textValue();
      case Class<?> c when c == int.class && value.canConvertToInt() && value.isIntegralNumber() ->
          value.intValue();
      case Class<?> c
          when c == long.class && value.canConvertToLong() && value.isIntegralNumber() ->
          value.longValue();
      case Class<?> c when c == double.class && value.isNumber() -> value.doubleValue();
      case Class<?> c when c == boolean.class && value.isBoolean() -> value.booleanValue();
      case Class<?> c
          when c == Duration.class
              && value.isTextual()
              && DURATION.matcher(value.textValue()).matches() ->
          duration(value.textValue());
      case ParameterizedType p when p.getRawType() == List.class && value.isArray() -> {
        List<Object> list = new ArrayList<>();
        for (JsonNode element : value) {
          list.add(convert(operator, key, element, p.getActualTypeArguments()[0]));
        }
        yield List.copyOf(list);
      }
      case ParameterizedType p when p.getRawType() == Map.class && value.isObject() -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          map.put(
              entry.getKey(),
              convert(
                  operator,
                  key + "." + entry.getKey(),
                  entry.getValue(),
                  p.getActualTypeArguments()[1]));
        }
        yield Collections.unmodifiableMap(map);
      }
      default -> throw wrong(operator, key, value, type);
    };
  }

  private static ConfigException wrong(String operator, String key, JsonNode value, Type type) {
    String hint =
        type instanceof Class<?> c && c.isEnum() && value.isTextual()
            ? Nearest.hint(
                value.textValue(),
                Arrays.stream(c.getEnumConstants()).map(Configs::wireName).toList())
            : "";
    return new ConfigException(
        key, operator + "." + key + " must be " + describe(type) + ", not " + value + hint);
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static String wireName(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  private static String wireName(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }
}
