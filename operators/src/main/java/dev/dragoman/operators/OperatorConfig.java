package dev.dragoman.operators;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.StepConfig;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/**
 * The configuration of an operator. Everything a recipe, {@code dragoman try} and {@code dragoman
 * operator show} know about an operator comes from this record.
 */
public interface OperatorConfig extends StepConfig {
  /**
   * An operator with this configuration.
   *
   * @throws dev.dragoman.models.MissingModelException if it needs a model that is not installed
   */
  Operator open(OperatorContext context);

  /** The catalog names or paths of the models it needs, for pulling them before a graph starts. */
  default List<String> models() {
    return List.of();
  }

  /**
   * The models it needs for files from these places; all of {@link #models()} unless it can tell.
   */
  default List<String> models(Collection<URI> sources) {
    return models();
  }

  /**
   * Checks the place in a recipe.
   *
   * @param before the operators that run before this one on the same documents
   * @throws ConfigException if the result could not be what the recipe's author wants
   */
  default void checkAfter(List<? extends OperatorConfig> before) {}
}
