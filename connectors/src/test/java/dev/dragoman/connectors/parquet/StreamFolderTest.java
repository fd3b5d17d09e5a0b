package dev.dragoman.connectors.parquet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.parquet.TableFiles.TableFile;
import dev.dragoman.connectors.sql.Sql;
import dev.dragoman.operators.record.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row is there once: after replays, after a return to an older state, while compacting. */
class StreamFolderTest {
  private static final TableFiles.OfDocuments TABLES = new TableFiles.OfDocuments("ab".repeat(32));
  private static final String MORNING = "20260105T090000Z-20260105T090100Z";
  private static final String EVENING = "20260105T210000Z-20260105T210100Z";

  @TempDir Path folder;

  @BeforeEach
  void begin() throws IOException {
    StreamMarker.put(folder);
    for (TableFile empty : TABLES.files(List.of(), true)) {
      StreamFolder.addIfAbsent(
          folder.resolve(empty.table()).resolve("empty.parquet"), empty.bytes());
    }
  }

  @Test
  void tablesWithoutRowsCanBeAsked() throws IOException {
    assertThat(texts()).isEmpty();
  }

  @Test
  void replayChangesNothing() throws IOException {
    StreamFolder one = open();
    one.commit(set(MORNING, 0, 1, 2));
    one.commit(set(MORNING, 1, 3));
    StreamFolder afterACrash = open();
    afterACrash.commit(set(MORNING, 1, 3));
    afterACrash.commit(set(EVENING, 2, 4));

    assertThat(texts()).containsExactly("1", "2", "3", "4");
  }

  @Test
  void returnToAnOlderStateReplacesWhatCameAfterIt() throws IOException {
    StreamFolder givenUp = open();
    givenUp.commit(set(MORNING, 0, 1));
    givenUp.commit(set(MORNING, 1, 2, 3));
    givenUp.commit(set(EVENING, 2, 4));
    StreamFolder restored = open();
    restored.commit(set(MORNING, 1, 2));
    restored.commit(set(MORNING, 2, 3));
    restored.commit(set(EVENING, 3, 4));

    assertThat(texts()).containsExactly("1", "2", "3", "4");
  }

  @Test
  void whatAKilledWriterLeftIsNeverReadAndGoesWhenItIsOld() throws IOException {
    Path old = Files.writeString(folder.resolve("documents/.writing-old"), "PAR1 half");
    Path young = Files.writeString(folder.resolve("documents/.writing-young"), "PAR1 half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    open().commit(set(MORNING, 0, 1));

    assertThat(texts()).containsExactly("1");
    assertThat(old).doesNotExist();
    assertThat(young).as("its writer may be alive").exists();
  }

  @Test
  void compactionMakesOneFileADay() throws IOException {
    StreamFolder stream = open();
    for (int i = 0; i < 6; i++) {
      stream.commit(set(i < 3 ? MORNING : EVENING, i, i));
    }
    assertThat(CompactParquet.run(folder, Duration.ofDays(1)).files())
        .as("the day is touched still")
        .isZero();
    assertThat(CompactParquet.run(folder, Duration.ZERO))
        .isEqualTo(new CompactParquet.Result(6, 1));
    assertThat(names()).hasSize(1);
    assertThat(texts()).containsExactly("0", "1", "2", "3", "4", "5");

    stream.commit(set(MORNING, 6, 6));
    assertThat(texts()).containsExactly("0", "1", "2", "3", "4", "5", "6");
    open().commit(set(EVENING, 5, 5));
    assertThat(texts()).as("a replay of what was compacted").hasSize(7);
    CompactParquet.run(folder, Duration.ZERO);
    open().commit(set(EVENING, 5, 5));
    assertThat(texts()).as("and after another compaction").hasSize(7);
    assertThat(names()).hasSize(1);
  }

  @Test
  void compactionThatIsKilledAnywhereIsFinishedOrTakenBack() throws IOException {
    StreamFolder stream = open();
    stream.commit(set(MORNING, 0, 1));
    stream.commit(set(MORNING, 1, 2));
    List<Path> small = new ArrayList<>(names());
    Path aside = Files.createDirectory(folder.resolve("Aside"));
    for (Path file : small) {
      Files.copy(file, aside.resolve(file.getFileName().toString()));
    }
    CompactParquet.run(folder, Duration.ZERO);
    Path compacted = names().getFirst();

    // Killed after the rename, before the small files were deleted.
    for (Path file : small) {
      Files.copy(aside.resolve(file.getFileName().toString()), file);
    }
    assertThat(texts()).containsExactly("1", "2");
    CompactParquet.run(folder, Duration.ZERO);
    assertThat(names()).containsExactly(compacted);

    // Killed before the rename: a list of a file that is not there.
    Files.delete(compacted);
    for (Path file : small) {
      Files.copy(aside.resolve(file.getFileName().toString()), file);
    }
    assertThat(texts()).containsExactly("1", "2");
    CompactParquet.run(folder, Duration.ZERO);
    assertThat(texts()).containsExactly("1", "2");
    assertThat(names()).hasSize(1);
  }

  @Test
  void onlyTheFolderOfAStreamIsCompacted() {
    assertThatThrownBy(() -> CompactParquet.run(folder.resolve("documents"), Duration.ZERO))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("stream.json");
  }

  private StreamFolder open() {
    return new StreamFolder(folder, List.of("chunks", "annotations", "rejected", "documents"));
  }

  private static FileSet set(String window, long number, int... texts) throws IOException {
    List<Document> documents =
        IntStream.of(texts).mapToObj(i -> Samples.text("t" + i, "" + i)).toList();
    return new FileSet(window, "run-s0of1", number, TABLES.files(documents, false));
  }

  private List<Path> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("documents"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("2026"))
          .sorted()
          .toList();
    }
  }

  private List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Sql sql = Sql.open(folder);
        Sql.Rows rows = sql.query("SELECT text FROM documents ORDER BY text")) {
      for (var row = rows.next(); row != null; row = rows.next()) {
        texts.add(requireNonNull(row.getFirst()).asText());
      }
    }
    return texts;
  }
}
