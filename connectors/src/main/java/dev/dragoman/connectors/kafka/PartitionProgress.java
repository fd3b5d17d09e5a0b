package dev.dragoman.connectors.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** How far the consumer of a partition is, and where the partition ends. */
final class PartitionProgress {
  private static final Map<Key, PartitionProgress> ALL = new ConcurrentHashMap<>();

  private long lastHandedOut = -1;
  private long position = -1;
  private long end = -1;
  private long endAsOf;

  private record Key(String reader, TopicPartition partition) {}

  /** That of a partition as one source in this JVM reads it. */
  static PartitionProgress of(String reader, TopicPartition partition) {
    return ALL.computeIfAbsent(new Key(reader, partition), _ -> new PartitionProgress());
  }

  static void forget(String reader, Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> ALL.remove(new Key(reader, partition)));
  }

  /**
   * The consumer has fetched.
   *
   * @param last the offset of the last record it got, -1 if it got none
   * @param next the offset it goes on at
   */
  synchronized void polled(long last, long next) {
    lastHandedOut = Math.max(lastHandedOut, last);
    position = next;
  }

  /** The partition ended here at that time, in milliseconds. */
  synchronized void ends(long offset, long asOf) {
    end = offset;
    endAsOf = asOf;
  }

  /**
   * Until when there was nothing left to read, in milliseconds; -1 if there may be something.
   *
   * @param lastRead the offset of the newest record that was read, -1 if there is none
   */
  synchronized long drainedUntil(long lastRead) {
    return end >= 0 && position >= end && lastHandedOut <= lastRead ? endAsOf : -1;
  }

  /** How many offsets are left after the one that was read. */
  synchronized long behind(long lastRead) {
    return Math.max(0, end - lastRead - 1);
  }
}
