package dev.dragoman.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.Operators;
import dev.dragoman.operators.beam.ApplyOperator.OnError;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.pipelines.Recipe.ColumnsConfig;
import dev.dragoman.pipelines.Recipe.Operation;
import dev.dragoman.pipelines.Recipe.ReadFilesConfig;
import dev.dragoman.pipelines.Recipe.Sink;
import dev.dragoman.pipelines.Recipe.Source;
import dev.dragoman.pipelines.Recipe.Step;
import dev.dragoman.pipelines.Recipe.WriteEnrichedConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recipe: the syntax of Beam YAML, with Dragoman's operators as transforms. Everything is
 * checked here, before anything starts; a mistake names its line, the key and what was probably
 * meant.
 *
 * <p>A {@code chain} runs from its source through its transforms to its sink; a {@code composite}
 * names every transform's input. Either way there is one source, one sink and one path between
 * them.
 */
public final class RecipeReader {
  private static final String SOURCE = "ReadFiles";
  private static final String SINK = "WriteEnriched";
  private static final List<String> TOP_KEYS = List.of("pipeline", "options");
  private static final List<String> CHAIN_KEYS =
      List.of("type", "name", "source", "transforms", "sink", "extra_transforms");
  private static final List<String> COMPOSITE_KEYS = List.of("type", "name", "transforms");
  private static final List<String> STEP_KEYS = List.of("type", "name", "input", "config");
  private static final List<String> SOURCE_KEYS = List.of("paths", "columns");
  private static final List<String> SINK_KEYS = List.of("path");
  private static final List<String> COLUMN_KEYS = List.of("text", "title", "language");
  private static final List<String> OPTION_KEYS = List.of("streaming");

  private RecipeReader() {}

  /**
   * What the command line says over the recipe.
   *
   * @param step the name of a step
   * @param key of its configuration; dots go into a mapping
   * @param value YAML
   */
  public record Override(String step, String key, String value) {
    /**
     * Reads {@code Step.key=value}.
     *
     * @throws RecipeException if it is not of that form
     */
    public static Override parse(String argument) {
      int equals = argument.indexOf('=');
      int dot = argument.indexOf('.');
      if (dot <= 0 || equals < dot + 2) {
        throw new RecipeException(
            "--set wants Step.key=value, for instance Chunk.tokens=128; not '" + argument + "'");
      }
      return new Override(
          argument.substring(0, dot),
          argument.substring(dot + 1, equals),
          argument.substring(equals + 1));
    }
  }

  /**
   * What the command line gives instead of a recipe's own source and sink.
   *
   * @param paths empty to keep the recipe's
   * @param out empty to keep the recipe's
   */
  public record Ends(List<String> paths, String out) {
    /** The recipe's own. */
    public static final Ends OF_THE_RECIPE = new Ends(List.of(), "");
  }

  /** The names of the built-in recipes. */
  public static List<String> builtIn() {
    return List.of("default", "text", "tickets");
  }

  /**
   * The text of a built-in recipe.
   *
   * @throws RecipeException if there is none of that name
   */
  public static String builtInText(String name) {
    if (!builtIn().contains(name)) {
      throw new RecipeException(
          "there is no built-in recipe '" + name + "'" + Nearest.hint(name, builtIn()));
    }
    try (InputStream in = RecipeReader.class.getResourceAsStream("recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("built-in recipe is not in the jar: " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the built-in recipe " + name, e);
    }
  }

