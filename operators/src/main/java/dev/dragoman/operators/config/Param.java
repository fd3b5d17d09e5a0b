package dev.dragoman.operators.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component of an operator's configuration means. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Param {
  /** Stands in {@link #fallback} for: the recipe has to say it. */
  String REQUIRED = "<required>";

  /** What it means, with its unit. */
  String value();

  /** The default as a JSON value: {@code 200}, {@code "redact"}, {@code ["eng", "nld"]}. */
  String fallback() default REQUIRED;
}
