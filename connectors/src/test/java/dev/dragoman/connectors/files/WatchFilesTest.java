package dev.dragoman.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WatchFilesTest {
  private static final Queue<Document> DOCUMENTS = new ConcurrentLinkedQueue<>();
  private static final Queue<Rejected> REJECTED = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;
  private final Ticking clock = new Ticking();

  /** Stands until it is told to go on. */
  private static final class Ticking extends Clock {
    private Instant now = Instant.parse("2026-01-05T10:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private WatchedFilesReader reader(SeenFiles seen) {
    return new WatchedFilesReader(
        new WatchedFiles(
            List.of(folder.toString()), List.of(), Duration.ofSeconds(10), Duration.ofSeconds(5)),
        seen,
        clock);
  }

  private void write(String name, String text, Duration age) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(age)));
  }

  private static List<String> ready(WatchedFilesReader reader) throws IOException {
    List<String> names = new ArrayList<>();
    while (reader.advance()) {
      names.add(Path.of(reader.getCurrent().uri()).getFileName().toString());
    }
    return names;
  }

  private static org.joda.time.Instant time(Instant instant) {
    return org.joda.time.Instant.ofEpochMilli(instant.toEpochMilli());
  }

  @Test
  void aFileIsHandedOnOnceWhenItHasSettled() throws IOException {
    WatchedFilesReader reader = reader(SeenFiles.none());
    write("a.txt", "half", Duration.ZERO);
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    write("a.txt", "half and half", Duration.ZERO);
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(ready(reader)).containsExactly("a.txt");
    clock.pass(Duration.ofSeconds(60));
    assertThat(ready(reader)).isEmpty();
  }

  @Test
  void aChangedFileIsHandedOnAgainAndUnfinishedNamesNever() throws IOException {
    WatchedFilesReader reader = reader(SeenFiles.none());
    write("a.txt", "one", Duration.ofHours(2));
    for (String name : List.of("b.txt.part", "c.tmp", "d.txt~", ".e.txt", "~$f.docx")) {
      write(name, "x", Duration.ofHours(2));
    }
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(ready(reader)).containsExactly("a.txt");
    write("a.txt", "two", Duration.ofHours(1));
    clock.pass(Duration.ofSeconds(10));
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(ready(reader)).containsExactly("a.txt");
  }

  @Test
  void filesComeInTheOrderOfTheirTimesAndEventTimeWaitsForThem() throws IOException {
    WatchedFilesReader reader = reader(SeenFiles.none());
    write("new.txt", "x", Duration.ofMinutes(1));
    write("old.txt", "x", Duration.ofDays(3));
    write("future.txt", "x", Duration.ofDays(-36_500));
    Instant start = clock.instant();
    assertThat(reader.start()).isFalse();
    assertThat(reader.getWatermark()).isEqualTo(time(start.minus(Duration.ofDays(3))));
    clock.pass(Duration.ofSeconds(5));
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrentTimestamp()).isEqualTo(time(start.minus(Duration.ofDays(3))));
    assertThat(reader.getWatermark()).isEqualTo(time(start.minus(Duration.ofMinutes(1))));
    assertThat(ready(reader)).containsExactly("new.txt", "future.txt");
    assertThat(reader.getCurrentTimestamp()).isEqualTo(time(clock.instant()));
    clock.pass(Duration.ofSeconds(10));
    assertThat(ready(reader)).isEmpty();
    assertThat(reader.getWatermark()).isEqualTo(time(clock.instant().minusSeconds(5)));
  }

  @Test
  void aReaderThatGoesOnFromACheckpointHandsOnTheOthersOnly() throws Exception {
    WatchedFilesReader reader = reader(SeenFiles.none());
    write("a.txt", "x", Duration.ofHours(2));
    write("b.txt", "x", Duration.ofHours(1));
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(reader.advance()).isTrue();
    SeenFiles mark = reader.getCheckpointMark();
    CoderProperties.coderDecodeEncodeEqual(new SeenFilesCoder(), mark);
    CoderProperties.coderSerializable(new SeenFilesCoder());

    WatchedFilesReader other = reader(mark);
    assertThat(ready(other)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(ready(other)).containsExactly("b.txt");
  }

  /** Bytes of a savepoint that the first release wrote. Never change them. */
  @Test
  void whatAnOlderReleaseHasSeenIsRead() throws IOException {
    byte[] old = HexFormat.of().parseHex("0100000001000000000000000a000000000000000b");
    assertThat(new SeenFilesCoder().decode(new ByteArrayInputStream(old)))
        .isEqualTo(new SeenFiles(Set.of(new SeenFiles.Mark(10, 11))));
  }

  @Test
  void aFileThatIsGoneForADayIsForgotten() throws IOException {
    WatchedFilesReader reader = reader(SeenFiles.none());
    write("a.txt", "x", Duration.ofHours(2));
    assertThat(ready(reader)).isEmpty();
    clock.pass(Duration.ofSeconds(5));
    assertThat(ready(reader)).containsExactly("a.txt");
    Files.delete(folder.resolve("a.txt"));
    clock.pass(Duration.ofHours(23));
    assertThat(ready(reader)).isEmpty();
    assertThat(reader.getCheckpointMark().files()).hasSize(1);
    clock.pass(Duration.ofHours(2));
    assertThat(ready(reader)).isEmpty();
    assertThat(reader.getCheckpointMark().files()).isEmpty();
  }

  @Test
  void aRealFolderIsReadWhileItGrows() throws Exception {
    DOCUMENTS.clear();
    REJECTED.clear();
    Files.writeString(folder.resolve("a.txt"), "hallo");
    Pipeline pipeline = Samples.pipeline();
    pipeline.getOptions().as(DirectOptions.class).setBlockOnRun(false);
    PCollectionTuple read =
        pipeline.apply(
            WatchFiles.of(
                "WatchFiles",
                List.of(folder.toString()),
                List.of(),
                Duration.ofMillis(200),
                Duration.ofMillis(200)));
    read.get(ReadFiles.DOCUMENTS).apply("documents", ParDo.of(new Keep()));
    read.get(ReadFiles.REJECTED).apply("rejected", ParDo.of(new KeepRejected()));
    PipelineResult run = pipeline.run();
    await(() -> DOCUMENTS.size() == 1);
    Files.writeString(folder.resolve("tickets.jsonl"), "{\"text\":\"een\"}\n{\"text\":\n");
    await(() -> DOCUMENTS.size() == 2 && REJECTED.size() == 1);
    Files.writeString(folder.resolve("a.txt"), "hallo wereld");
    await(() -> DOCUMENTS.size() == 3);
    run.cancel();
    assertThat(DOCUMENTS.stream().map(Document::id).distinct()).hasSize(3);
  }

  private static void await(BooleanSupplier there) throws InterruptedException {
    while (!there.getAsBoolean()) {
      Thread.sleep(20);
    }
  }

  private static final class Keep extends DoFn<Document, Void> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Document document) {
      DOCUMENTS.add(document);
    }
  }

  private static final class KeepRejected extends DoFn<Rejected, Void> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Rejected rejected) {
      REJECTED.add(rejected);
    }
  }

  @Test
  void whatCannotBeWatchedIsRefused() {
    for (String path : List.of("-", folder + "/nowhere")) {
      assertThatThrownBy(() ->
              WatchFiles.of(
                  "WatchFiles",
                  List.of(path),
                  List.of(),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1)))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("watch");
    }
  }
}
