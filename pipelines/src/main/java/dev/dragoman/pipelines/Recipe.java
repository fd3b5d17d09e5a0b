package dev.dragoman.pipelines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.beam.ApplyOperator.OnError;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A recipe that was read and checked: a source, the operators in the order they are applied, a
 * sink.
 *
 * @param name the file or built-in name, for messages
 * @param text as it was read
 * @param digest SHA-256 (hexadecimal) of what decides the output: types, configurations and inputs
 *     of all steps, not layout, comments or where the files are read from and written to
 */
public record Recipe(String name, String text, String digest, List<Step> steps) {
  public Recipe {
    steps = List.copyOf(steps);
  }

  /** One transform of a recipe. */
  public sealed interface Step {
    /** Unique in the recipe; the type unless the recipe names it. */
    String name();

    /** Where it stands in the recipe, from 1. */
    int line();
  }

  /** Where documents come from. */
  public record Source(String name, int line, ReadFilesConfig config) implements Step {}

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
      OperatorConfig config,
      ObjectNode written,
      OnError onError)
      implements Step {}

  /**
   * Where documents go.
   *
   * @param input the step whose documents it writes
   */
  public record Sink(String name, int line, String input, WriteEnrichedConfig config)
      implements Step {}

  /** The configuration of {@code ReadFiles}. */
  public record ReadFilesConfig(List<String> paths, ColumnsConfig columns) {
    public ReadFilesConfig {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Which columns of a table are what; empty where the usual names are looked for.
   *
   * @param text the columns whose values, joined by blank lines, are the text
   */
  public record ColumnsConfig(List<String> text, String title, String language) {
    public ColumnsConfig {
      text = List.copyOf(text);
    }

    /** The usual names. */
    public static ColumnsConfig usual() {
      return new ColumnsConfig(List.of(), "", "");
    }
  }

  /** The configuration of {@code WriteEnriched}. */
  public record WriteEnrichedConfig(String path) {}

  /** Where its documents come from. */
  public Source source() {
    return only(Source.class).findFirst().orElseThrow();
  }

  /** The operators in the order they are applied. */
  public List<Operation> operations() {
    return only(Operation.class).toList();
  }

  /** Where they go. */
  public Sink sink() {
    return only(Sink.class).findFirst().orElseThrow();
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
