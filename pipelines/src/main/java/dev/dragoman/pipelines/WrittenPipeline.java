package dev.dragoman.pipelines;

import dev.dragoman.models.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The transforms of a recipe as they are written, with what each takes from. */
final class WrittenPipeline {
  private static final List<String> CHAIN_KEYS =
      List.of("type", "name", "source", "transforms", "sink", "extra_transforms");
  private static final List<String> COMPOSITE_KEYS = List.of("type", "name", "transforms");
  private static final List<String> STEP_KEYS = List.of("type", "name", "input", "config");

  /** The key of a config that names a second input. */
  private static final String WITH = "with";

  private final List<Written> all = new ArrayList<>();

  private WrittenPipeline() {}

  /**
   * The transforms, each after those it takes from.
   *
   * @throws RecipeException if something takes from what is not there, or from itself
   */
  static List<Written> read(Yaml pipeline) {
    WrittenPipeline written = new WrittenPipeline();
    written.readAll(pipeline);
    return written.inOrder();
  }

  /** Refuses keys that are not known. */
  static void refuseUnknown(Yaml at, String what, Map<String, Yaml> keys, List<String> known) {
    for (Map.Entry<String, Yaml> entry : keys.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw entry
            .getValue()
            .wrong(what + " has no '" + entry.getKey() + "'" + Nearest.hint(entry.getKey(), known));
      }
    }
  }

  private void readAll(Yaml pipeline) {
    Map<String, Yaml> keys = pipeline.entries("pipeline");
    Yaml typeNode = keys.get("type");
    String type = typeNode == null ? "composite" : typeNode.text("pipeline.type");
    switch (type) {
      case "chain" -> readChain(pipeline, keys);
      case "composite" -> {
        refuseUnknown(pipeline, "a composite", keys, COMPOSITE_KEYS);
        Yaml transforms = keys.get("transforms");
        if (transforms == null) {
          throw pipeline.wrong("a composite needs 'transforms'");
        }
        transforms.elements("transforms").forEach(element -> all.add(transform(element)));
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
      if (written.name().equals(Recipe.REJECTED) || written.name().contains(".")) {
        throw written
            .at()
            .wrong("'" + written.name() + "' cannot be a name: give it another, without a dot");
      }
    }
  }

  private void readChain(Yaml pipeline, Map<String, Yaml> keys) {
    refuseUnknown(pipeline, "a chain", keys, CHAIN_KEYS);
    List<Yaml> chain = new ArrayList<>();
    Yaml source = keys.get("source");
    if (source != null) {
      chain.add(source);
    }
    Yaml transforms = keys.get("transforms");
    if (transforms != null) {
      chain.addAll(transforms.elements("transforms"));
    }
    Yaml sink = keys.get("sink");
    if (sink != null) {
      chain.add(sink);
    }
    String before = "";
    for (Yaml element : chain) {
      Written member = member(element, before);
      all.add(member);
      before = member.name();
    }
    Yaml extra = keys.get("extra_transforms");
    if (extra != null) {
      extra.elements("extra_transforms").forEach(element -> all.add(transform(element)));
    }
  }

  /** A transform in a chain. */
  private static Written member(Yaml at, String before) {
    Yaml input = at.entries("a transform").get("input");
    if (input != null) {
      throw input.wrong("a transform in a chain takes the one before it; leave out 'input'");
    }
    Written written = transform(at);
    if (before.isEmpty() && !written.type().isSource()) {
      throw at.wrong("a chain begins with a source, not with " + written.type().name());
    }
    if (!before.isEmpty() && written.type().isSource()) {
      throw at.wrong(
          written.type().name()
              + " must come first in a chain; another source goes under extra_transforms");
    }
    List<Written.Input> inputs = new ArrayList<>();
    if (!before.isEmpty()) {
      inputs.add(new Written.Input(before, at));
    }
    inputs.addAll(written.inputs());
    return new Written(written.type(), written.name(), at, written.config(), inputs);
  }

  private static Written transform(Yaml at) {
    Map<String, Yaml> keys = at.entries("a transform");
    Yaml typeNode = keys.get("type");
    if (typeNode == null) {
      throw at.wrong("a transform needs 'type'");
    }
    String typeName = typeNode.text("type");
    StepType type =
        StepType.find(typeName)
            .orElseThrow(() ->
                typeNode.wrong(
                    "there is no type '"
                        + typeName
                        + "'"
                        + Nearest.hint(
                            typeName, StepType.all().stream().map(StepType::name).toList())));
    if (keys.containsKey("windowing")) {
      throw keys.get("windowing")
          .wrong(
              typeName
                  + " has no 'windowing': windows are a parameter of the steps that have them");
    }
    refuseUnknown(at, typeName, keys, STEP_KEYS);
    Yaml name = keys.get("name");
    Yaml config = keys.get("config");
    List<Written.Input> inputs = new ArrayList<>();
    Yaml input = keys.get("input");
    if (input != null) {
      (input.isList() ? input.elements("input") : List.of(input))
          .forEach(one -> inputs.add(new Written.Input(one.text("input"), one)));
    }
    if (config != null && config.isMapping()) {
      Yaml with = config.entries("config").get(WITH);
      if (with != null) {
        inputs.add(new Written.Input(with.text(WITH), with));
      }
    }
    return new Written(type, name == null ? typeName : name.text("name"), at, config, inputs);
  }

  /** Every transform after those it takes from, otherwise as they are written. */
  private List<Written> inOrder() {
    Map<String, Written> byName = new LinkedHashMap<>();
    all.forEach(written -> byName.put(written.name(), written));
    List<String> names = List.copyOf(byName.keySet());
    for (Written written : all) {
      if (written.type().isSource() && !written.inputs().isEmpty()) {
        throw written.inputs().getFirst().at().wrong(written.name() + " takes no input");
      }
      if (!written.type().isSource() && written.inputs().isEmpty()) {
        throw written.at().wrong(written.name() + " needs 'input', the step it takes from");
      }
      for (Written.Input input : written.inputs()) {
        if (!input.from().equals(Recipe.REJECTED) && !byName.containsKey(input.step())) {
          throw input
              .at()
              .wrong("there is no step '" + input.step() + "'" + Nearest.hint(input.step(), names));
        }
      }
    }
    Set<Written> done = new LinkedHashSet<>();
    Set<String> underway = new LinkedHashSet<>();
    List<Written> last = all.stream().filter(WrittenPipeline::takesAllRejected).toList();
    all.stream()
        .filter(written -> !last.contains(written))
        .forEach(written -> add(written, byName, underway, done));
    last.forEach(written -> add(written, byName, underway, done));
    return List.copyOf(done);
  }

  private static boolean takesAllRejected(Written written) {
    return written.inputs().stream().anyMatch(input -> input.from().equals(Recipe.REJECTED));
  }

  private static void add(
      Written written, Map<String, Written> byName, Set<String> underway, Set<Written> done) {
    if (done.contains(written)) {
      return;
    }
    if (!underway.add(written.name())) {
      throw written
          .at()
          .wrong(written.name() + " takes from itself, by way of " + String.join(", ", underway));
    }
    for (Written.Input input : written.inputs()) {
      @Nullable Written before = byName.get(input.step());
      if (before != null && !input.from().equals(Recipe.REJECTED)) {
        add(before, byName, underway, done);
      }
    }
    underway.remove(written.name());
    done.add(written);
  }
}