  /**
   * Reads a recipe from a file, or a built-in one by name.
   *
   * @throws RecipeException if it cannot be read or is wrong
   */
  public static Recipe open(String fileOrName, Ends ends, List<Override> overrides) {
    if (builtIn().contains(fileOrName)) {
      return read(fileOrName, builtInText(fileOrName), ends, overrides);
    }
    try {
      return read(fileOrName, Files.readString(Path.of(fileOrName)), ends, overrides);
    } catch (NoSuchFileException _) {
      throw new RecipeException(
          "there is no recipe file '"
              + fileOrName
              + "', and no built-in recipe of that name"
              + Nearest.hint(fileOrName, builtIn()));
    } catch (CharacterCodingException _) {
      throw new RecipeException(fileOrName + ": is not UTF-8 text");
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw new RecipeException(fileOrName + ": cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads a recipe.
   *
   * @param name for messages
   * @throws RecipeException if it is wrong
   */
  public static Recipe read(String name, String text, Ends ends, List<Override> overrides) {
    return new Reading(name, ends, new ArrayList<>(overrides)).recipe(text);
  }

  /** A transform as written. */
  private record Written(
      String type, String name, Yaml at, @Nullable Yaml config, @Nullable Yaml input) {}

  private record Reading(String file, Ends ends, List<Override> overrides) {
    Recipe recipe(String text) {
      Yaml root = Yaml.read(file, text);
      Map<String, Yaml> top = root.entries("a recipe");
      refuseUnknown(root, "a recipe", top, TOP_KEYS);
      Yaml pipeline = top.get("pipeline");
      if (pipeline == null) {
        throw root.wrong("a recipe needs 'pipeline'");
      }
      options(top.get("options"));
      List<Written> path = order(pipeline, written(pipeline));
      List<Step> steps = new ArrayList<>();
      List<OperatorConfig> before = new ArrayList<>();
      for (Written written : path) {
        Step step = step(written, steps.isEmpty() ? "" : steps.getLast().name());
        steps.add(step);
        if (step instanceof Operation operation) {
          try {
            operation.config().checkAfter(before);
          } catch (ConfigException e) {
            throw at(written, e.key()).wrong(e.getMessage() == null ? "" : e.getMessage());
          }
          before.add(operation.config());
        }
      }
      if (!overrides.isEmpty()) {
        Override unused = overrides.getFirst();
        List<String> names = path.stream().map(Written::name).toList();
        throw new RecipeException(
            "--set "
                + unused.step()
                + "."
                + unused.key()
                + ": "
                + file
                + " has no step '"
                + unused.step()
                + "'"
                + Nearest.hint(unused.step(), names));
      }
      return new Recipe(file, text, digest(steps), steps);
    }

    private void options(@Nullable Yaml options) {
      if (options == null) {
        return;
      }
      Map<String, Yaml> entries = options.entries("options");
      refuseUnknown(options, "options", entries, OPTION_KEYS);
      Yaml streaming = entries.get("streaming");
      if (streaming != null && !streaming.json().isBoolean()) {
        throw streaming.wrong("options.streaming must be true or false");
      }
      if (streaming != null && streaming.json().booleanValue()) {
        throw streaming.wrong(
            "options.streaming is true, but " + SOURCE + " reads files, which end; leave it out");
      }
    }

    private List<Written> written(Yaml pipeline) {
      Map<String, Yaml> keys = pipeline.entries("pipeline");
      Yaml typeNode = keys.get("type");
      String type = typeNode == null ? "composite" : typeNode.text("pipeline.type");
      List<Written> all = new ArrayList<>();
      switch (type) {
        case "chain" -> {
          refuseUnknown(pipeline, "a chain", keys, CHAIN_KEYS);
          Yaml source = keys.get("source");
          if (source != null) {
            all.add(transform(source, true));
          }
          Yaml transforms = keys.get("transforms");
          if (transforms != null) {
            transforms.elements("transforms").forEach(element -> all.add(transform(element, true)));
          }
          Yaml sink = keys.get("sink");
          if (sink != null) {
            all.add(transform(sink, true));
          }
          Yaml extra = keys.get("extra_transforms");
          if (extra != null && !extra.elements("extra_transforms").isEmpty()) {
            Written first = transform(extra.elements("extra_transforms").getFirst(), false);
            throw first
                .at()
                .wrong(
                    "extra_transforms feed more sinks, and "
                        + SINK
                        + " is the only sink there is; it already stands at the end of the chain");
          }
        }
        case "composite" -> {
          refuseUnknown(pipeline, "a composite", keys, COMPOSITE_KEYS);
          Yaml transforms = keys.get("transforms");
          if (transforms == null) {
            throw pipeline.wrong("a composite needs 'transforms'");
          }
          transforms.elements("transforms").forEach(element -> all.add(transform(element, false)));
        }
        default ->
            throw pipeline.wrong(
                "pipeline.type must be chain or composite, not '"
                    + type
                    + "'"
                    + Nearest.hint(type, List.of("chain", "composite")));
      }
      if (all.isEmpty()) {
        throw pipeline.wrong("the pipeline has no transforms");
      }
      Set<String> names = new HashSet<>();
      for (Written written : all) {
        if (!names.add(written.name())) {
          throw written
              .at()
              .wrong("there are two steps named '" + written.name() + "'; give one a 'name'");
        }
      }
      return all;
    }

    private Written transform(Yaml at, boolean inChain) {
      Map<String, Yaml> keys = at.entries("a transform");
      Yaml type = keys.get("type");
      if (type == null) {
        throw at.wrong("a transform needs 'type'");
      }
      String typeName = type.text("type");
      List<String> types = new ArrayList<>(Operators.names());
      types.add(SOURCE);
      types.add(SINK);
      if (!types.contains(typeName)) {
        throw type.wrong("there is no type '" + typeName + "'" + Nearest.hint(typeName, types));
      }
      refuseUnknown(at, typeName, keys, STEP_KEYS);
      Yaml input = keys.get("input");
      if (inChain && input != null) {
        throw input.wrong("a transform in a chain takes the one before it; leave out 'input'");
      }
      Yaml name = keys.get("name");
      return new Written(
          typeName, name == null ? typeName : name.text("name"), at, keys.get("config"), input);
    }

    /** Source, operators, sink: the one path through the pipeline. */
    private List<Written> order(Yaml pipeline, List<Written> all) {
      List<Written> sources = all.stream().filter(w -> w.type().equals(SOURCE)).toList();
      List<Written> sinks = all.stream().filter(w -> w.type().equals(SINK)).toList();
      if (sources.size() != 1) {
        throw (sources.isEmpty() ? pipeline : sources.get(1).at())
            .wrong("a recipe needs one source (" + SOURCE + "), this has " + sources.size());
      }
      if (sinks.size() != 1) {
        throw (sinks.isEmpty() ? pipeline : sinks.get(1).at())
            .wrong("a recipe needs one sink (" + SINK + "), this has " + sinks.size());
      }
      boolean chain = all.stream().allMatch(w -> w.input() == null);
      if (chain) {
        if (all.getFirst() != sources.getFirst()) {
          throw sources.getFirst().at().wrong(SOURCE + " must come first in a chain");
        }
        if (all.getLast() != sinks.getFirst()) {
          throw sinks.getFirst().at().wrong(SINK + " must come last in a chain");
        }
        return all;
      }
      Map<String, Written> byInput = new LinkedHashMap<>();
      List<String> names = all.stream().map(Written::name).toList();
      for (Written written : all) {
        Yaml input = written.input();
        if (written.type().equals(SOURCE)) {
          if (input != null) {
            throw input.wrong(SOURCE + " takes no input");
          }
          continue;
        }
        if (input == null) {
          throw written.at().wrong(written.name() + " needs 'input', the step it takes from");
        }
        String from = input.text("input");
        if (!names.contains(from)) {
          throw input.wrong("there is no step '" + from + "'" + Nearest.hint(from, names));
        }
        Written other = byInput.put(from, written);
        if (other != null) {
          throw input.wrong(
              "'" + from + "' already feeds " + other.name() + "; a recipe is one path");
        }
      }
      List<Written> path = new ArrayList<>();
      for (@Nullable Written at = sources.getFirst(); at != null; at = byInput.get(at.name())) {
        path.add(at);
      }
      if (path.size() < all.size()) {
        Written lost = all.stream().filter(w -> !path.contains(w)).findFirst().orElseThrow();
        throw lost.at().wrong(lost.name() + " is not on the path from " + SOURCE);
      }
      if (path.getLast() != sinks.getFirst()) {
        throw path.getLast().at().wrong("the path must end in " + SINK);
      }
      return path;
    }

    private Step step(Written written, String input) {
      ObjectNode config = config(written);
      return switch (written.type()) {
        case SOURCE -> new Source(written.name(), written.at().line(), source(written, config));
        case SINK -> new Sink(written.name(), written.at().line(), input, sink(written, config));
        default -> operation(written, input, config);
      };
    }

    private ObjectNode config(Written written) {
      Yaml node = written.config();
      ObjectNode config =
          node == null || node.json().isNull()
              ? JsonNodeFactory.instance.objectNode()
              : node.json() instanceof ObjectNode object
                  ? object
                  : refuse(node, "config of " + written.name() + " must be a mapping");
      for (Override override : List.copyOf(overrides)) {
        if (override.step().equals(written.name())) {
          overrides.remove(override);
          JsonNode value = Yaml.read("--set " + override.key(), override.value()).json();
          ObjectNode at = config;
          String[] keys = override.key().split("\\.", -1);
          for (int i = 0; i < keys.length - 1; i++) {
            at = at.get(keys[i]) instanceof ObjectNode inner ? inner : at.putObject(keys[i]);
          }
          at.set(keys[keys.length - 1], value);
        }
      }
      return config;
    }

    private static ObjectNode refuse(Yaml at, String message) {
      throw at.wrong(message);
    }

    private ReadFilesConfig source(Written written, ObjectNode config) {
      refuseUnknownKeys(written, config, SOURCE_KEYS);
      List<String> paths = ends.paths().isEmpty() ? texts(written, config, "paths") : ends.paths();
      if (paths.isEmpty()) {
        throw at(written, "paths")
            .wrong(SOURCE + " needs 'paths': files, folders or globs, in a list");
      }
      JsonNode columns = config.get("columns");
      if (columns == null) {
        return new ReadFilesConfig(paths, ColumnsConfig.usual());
      }
      if (!(columns instanceof ObjectNode mapping)) {
        throw at(written, "columns").wrong(SOURCE + ".columns must be a mapping");
      }
      for (String key : (Iterable<String>) mapping::fieldNames) {
        if (!COLUMN_KEYS.contains(key)) {
          throw at(written, "columns")
              .wrong(SOURCE + ".columns has no '" + key + "'" + Nearest.hint(key, COLUMN_KEYS));
        }
      }
      return new ReadFilesConfig(
          paths,
          new ColumnsConfig(
              texts(written, mapping, "text"),
              text(written, mapping, "title"),
              text(written, mapping, "language")));
    }

    private WriteEnrichedConfig sink(Written written, ObjectNode config) {
      refuseUnknownKeys(written, config, SINK_KEYS);
      String path = ends.out().isEmpty() ? text(written, config, "path") : ends.out();
      if (path.isEmpty()) {
        throw at(written, "path").wrong(SINK + " needs 'path', the folder to write");
      }
      return new WriteEnrichedConfig(path);
    }

    private Operation operation(Written written, String input, ObjectNode config) {
      Class<? extends OperatorConfig> type = Operators.find(written.type()).orElseThrow();
      ObjectNode own = config.deepCopy();
      OnError onError = OnError.REJECT;
      JsonNode given = own.remove("on_error");
      if (given != null) {
        onError =
            switch (given.asText()) {
              case "reject" -> OnError.REJECT;
              case "keep" -> OnError.KEEP;
              default ->
                  throw at(written, "on_error")
                      .wrong(written.name() + ".on_error must be reject or keep, not " + given);
            };
      }
      try {
        return new Operation(
            written.name(),
            written.at().line(),
            input,
            Configs.configure(type, own),
            config,
            onError);
      } catch (ConfigException e) {
        throw at(written, e.key()).wrong(e.getMessage() == null ? "" : e.getMessage());
      }
    }

    private void refuseUnknownKeys(Written written, ObjectNode config, List<String> known) {
      for (String key : (Iterable<String>) config::fieldNames) {
        if (!known.contains(key)) {
          throw at(written, key)
              .wrong(written.type() + " has no parameter '" + key + "'" + Nearest.hint(key, known));
        }
      }
    }

    private static void refuseUnknown(
        Yaml at, String what, Map<String, Yaml> keys, List<String> known) {
      for (Map.Entry<String, Yaml> entry : keys.entrySet()) {
        if (!known.contains(entry.getKey())) {
          throw entry
              .getValue()
              .wrong(
                  what + " has no '" + entry.getKey() + "'" + Nearest.hint(entry.getKey(), known));
        }
      }
    }

    /** The place of a key of a transform's config, or the nearest place around it there is. */
    private Yaml at(Written written, String key) {
      Yaml place = written.config() == null ? written.at() : written.config();
      for (String step : key.isEmpty() ? new String[0] : key.split("\\.", -1)) {
        if (place.json() instanceof ObjectNode) {
          Yaml inner = place.entries("config").get(step);
          if (inner != null) {
            place = inner;
          }
        }
      }
      return place;
    }

    private String text(Written written, ObjectNode config, String key) {
      JsonNode value = config.get(key);
      if (value == null) {
        return "";
      }
      if (!value.isTextual()) {
        throw at(written, key).wrong(written.type() + "." + key + " must be text, not " + value);
      }
      return value.textValue();
    }

    private List<String> texts(Written written, ObjectNode config, String key) {
      JsonNode value = config.get(key);
      if (value == null) {
        return List.of();
      }
      if (value.isTextual()) {
        return List.of(value.textValue());
      }
      List<String> texts = new ArrayList<>();
      for (JsonNode element : value) {
        if (!element.isTextual()) {
          throw at(written, key)
              .wrong(written.type() + "." + key + " must be a list of texts, not " + value);
        }
        texts.add(element.textValue());
      }
      if (!value.isArray()) {
        throw at(written, key)
            .wrong(written.type() + "." + key + " must be a list of texts, not " + value);
      }
      return texts;
    }

    private static String digest(List<Step> steps) {
      StringBuilder decisive = new StringBuilder();
      for (Step step : steps) {
        switch (step) {
          case Source source -> decisive.append(SOURCE).append(source.config().columns());
          case Operation operation ->
              decisive
                  .append(operation.config().info().name())
                  .append(' ')
                  .append(operation.config().info().version())
                  .append(' ')
                  .append(operation.config())
                  .append(' ')
                  .append(operation.onError().name().toLowerCase(Locale.ROOT));
          case Sink _ -> decisive.append(SINK);
        }
        decisive.append('\n');
      }
      return Sha256.of(decisive.toString().getBytes(UTF_8)).hex();
    }
  }
}
