package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.metrics.MetricNames;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of one partition's records, and how far they have come.
 *
 * <p>The watermark is the newest time of the partition, but never later than the clock, minus how
 * far records may be out of order; once nothing is left and nothing has come for a while, the clock
 * minus the same. It never goes back, also not over a restart, and says nothing until all
 * partitions that this source reads here are under way. A record whose own time is broken or cannot
 * be counts with the time at which it was sent, so that it moves nothing.
 */
final class EventTimePolicy extends TimestampPolicy<byte[], byte[]> {
  private final @Nullable MessageFormat format;
  private final EventTime time;
  private final long outOfOrder;
  private final long idleAfter;
  private final String reader;
  private final PartitionProgress progress;
  private final LongSupplier clock;
  private final Gauge lagRecords;
  private final Distribution lagMillis;

  private boolean settled;
  private long watermark;
  private long newest;
  private long lastOffset = -1;
  private long lastNews;

  EventTimePolicy(
      @Nullable MessageFormat format,
      Factory settings,
      TopicPartition partition,
      PartitionProgress progress,
      Optional<Instant> previousWatermark,
      LongSupplier clock) {
    this.format = format;
    this.reader = settings.reader;
    this.time = settings.time;
    this.outOfOrder = settings.outOfOrder.toMillis();
    this.idleAfter = settings.idleAfter.toMillis();
    this.progress = progress;
    this.clock = clock;
    this.lagRecords =
        MetricNames.gauge(
            settings.step, "lag_records.%s-%d".formatted(partition.topic(), partition.partition()));
    this.lagMillis = MetricNames.distribution(settings.step, "lag_millis");
    this.watermark = previousWatermark.orElse(BoundedWindow.TIMESTAMP_MIN_VALUE).getMillis();
    this.newest = Long.MIN_VALUE;
    this.lastNews = clock.getAsLong();
  }

  @Override
  public Instant getTimestampForRecord(
      PartitionContext context, KafkaRecord<byte[], byte[]> record) {
    long now = clock.getAsLong();
    lastOffset = record.getOffset();
    lastNews = now;
    long millis = timeOf(record, java.time.Instant.ofEpochMilli(now)).toEpochMilli();
    newest = Math.max(newest, millis);
    lagRecords.set(progress.behind(lastOffset));
    lagMillis.update(Math.max(0, now - millis));
    return Instant.ofEpochMilli(millis);
  }

  private java.time.Instant timeOf(KafkaRecord<byte[], byte[]> record, java.time.Instant now) {
    java.time.Instant sent = java.time.Instant.ofEpochMilli(record.getTimestamp());
    byte @Nullable [] value = record.getKV().getValue();
    try {
      String said =
          format == null || time.field().isEmpty() || value == null
              ? null
              : format.field(value, time.field());
      return time.of(said, sent, now);
    } catch (BadMessageException _) {
      return time.fallback(sent, now);
    }
  }

  @Override
  public Instant getWatermark(PartitionContext context) {
    long now = clock.getAsLong();
    progress.ask();
    settled = settled || PartitionProgress.isSettled(reader, now);
    if (!settled) {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }
    if (newest > Long.MIN_VALUE) {
      watermark = Math.max(watermark, Math.min(newest, now) - outOfOrder);
    }
    if (idleAfter > 0 && now - lastNews >= idleAfter) {
      long drained = progress.drainedUntil(lastOffset);
      if (drained >= lastNews) {
        watermark = Math.max(watermark, drained - outOfOrder);
      }
    }
    return Instant.ofEpochMilli(watermark);
  }

  /** Makes the policies of one source. It lies in savepoints with the source. */
  static final class Factory implements TimestampPolicyFactory<byte[], byte[]> {
    private static final long serialVersionUID = 1;

    private final String step;
    private final String reader;
    private final MessageFormatSpec values;
    private final EventTime time;
    private final Duration outOfOrder;
    private final Duration idleAfter;

    Factory(
        String step,
        String reader,
        MessageFormatSpec values,
        EventTime time,
        Duration outOfOrder,
        Duration idleAfter) {
      this.step = step;
      this.reader = reader;
      this.values = values;
      this.time = time;
      this.outOfOrder = outOfOrder;
      this.idleAfter = idleAfter;
    }

    @Override
    public TimestampPolicy<byte[], byte[]> createTimestampPolicy(
        TopicPartition partition, Optional<Instant> previousWatermark) {
      return new EventTimePolicy(
          time.field().isEmpty() ? null : values.open(),
          this,
          partition,
          PartitionProgress.begin(reader, partition, System.currentTimeMillis()),
          previousWatermark,
          System::currentTimeMillis);
    }
  }
}
