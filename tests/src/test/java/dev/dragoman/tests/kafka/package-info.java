/** Kafka: a broker of its own from jars, and what is read from it and written to it on Flink. */
@NullMarked
package dev.dragoman.tests.kafka;

import org.jspecify.annotations.NullMarked;
