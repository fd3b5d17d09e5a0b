/**
 * Operators in Beam graphs: {@link dev.dragoman.operators.beam.ApplyOperator} applies any of them
 * and {@link dev.dragoman.operators.beam.OperatorMetrics} reads afterwards what they counted.
 */
@NullMarked
package dev.dragoman.operators.beam;

import org.jspecify.annotations.NullMarked;
