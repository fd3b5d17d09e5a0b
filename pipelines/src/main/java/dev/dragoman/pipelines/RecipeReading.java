package dev.dragoman.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.kafka.ReadKafka;
import dev.dragoman.models.Nearest;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.beam.ApplyOperator.OnError;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.text.Deduplicate;
import dev.dragoman.pipelines.Recipe.Operation;
import dev.dragoman.pipelines.Recipe.ReadFilesConfig;
import dev.dragoman.pipelines.Recipe.Sink;
import dev.dragoman.pipelines.Recipe.Source;
import dev.dragoman.pipelines.Recipe.Stage;
import dev.dragoman.pipelines.Recipe.Step;
import dev.dragoman.pipelines.Recipe.WriteEnrichedConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One recipe being read.
 *
 * @param overrides those not used so far
 */
record RecipeReading(String file, RecipeReader.Ends ends, List<RecipeReader.Override> overrides) {
  private static final List<String> TOP_KEYS = List.of("pipeline", "options");
  private static final String STREAMING = "streaming";
  private static final String ON_ERROR = "on_error";
  private static final String ERROR_HANDLING = "error_handling";

  Recipe recipe(String text) {
    Yaml root = Yaml.read(file, text);
    Map<String, Yaml> top = root.entries("a recipe");
    WrittenPipeline.refuseUnknown(root, "a recipe", top, TOP_KEYS);
    Yaml pipeline = top.get("pipeline");
    if (pipeline == null) {
      throw root.wrong("a recipe needs 'pipeline'");
    }
    List<Written> all = WrittenPipeline.read(pipeline);
    Map<String, Step> steps = new HashMap<>();
    List<Step> inOrder = new ArrayList<>();
    for (Written written : all) {
      Step step = step(written);
      check(written, step, steps);
      steps.put(step.name(), step);
      inOrder.add(step);
    }
    if (!overrides.isEmpty()) {
      RecipeReader.Override unused = overrides.getFirst();
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
              + Nearest.hint(unused.step(), all.stream().map(Written::name).toList()));
    }
    checkKinds(all, steps);
    Yaml optionsNode = top.get("options");
    boolean streaming = streaming(optionsNode, all, inOrder);
    checkEnds(pipeline, all, inOrder, streaming);
    checkColumns(all, steps, streaming);
    return new Recipe(
        file, text, digest(inOrder), streaming, options(optionsNode), List.copyOf(inOrder));
  }

  private static Recipe.Options options(@Nullable Yaml at) {
    ObjectNode options =
        at != null && at.isMapping() && at.json() instanceof ObjectNode object
            ? object
            : JsonNodeFactory.instance.objectNode();
    options.remove(STREAMING);
    try {
      return Configs.configure(Recipe.Options.class, options);
    } catch (ConfigException e) {
      throw (at == null ? new RecipeException(message(e)) : inside(at, e.key()).wrong(message(e)));
    }
  }

  private static Yaml inside(Yaml at, String key) {
    return at.entries("options").getOrDefault(key, at);
  }

  private static boolean streaming(@Nullable Yaml at, List<Written> all, List<Step> steps) {
    @Nullable Step endless = steps.stream().filter(RecipeReading::endless).findFirst().orElse(null);
    if (at == null) {
      return endless != null;
    }
    Yaml given = at.entries("options").get(STREAMING);
    if (given == null) {
      return endless != null;
    }
    if (!given.json().isBoolean()) {
      throw given.wrong("options.streaming must be true or false");
    }
    boolean streaming = given.json().booleanValue();
    if (streaming && endless == null) {
      throw given.wrong(
          "options.streaming is true, but every source ends; give ReadFiles a 'watch', or leave it"
              + " out");
    }
    if (!streaming && endless != null) {
      throw given.wrong("options.streaming is false, but " + endless.name() + " never ends");
    }
    return streaming;
  }

  private static boolean endless(Step step) {
    return switch (step) {
      case Source source -> source.config().watches();
      case Stage stage -> stage.config() instanceof ReadKafka.Config;
      case Operation _, Sink _ -> false;
    };
  }

  /** Sources and sinks that do not go together. */
  private static void checkEnds(
      Yaml pipeline, List<Written> all, List<Step> steps, boolean streaming) {
    if (steps.stream().noneMatch(step -> step.inputs().isEmpty())) {
      throw pipeline.wrong("a recipe needs a source, for instance ReadFiles");
    }
    if (all.stream().noneMatch(written -> written.type().isSink())) {
      throw pipeline.wrong("a recipe needs a sink, for instance WriteEnriched");
    }
    List<Written> files = of(all, StepType.READ_FILES);
    List<Written> sinks = of(all, StepType.WRITE_ENRICHED);
    if (sinks.size() > 1) {
      throw sinks
          .get(1)
          .at()
          .wrong("a recipe has one sink WriteEnriched, this has " + sinks.size());
    }
    if (sinks.isEmpty()) {
      requireWayOfRejected(pipeline, all);
    } else {
      if (streaming) {
        throw sinks
            .getFirst()
            .at()
            .wrong(
                "WriteEnriched writes at the end, and this recipe has none; use WriteParquet and"
                    + " WriteLucene");
      }
      if (files.size() != 1) {
        throw sinks
            .getFirst()
            .at()
            .wrong("WriteEnriched wants one source ReadFiles, this has " + files.size());
      }
    }
    for (Written written : all) {
      if (written.type().config() == Deduplicate.Config.class && sinks.isEmpty()) {
        throw written
            .at()
            .wrong(
                "Deduplicate compares all documents of a run that ends in WriteEnriched; leave it"
                    + " out");
      }
    }
  }

  private static List<Written> of(List<Written> all, StepType type) {
    return all.stream().filter(written -> written.type().equals(type)).toList();
  }

  private static void requireWayOfRejected(Yaml pipeline, List<Written> all) {
    boolean taken =
        all.stream()
            .flatMap(written -> written.inputs().stream())
            .anyMatch(input -> input.from().equals(Recipe.REJECTED));
    if (!taken && all.stream().anyMatch(written -> written.type().rejects())) {
      throw pipeline.wrong(
          "rejected documents have nowhere to go; add a sink with 'input: rejected', for instance"
              + " {type: WriteParquet, input: rejected, config: {path: DIR}}");
    }
  }

  private void check(Written written, Step step, Map<String, Step> before) {
    if (!(step instanceof Operation operation)) {
      return;
    }
    List<OperatorConfig> path = new ArrayList<>();
    for (@Nullable Step at = before.get(operation.input()); at != null; ) {
      if (at instanceof Operation earlier) {
        path.addFirst(earlier.config());
      }
      at = at.inputs().isEmpty() ? null : before.get(at.inputs().getFirst());
    }
    try {
      operation.config().checkAfter(path);
    } catch (ConfigException e) {
      throw written.at(e.key()).wrong(message(e));
    }
  }

  private static void checkColumns(List<Written> all, Map<String, Step> steps, boolean streaming) {
    RowColumns columns = new RowColumns(streaming);
    for (Written written : all) {
      if (steps.get(written.name()) instanceof Stage stage) {
        try {
          columns.check(stage);
        } catch (ConfigException e) {
          throw written.at(e.key()).wrong(message(e));
        }
      }
    }
  }

  private static void checkKinds(List<Written> all, Map<String, Step> steps) {
    Map<String, StepType> types = new HashMap<>();
    all.forEach(written -> types.put(written.name(), written.type()));
    for (Written written : all) {
      for (Written.Input input : written.inputs()) {
        Kind given = kind(input, types, steps);
        if (!written.type().takes().contains(given)) {
          throw input
              .at()
              .wrong(
                  written.name()
                      + " cannot take "
                      + given.words()
                      + ", which "
                      + input.from()
                      + " gives");
        }
      }
    }
  }

  private static Kind kind(
      Written.Input input, Map<String, StepType> types, Map<String, Step> steps) {
    if (input.from().equals(Recipe.REJECTED)) {
      return Kind.REJECTED;
    }
    Step from = steps.get(input.step());
    StepType type = types.get(input.step());
    if (from == null || type == null) {
      throw input.at().wrong("there is no step '" + input.step() + "'");
    }
    if (!input.from().equals(input.step())) {
      String output = input.from().substring(input.step().length() + 1);
      if (!output.equals(from.errorOutput())) {
        throw input
            .at()
            .wrong(
                input.step()
                    + " has no output '"
                    + output
                    + "'; name one in its config: error_handling: {output: "
                    + output
                    + "}");
      }
      return Kind.REJECTED;
    }
    Kind gives = type.gives();
    if (gives == null) {
      throw input.at().wrong(input.step() + " is a sink; nothing comes out of it");
    }
    return gives;
  }

  private Step step(Written written) {
    ObjectNode config = config(written);
    String name = written.name();
    int line = written.at().line();
    String errorOutput = errorOutput(written, config);
    if (written.type().equals(StepType.READ_FILES)) {
      return new Source(name, line, errorOutput, files(written, config));
    }
    if (written.type().equals(StepType.WRITE_ENRICHED)) {
      return new Sink(name, line, only(written), enriched(written, config));
    }
    if (OperatorConfig.class.isAssignableFrom(written.type().config())) {
      OnError onError = onError(written, config);
      ObjectNode asWritten = config.deepCopy();
      return new Operation(
          name,
          line,
          only(written),
          errorOutput,
          configure(written, written.type().config().asSubclass(OperatorConfig.class), config),
          asWritten,
          onError);
    }
    return new Stage(
        name,
        line,
        written.inputs().stream().map(Written.Input::from).toList(),
        errorOutput,
        configure(written, written.type().config(), config));
  }

  private static String only(Written written) {
    if (written.inputs().size() > 1) {
      throw written.inputs().get(1).at().wrong(written.name() + " takes one input");
    }
    return written.inputs().getFirst().from();
  }

  private ObjectNode config(Written written) {
    Yaml node = written.config();
    ObjectNode config;
    if (node == null || node.json().isNull()) {
      config = JsonNodeFactory.instance.objectNode();
    } else if (node.json() instanceof ObjectNode object) {
      config = object;
    } else {
      throw node.wrong("config of " + written.name() + " must be a mapping");
    }
    for (RecipeReader.Override override : List.copyOf(overrides)) {
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

  private static String errorOutput(Written written, ObjectNode config) {
    if (!written.type().rejects()) {
      return "";
    }
    JsonNode given = config.remove(ERROR_HANDLING);
    if (given == null) {
      return "";
    }
    JsonNode output = given.path("output");
    if (!given.isObject() || given.size() != 1 || !output.isTextual()) {
      throw written
          .at(ERROR_HANDLING)
          .wrong(written.name() + ".error_handling must be {output: NAME}, not " + given);
    }
    return output.textValue();
  }

  private static OnError onError(Written written, ObjectNode config) {
    JsonNode given = config.remove(ON_ERROR);
    return switch (given == null ? "reject" : given.asText()) {
      case "reject" -> OnError.REJECT;
      case "keep" -> OnError.KEEP;
      default ->
          throw written
              .at(ON_ERROR)
              .wrong(written.name() + ".on_error must be reject or keep, not " + given);
    };
  }

  private static <C extends StepConfig> C configure(
      Written written, Class<C> type, ObjectNode config) {
    try {
      return Configs.configure(type, config);
    } catch (ConfigException e) {
      throw written.at(e.key()).wrong(message(e));
    }
  }

  private ReadFilesConfig files(Written written, ObjectNode config) {
    if (!ends.paths().isEmpty()) {
      var paths = config.putArray("paths");
      ends.paths().forEach(paths::add);
    }
    listOfOne(config, "paths");
    if (config.get("columns") instanceof ObjectNode columns) {
      listOfOne(columns, "text");
    }
    ReadFilesConfig files = configure(written, ReadFilesConfig.class, config);
    if (files.paths().isEmpty()) {
      throw written
          .at("paths")
          .wrong(written.name() + " needs 'paths': files, folders or globs, in a list");
    }
    return files;
  }

  private static void listOfOne(ObjectNode config, String key) {
    if (config.get(key) != null && config.get(key).isTextual()) {
      String value = config.get(key).textValue();
      config.putArray(key).add(value);
    }
  }

  private WriteEnrichedConfig enriched(Written written, ObjectNode config) {
    if (!ends.out().isEmpty()) {
      config.put("path", ends.out());
    }
    WriteEnrichedConfig sink = configure(written, WriteEnrichedConfig.class, config);
    if (sink.path().isEmpty()) {
      throw written.at("path").wrong(written.name() + " needs 'path', the folder to write");
    }
    return sink;
  }

  private static String message(ConfigException e) {
    return e.getMessage() == null ? "" : e.getMessage();
  }

  private static String digest(List<Step> steps) {
    StringBuilder decisive = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Source source -> decisive.append("ReadFiles").append(source.config().columns());
        case Operation operation ->
            decisive
                .append(operation.config().info().name())
                .append(' ')
                .append(operation.config().info().version())
                .append(' ')
                .append(operation.config())
                .append(' ')
                .append(operation.onError().name().toLowerCase(Locale.ROOT));
        case Stage stage ->
            decisive
                .append(stage.config().info().name())
                .append(' ')
                .append(stage.config().info().version())
                .append(' ')
                .append(stage.config());
        case Sink _ -> decisive.append("WriteEnriched");
      }
      List<Integer> inputs = step.inputs().stream().map(names::indexOf).toList();
      if (!inputs.isEmpty() && !inputs.equals(List.of(names.size() - 1))) {
        decisive.append(inputs);
      }
      names.add(step.name());
      decisive.append('\n');
    }
    return Sha256.of(decisive.toString().getBytes(UTF_8)).hex();
  }
}
