package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimePolicyTest {
  private static final TopicPartition PARTITION = new TopicPartition("tickets", 0);
  private static final long NOW = java.time.Instant.parse("2026-05-01T12:00:00Z").toEpochMilli();
  private static final long SECOND = 1_000;
  private static final TimestampPolicy.PartitionContext CONTEXT =
      new TimestampPolicy.PartitionContext() {
        @Override
        public long getMessageBacklog() {
          return 1;
        }

        @Override
        public Instant getBacklogCheckTime() {
          return Instant.ofEpochMilli(NOW);
        }
      };

  private final String reader = UUID.randomUUID().toString();
  private final AtomicLong clock = new AtomicLong(NOW);
  private final PartitionProgress progress = PartitionProgress.begin(reader, PARTITION, NOW);
  private long offset;

  @Test
  void theWatermarkIsTheNewestTimeMinusWhatMayBeOutOfOrder() {
    EventTimePolicy policy = policy("30s", Optional.empty());
    assertThat(read(policy, "{\"at\": \"2026-05-01T11:59:00Z\"}")).isEqualTo(NOW - 60 * SECOND);
    assertThat(read(policy, "{\"at\": \"2026-05-01T11:58:30Z\"}")).isEqualTo(NOW - 90 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 70 * SECOND);
  }

  @Test
  void aTimeAheadOfTheClockDoesNotTakeTheWatermarkBeyondIt() {
    EventTimePolicy policy = policy("30s", Optional.empty());
    assertThat(read(policy, "{\"at\": \"2026-05-01T12:30:00Z\"}")).isEqualTo(NOW + 1800 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 10 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"at\": \"2126-05-01T11:59:00Z\"}",
        "{\"at\": \"1926-05-01T11:59:00Z\"}",
        "{\"at\": \"yesterday\"}",
        "{\"at\": 99999999999999999999}",
        "{\"at\": null}",
        "{\"at\": ",
        "nothing of the kind"
      })
  void aTimeThatCannotBeCountsAsTheTimeOfSending(String value) {
    EventTimePolicy policy = policy("30s", Optional.empty());
    assertThat(read(policy, value)).isEqualTo(NOW - SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 11 * SECOND);
  }

  @Test
  void anIdlePartitionHoldsNothingUpOnceAllIsReadThoughTransactionsEndAfterTheLastRecord() {
    EventTimePolicy policy = policy("30s", Optional.empty());
    read(policy, "{\"at\": \"2026-05-01T11:00:00Z\"}");
    progress.polled(0, 2);
    progress.ends(2, NOW);
    assertThat(watermark(policy)).isEqualTo(NOW - 3610 * SECOND);
    clock.addAndGet(31 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 10 * SECOND);
    progress.ends(2, NOW + 30 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW + 20 * SECOND);
  }

  @Test
  void aPartitionWithSomethingLeftIsNotIdleHoweverLongNothingIsTakenFromIt() {
    EventTimePolicy policy = policy("30s", Optional.empty());
    read(policy, "{\"at\": \"2026-05-01T11:00:00Z\"}");
    progress.polled(5, 6);
    progress.ends(6, NOW + 600 * SECOND);
    clock.addAndGet(600 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 3610 * SECOND);
    progress.polled(-1, 6);
    progress.ends(9, NOW + 600 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 3610 * SECOND);
  }

  @Test
  void anIdlePartitionHoldsForEverIfItIsToldTo() {
    EventTimePolicy policy = policy("0s", Optional.empty());
    read(policy, "{\"at\": \"2026-05-01T11:00:00Z\"}");
    progress.polled(0, 1);
    progress.ends(1, NOW + 9_000 * SECOND);
    clock.addAndGet(9_000 * SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW - 3610 * SECOND);
  }

  @Test
  void theWatermarkDoesNotGoBackOverARestart() {
    EventTimePolicy policy = policy("30s", Optional.of(Instant.ofEpochMilli(NOW - 5 * SECOND)));
    read(policy, "{\"at\": \"2026-05-01T11:00:00Z\"}");
    assertThat(watermark(policy)).isEqualTo(NOW - 5 * SECOND);
  }

  @Test
  void nothingIsSaidUntilEveryPartitionOfTheWorkerIsUnderWay() {
    PartitionProgress other =
        PartitionProgress.begin(reader, new TopicPartition("tickets", 1), NOW);
    EventTimePolicy policy = policy("30s", Optional.of(Instant.ofEpochMilli(NOW)));
    assertThat(watermark(policy)).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    for (int i = 0; i < 3; i++) {
      other.ask();
    }
    assertThat(watermark(policy)).isEqualTo(NOW);
  }

  @Test
  void aPartitionThatNeverStartsKeepsTheOthersWaitingAMinute() {
    PartitionProgress.begin(reader, new TopicPartition("tickets", 1), NOW);
    EventTimePolicy policy = policy("30s", Optional.of(Instant.ofEpochMilli(NOW)));
    clock.addAndGet(59 * SECOND);
    assertThat(watermark(policy)).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());
    clock.addAndGet(SECOND);
    assertThat(watermark(policy)).isEqualTo(NOW);
  }

  private EventTimePolicy policy(String idleAfter, Optional<Instant> previous) {
    EventTimePolicy.Factory settings =
        new EventTimePolicy.Factory(
            "ReadKafka",
            reader,
            new MessageFormatSpec(ReadKafka.Format.JSON, List.of(), ",", "", 1 << 20),
            new EventTime("at", Duration.ofHours(1), Duration.ofDays(3650)),
            Duration.ofSeconds(10),
            Duration.parse("PT" + idleAfter));
    return new EventTimePolicy(
        new JsonFormat(1 << 20), settings, PARTITION, progress, previous, clock::get);
  }

  private long read(EventTimePolicy policy, String value) {
    return policy
        .getTimestampForRecord(
            CONTEXT,
            new KafkaRecord<>(
                "tickets",
                0,
                offset++,
                NOW - SECOND,
                KafkaTimestampType.CREATE_TIME,
                new RecordHeaders(),
                new byte[0],
                value.getBytes(UTF_8)))
        .getMillis();
  }

  private long watermark(EventTimePolicy policy) {
    long watermark = 0;
    for (int i = 0; i < 3; i++) {
      watermark = policy.getWatermark(CONTEXT).getMillis();
    }
    return watermark;
  }
}
