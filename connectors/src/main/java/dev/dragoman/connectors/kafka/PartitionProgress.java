package dev.dragoman.connectors.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the consumer of a partition is, and where the partition ends. The consumers that fetch
 * and the policy that makes watermarks of it are made by different hands, so they meet here.
 */
final class PartitionProgress {
  private static final Map<Key, PartitionProgress> ALL = new ConcurrentHashMap<>();

  /** A partition that does not come to be read in this time keeps the others waiting no longer. */
  private static final long LONGEST_START_MILLIS = 60_000;

  /** Runners ask once or twice before the watermark of a partition counts with them. */
  private static final int ASKED = 3;

  private final long begun;
  private long lastHandedOut = -1;
  private long position = -1;
  private long end = -1;
  private long endAsOf;
  private int asked;

  private record Key(String reader, TopicPartition partition) {}

  PartitionProgress(long begun) {
    this.begun = begun;
  }

  /** A partition is about to be read anew by a source in this JVM. */
  static PartitionProgress begin(String reader, TopicPartition partition, long now) {
    PartitionProgress progress = new PartitionProgress(now);
    ALL.put(new Key(reader, partition), progress);
    return progress;
  }

  /** That of a partition as a source in this JVM reads it. */
  static PartitionProgress of(String reader, TopicPartition partition) {
    return ALL.computeIfAbsent(
        new Key(reader, partition), _ -> new PartitionProgress(System.currentTimeMillis()));
  }

  /**
   * Whether the watermarks of all partitions that a source has in this JVM count with the runner.
   * Before that, it would take the watermark of those that have started for that of all.
   */
  static boolean isSettled(String reader, long now) {
    return ALL.entrySet().stream()
        .filter(entry -> entry.getKey().reader.equals(reader))
        .map(Map.Entry::getValue)
        .allMatch(partition -> partition.isUnderWay(now));
  }

  private synchronized boolean isUnderWay(long now) {
    return asked >= ASKED || now - begun >= LONGEST_START_MILLIS;
  }

  /** The runner has asked for the watermark. */
  synchronized void ask() {
    if (asked < ASKED) {
      asked++;
    }
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
