/**
 * Kafka: messages become documents, and documents, rows and dead letters become messages.
 *
 * <p>{@link dev.dragoman.connectors.kafka.ReadKafka} reads topics with an event time and a
 * watermark per partition; whatever is wrong with a message makes it a dead letter that keeps the
 * bytes it came as. {@link dev.dragoman.connectors.kafka.WriteKafka} writes in transactions that
 * also hold how far each shard has come, so that what is replayed after a crash is written once.
 * {@link dev.dragoman.connectors.kafka.DeadLetterTopic} sends dead letters to where they came from.
 */
@NullMarked
package dev.dragoman.connectors.kafka;

import org.jspecify.annotations.NullMarked;
