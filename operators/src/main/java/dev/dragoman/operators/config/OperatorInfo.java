package dev.dragoman.operators.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an operator is called and does; the source of the operator reference. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OperatorInfo {
  /** Its {@code type} in a recipe. */
  String name();

  /** Changes when the same input and configuration may give another output. */
  String version();

  /** One sentence: what it does to a document. */
  String summary();

  /** A few sentences more: what it adds to the document, what it leaves alone, when it fails. */
  String details() default "";
}
