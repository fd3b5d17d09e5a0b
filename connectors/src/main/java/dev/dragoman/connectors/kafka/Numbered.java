package dev.dragoman.connectors.kafka;

/**
 * A message with its place in the sequence of its shard.
 *
 * @param run which sequence: begun when the job first saw the shard, and kept in its state
 * @param number in that sequence, from 0
 * @param chain a digest of the sequence up to and with this message
 */
record Numbered(String run, long number, long chain, Message message) {}
