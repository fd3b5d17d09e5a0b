package dev.dragoman.operators.config;

import java.io.Serializable;

/**
 * The configuration of a step of a recipe: an immutable record whose class carries {@link
 * OperatorInfo} and whose components each carry {@link Param}. Component types are {@code int},
 * {@code long}, {@code double}, {@code boolean}, {@code String}, {@link java.time.Duration}, enums,
 * lists of these and maps from {@code String} to these and to lists of these. Everything a recipe
 * and the references know about a step comes from this record.
 */
public interface StepConfig extends Serializable {
  /** The name, version and summary this configuration's class declares. */
  default OperatorInfo info() {
    return Configs.info(getClass());
  }
}
