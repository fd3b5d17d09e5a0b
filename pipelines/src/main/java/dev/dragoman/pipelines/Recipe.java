package dev.dragoman.pipelines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.beam.ApplyOperator.OnError;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recipe that was read and checked: sources, what is done to what comes out of them, sinks.
 *
 * @param name the file or built-in name, for messages
 * @param text as it was read
 * @param digest SHA-256 (hexadecimal) of what decides the output: types, configurations and inputs
 *     of all steps, not layout, comments or where the files are read from and written to
 * @param streaming whether it goes on until it is stopped
 * @param steps each after those it takes from
 */
public record Recipe(
    String name, String text, String digest, boolean streaming, Options options, List<Step> steps) {
  /** The input of a sink that takes what all steps have rejected. */
  public static final String REJECTED = "rejected";

  public Recipe {
    steps = List.copyOf(steps);
  }

  /** One transform of a recipe. */
  public sealed interface Step {
    /** Unique in the recipe; the type unless the recipe names it. */
    String name();

    /** Where it stands in the recipe, from 1. */
    int line();

    /**
     * The steps it takes from; {@code NAME.OUTPUT} for another output of a step, {@link #REJECTED}
     * for everything that was rejected.
     */
    List<String> inputs();

    /** The name of its output of rejected documents, empty where they go with all others. */
    String errorOutput();
  }

  /** Files: where documents of a run that ends come from, or of one that watches a folder. */
  public record Source(String name, int line, String errorOutput, ReadFilesConfig config)
      implements Step {
    @Override
    public List<String> inputs() {
      return List.of();
    }
  }

  /**
   * An operator.
   *
   * @param input the step whose documents it takes
   * @param config as written, defaults not filled in
   * @param onError whether a document that fails goes on
   */
  public record Operation(
      String name,
      int line,
      String input,
      String errorOutput,
      OperatorConfig config,
      ObjectNode written,
      OnError onError)
      implements Step {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /** Any other source, sink, or step on rows. */
  public record Stage(
      String name, int line, List<String> inputs, String errorOutput, StepConfig config)
      implements Step {
    public Stage {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * Where documents of a run that ends go.
   *
   * @param input the step whose documents it writes
   */
  public record Sink(String name, int line, String input, WriteEnrichedConfig config)
      implements Step {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public String errorOutput() {
      return "";
    }
  }

  /** The configuration of {@code ReadFiles}. */
  @OperatorInfo(
      name = "ReadFiles",
      version = "1",
      summary = "Reads files: a document each, or a document a row of CSV and JSON Lines.",
      details =
          "With `watch` it looks again and again, and never ends: a file is read once it has not"
              + " changed for `settle`, and again when it was changed. The time of its documents is"
              + " then when the file was last changed.")
  public record ReadFilesConfig(
      @Param(
              "Files, folders (with all below them), globs with `*` and `**`, addresses such as"
                  + " s3://bucket/x, or - for standard input.")
          List<String> paths,
      @Param(
              value =
                  "For rows: the columns `text` (one or several), `title`, `language`; the usual"
                      + " names are found without it.",
              fallback = "{}")
          ColumnsConfig columns,
      @Param(value = "How often to look for more; 0s reads once.", fallback = "\"0s\"")
          Duration watch,
      @Param(
              value = "How long a file must not have changed before it is read.",
              fallback = "\"5s\"")
          Duration settle)
      implements StepConfig {
    public ReadFilesConfig {
      paths = List.copyOf(paths);
    }

    /** Whether it never ends. */
    public boolean watches() {
      return !watch.isZero();
    }
  }

  /**
   * Which columns of a table are what; empty where the usual names are looked for.
   *
   * @param text the columns whose values, joined by blank lines, are the text
   */
  public record ColumnsConfig(
      @Param(value = "The columns of the text.", fallback = "[]") List<String> text,
      @Param(value = "The column of the title.", fallback = "\"\"") String title,
      @Param(value = "The column of the language's code.", fallback = "\"\"") String language)
      implements Serializable {
    public ColumnsConfig {
      text = List.copyOf(text);
    }
  }

  /** The configuration of {@code WriteEnriched}. */
  @OperatorInfo(
      name = "WriteEnriched",
      version = "1",
      summary = "Writes the tables, the search index and run.json at the end of a run.")
  public record WriteEnrichedConfig(@Param("The folder.") String path) implements StepConfig {}

  /** What is said about a recipe as a whole. */
  @OperatorInfo(name = "options", version = "1", summary = "About the recipe as a whole.")
  public record Options(
      @Param(
              value =
                  "How long a document waits at most for others that a model takes together with"
                      + " it, in each step.",
              fallback = "\"200ms\"")
          Duration maxLatency,
      @Param(
              value =
                  "How long a step with a model may take for a batch in a stream; a document that"
                      + " takes longer on its own is rejected.",
              fallback = "\"2m\"")
          Duration stepTimeout,
      @Param(
              value =
                  "How often the state is saved. What is written exactly once becomes visible that"
                      + " often.",
              fallback = "\"1s\"")
          Duration checkpointEvery,
      @Param(
              value =
                  "The most tasks a step can ever be spread over. State cannot be taken over after"
                      + " it was changed.",
              fallback = "128")
          int maxParallelism,
      @Param(
              value = "How often a job is started again before it is given up; -1 for ever.",
              fallback = "-1")
          int restarts)
      implements StepConfig {
    public Options {
      if (maxLatency.isZero()) {
        throw new ConfigException("max_latency", "options.max_latency must be at least 1ms");
      }
      if (checkpointEvery.toMillis() < 100) {
        throw new ConfigException(
            "checkpoint_every", "options.checkpoint_every must be at least 100ms");
      }
      if (maxParallelism < 1 || maxParallelism > 32_768) {
        throw new ConfigException(
            "max_parallelism",
            "options.max_parallelism must be from 1 to 32768, not " + maxParallelism);
      }
    }
  }

  /** The files it reads; empty where everything comes from elsewhere. */
  public Optional<Source> files() {
    return only(Source.class).findFirst();
  }

  /** The operators, each after those whose documents it takes. */
  public List<Operation> operations() {
    return only(Operation.class).toList();
  }

  /** Everything that is no operator, and neither {@code ReadFiles} nor {@code WriteEnriched}. */
  public List<Stage> stages() {
    return only(Stage.class).toList();
  }

  /** The folder of a run that ends; empty where everything goes elsewhere. */
  public Optional<Sink> enriched() {
    return only(Sink.class).findFirst();
  }

  /** The models its operators need, each once, in the order they are first named. */
  public List<String> models() {
    return operations().stream()
        .flatMap(operation -> operation.config().models().stream())
        .distinct()
        .toList();
  }

  /** The models its operators need for files from these places. */
  public List<String> models(Collection<URI> sources) {
    return operations().stream()
        .flatMap(operation -> operation.config().models(sources).stream())
        .distinct()
        .toList();
  }

  private <S extends Step> Stream<S> only(Class<S> type) {
    return steps.stream().filter(type::isInstance).map(type::cast);
  }
}
