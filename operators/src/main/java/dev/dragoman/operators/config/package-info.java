/**
 * What the steps of a recipe say about themselves: names, parameters, defaults and meanings, for
 * operators, sources and sinks alike. {@link dev.dragoman.operators.config.Configs} reads a
 * configuration and refuses what is wrong with it.
 */
@NullMarked
package dev.dragoman.operators.config;

import org.jspecify.annotations.NullMarked;
