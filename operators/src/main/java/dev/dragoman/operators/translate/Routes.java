package dev.dragoman.operators.translate;

import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which models lead from one language to another. */
final class Routes {
  private static final Pattern KEY = Pattern.compile("([a-z]{2,3})(?:-([a-z]{2,3}))?");
  private static final Pattern CODE = Pattern.compile("[a-z]{2,3}");

  /** Of several models the first that is installed counts, or else the last. */
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("nl-en", "firefox-nl-en | opus-mt-nl-en | gemma-3-270m");
    DEFAULTS.put("pt-en", "firefox-pt-en");
    DEFAULTS.put("en-nl", "firefox-en-nl | opus-mt-en-nl | gemma-3-270m");
    DEFAULTS.put("en-pt", "firefox-en-pt");
  }

  private final Map<String, String> models = new LinkedHashMap<>();
  private final String any;
  private final String pivot;

  private Routes(String any, String pivot) {
    this.any = any;
    this.pivot = pivot;
  }

  /**
   * One model on the way.
   *
   * @param named whether a route names it for these languages; else it may not know them
   */
  record Step(String from, String to, String model, boolean named) {}

  /**
   * The routes of a recipe.
   *
   * @throws ConfigException if a key is not a language or a pair of them
   */
  static Routes of(Translate.Config config) {
    requireCode("to", config.to());
    if (!config.from().isEmpty()) {
      requireCode("from", config.from());
    }
    if (!config.pivot().isEmpty()) {
      requireCode("pivot", config.pivot());
    }
    Routes routes = new Routes(config.model(), config.pivot());
    config
        .routes()
        .forEach((key, value) -> {
          Matcher pair = KEY.matcher(key);
          if (!pair.matches()) {
            throw new ConfigException(
                "routes",
                "Translate.routes has '" + key + "'; write a language (nl) or a pair (nl-pt)");
          }
          if (value.isBlank()) {
            throw new ConfigException("routes", "Translate.routes names no model for " + key);
          }
          String to = pair.group(2) == null ? config.to() : pair.group(2);
          routes.models.put(pair.group(1) + "-" + to, value);
        });
    if (config.routes().isEmpty() && config.model().isEmpty()) {
      routes.models.putAll(DEFAULTS);
    }
    return routes;
  }

  private static void requireCode(String key, String code) {
    if (!CODE.matcher(code).matches()) {
      throw new ConfigException(
          key, "Translate." + key + " must be a language code like en, not '" + code + "'");
    }
  }

  /** The way, of one step or two; none if a model is missing for it. */
  Optional<List<Step>> way(String from, String to, ModelStore store) {
    Optional<Step> direct = step(from, to, store);
    if (direct.isPresent() || pivot.isEmpty() || from.equals(pivot) || to.equals(pivot)) {
      return direct.map(List::of);
    }
    Optional<Step> first = step(from, pivot, store);
    Optional<Step> second = step(pivot, to, store);
    return first.isPresent() && second.isPresent()
        ? Optional.of(List.of(first.get(), second.get()))
        : Optional.empty();
  }

  private Optional<Step> step(String from, String to, ModelStore store) {
    String named = models.getOrDefault(from + "-" + to, any);
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Step(from, to, chosen(named, store), models.containsKey(from + "-" + to)));
  }

  /** All models of the routes that there are where a recipe names none. */
  static Set<String> defaultModels() {
    return DEFAULTS.values().stream()
        .flatMap(named -> names(named).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String chosen(String named, ModelStore store) {
    List<String> names = names(named);
    return names.stream().filter(store::installed).findFirst().orElse(names.getLast());
  }

  private static List<String> names(String named) {
    return Pattern.compile("\\|").splitAsStream(named).map(String::strip).toList();
  }

  /** The models of all ways to a language. */
  Set<String> models(String to, ModelStore store) {
    Set<String> needed = new LinkedHashSet<>();
    if (!any.isEmpty()) {
      needed.add(chosen(any, store));
    }
    for (String pair : models.keySet()) {
      String from = pair.substring(0, pair.indexOf('-'));
      if (!from.equals(to)) {
        way(from, to, store).stream().flatMap(List::stream).map(Step::model).forEach(needed::add);
      }
    }
    return needed;
  }

  /** The pairs there are, for a person: {@code nl-en (gemma-3-270m), pt-en (firefox-pt-en)}. */
  String pairs(ModelStore store) {
    List<String> pairs = new ArrayList<>();
    models.forEach((pair, named) -> pairs.add(pair + " (" + chosen(named, store) + ")"));
    if (!any.isEmpty()) {
      pairs.add("what " + chosen(any, store) + " knows");
    }
    return pairs.stream().collect(Collectors.joining(", "));
  }
}
