package dev.dragoman.connectors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.index.SearchIndex;
import dev.dragoman.connectors.parquet.Table;
import dev.dragoman.connectors.parquet.TableReader;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.connectors.sql.Sql;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputSessionTest {
  private static final String OTHER_RECIPE = "ee".repeat(32);

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void outIsNotThereYet() {
    out = folder.resolve("out");
  }

  private static List<Document> documents(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Samples.embedded(Samples.text(i + ".txt", "tekst nummer " + i), 0.6f, 0.8f))
        .toList();
  }

  private TreeSet<String> visible() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      TreeSet<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .forEach(names::add);
      return names;
    }
  }

  private long count(String sql) throws IOException {
    try (Sql tables = Sql.open(out);
        Sql.Rows rows = tables.query(sql)) {
      List<JsonNode> row = rows.next();
      return row == null ? -1 : row.getFirst().asLong();
    }
  }

  private int indexed() throws IOException {
    try (SearchIndex index = new SearchIndex(RunDirectory.open(out).index())) {
      return index.size();
    }
  }

  @Test
  void finishedRunShowsExactlyTheContract() throws IOException {
    Samples.write(out, Mode.FRESH, documents(0, 3), List.of());

    assertThat(visible())
        .containsExactly("annotations", "chunks", "documents", "index", "rejected", "run.json");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".staging"));
    }
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() throws IOException {
    try (OutputSession session = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE)) {
      Samples.journal(session, documents(0, 3), List.of());
      session.prepare(Samples.facts());

      assertThat(visible()).isEmpty();
    }
    assertThat(visible()).isEmpty();
    assertThatThrownBy(() -> RunDirectory.open(out))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--resume");
  }

  @Test
  void sessionThatDidNothingLeavesNothing() throws IOException {
    OutputSession.begin(out, Mode.FRESH, Samples.RECIPE).close();

    assertThat(out).doesNotExist();
  }

  @Test
  void commitThatWasDecidedIsFinishedByTheNextReader() throws IOException {
    OutputSession session = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE);
    Samples.journal(session, documents(0, 3), List.of());
    session.prepare(Samples.facts());
    session.decide();
    // The process dies after the first of several moves.
    Files.move(
        session.staging().resolve(RunDirectory.READY).resolve("chunks"), out.resolve("chunks"));
    session.close();

    assertThat(RunDirectory.open(out).report().documentsOut()).isEqualTo(3);
    assertThat(visible())
        .containsExactly("annotations", "chunks", "documents", "index", "rejected", "run.json");
    assertThat(indexed()).isEqualTo(3);
  }

  @Test
  void overwriteThatDiesHalfwayIsFinishedByTheNextReader() throws IOException {
    Samples.write(out, Mode.FRESH, documents(0, 9), List.of());
    OutputSession session = OutputSession.begin(out, Mode.OVERWRITE, Samples.RECIPE);
    Samples.journal(session, documents(100, 102), List.of());
    session.prepare(Samples.facts());
    session.decide();
    Path replaced = Files.createDirectories(session.staging().resolve(RunDirectory.REPLACED));
    Files.move(out.resolve("run.json"), replaced.resolve("run.json"));
    Files.move(out.resolve("chunks"), replaced.resolve("chunks"));
    session.close();

    assertThat(count("SELECT count(*) FROM documents")).isEqualTo(2);
    assertThat(count("SELECT count(*) FROM chunks")).isEqualTo(2);
    assertThat(indexed()).isEqualTo(2);
  }

  @Test
  void overwriteThatDiesBeforeTheCommitLeavesTheOldRun() throws IOException {
    Samples.write(out, Mode.FRESH, documents(0, 9), List.of());
    try (OutputSession session = OutputSession.begin(out, Mode.OVERWRITE, Samples.RECIPE)) {
      Samples.journal(session, documents(100, 102), List.of());
      session.prepare(Samples.facts());
    }

    assertThat(count("SELECT count(*) FROM documents")).isEqualTo(9);
  }

  @Test
  void secondRunIntoTheSameFolderMustBeAskedFor() throws IOException {
    Samples.write(out, Mode.FRESH, documents(0, 1), List.of());

    assertThatThrownBy(() -> OutputSession.begin(out, Mode.FRESH, Samples.RECIPE))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--resume", "--overwrite");
    assertThatThrownBy(() -> OutputSession.begin(out, Mode.RESUME, OTHER_RECIPE))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("another recipe", "--overwrite");
  }

  @Test
  void otherPeoplesFolderIsNotTouched() throws IOException {
    Files.createDirectories(out.resolve("documents"));
    Files.writeString(out.resolve("documents/thesis.txt"), "dear");

    assertThatThrownBy(() -> OutputSession.begin(out, Mode.FRESH, Samples.RECIPE))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("documents");
    assertThat(out.resolve("documents/thesis.txt")).hasContent("dear");
    Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(
            () -> OutputSession.begin(folder.resolve("file"), Mode.FRESH, Samples.RECIPE))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void twoRunsAtOnceAreKeptApart() throws IOException {
    OutputSession first = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE);
    try (first) {
      assertThatThrownBy(() -> OutputSession.begin(out, Mode.FRESH, Samples.RECIPE))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("another run (process " + ProcessHandle.current().pid() + ")");
    }
    OutputSession.begin(out, Mode.FRESH, Samples.RECIPE).close();
  }

  @Test
  void documentWrittenTwiceIsOneRowAndFinishedBeatsRejected() throws IOException {
    Document document = documents(0, 1).getFirst();
    Rejected failed =
        new Rejected(
            document, new Failure(RejectionCode.UNREADABLE, "ReadFiles", "gone for a moment", 1));
    RunReport report = Samples.write(out, Mode.FRESH, List.of(document, document), List.of(failed));

    assertThat(report.documentsOut()).isEqualTo(1);
    assertThat(report.rejected()).isZero();
  }

  @Test
  void resumeAddsWhatIsMissingAndKeepsWhatIsThere() throws IOException {
    Samples.write(
        out,
        Mode.FRESH,
        documents(0, 5),
        List.of(Samples.rejected("bad.pdf", RejectionCode.CORRUPT)));
    Path first = TableReader.files(out, Table.DOCUMENTS).getFirst();
    byte[] before = Files.readAllBytes(first);

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(documents(0, 5)).allMatch(session.done()::inputDone);
      assertThat(documents(5, 8)).noneMatch(session.done()::inputDone);
      Samples.journal(session, documents(3, 8), List.of());
      RunReport report = session.commit(Samples.facts());

      assertThat(report.documentsOut()).isEqualTo(8);
      assertThat(report.documentsIn()).isEqualTo(9);
      assertThat(report.documentsReused()).isEqualTo(6);
      assertThat(report.earlierRuns()).hasSize(1);
    }
    assertThat(first).hasBinaryContent(before);
    assertThat(count("SELECT count(DISTINCT document_id) FROM documents")).isEqualTo(8);
    assertThat(count("SELECT count(*) FROM chunks")).isEqualTo(8);
    assertThat(indexed()).isEqualTo(8);
  }

  @Test
  void resumeWithNothingToDoChangesNoTable() throws IOException {
    Samples.write(out, Mode.FRESH, documents(0, 5), List.of());
    List<Path> files = TableReader.files(out, Table.DOCUMENTS);
    RunReport report = Samples.write(out, Mode.RESUME, List.of(), List.of());

    assertThat(report.documentsReused()).isEqualTo(5);
    assertThat(TableReader.files(out, Table.DOCUMENTS)).isEqualTo(files);
    assertThat(indexed()).isEqualTo(5);
  }

  @Test
  void killedRunIsGoneOnWith() throws IOException {
    OutputSession killed = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE);
    Samples.journal(
        killed,
        documents(0, 50),
        List.of(
            Samples.rejected("bad.pdf", RejectionCode.CORRUPT),
            Samples.rejected("model.wav", RejectionCode.MISSING_MODEL)));
    killed.close();

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(documents(0, 50)).allMatch(session.done()::documentDone);
      assertThat(documents(0, 50)).noneMatch(session.done()::inputDone);
      assertThat(
              session
                  .done()
                  .documentDone(Samples.rejected("bad.pdf", RejectionCode.CORRUPT).document()))
          .isTrue();
      assertThat(
              session
                  .done()
                  .documentDone(
                      Samples.rejected("model.wav", RejectionCode.MISSING_MODEL).document()))
          .isFalse();
      Samples.journal(session, documents(50, 60), List.of());
      RunReport report = session.commit(Samples.facts());

      assertThat(report.documentsOut()).isEqualTo(60);
      assertThat(report.rejected()).isEqualTo(2);
      assertThat(report.documentsReused()).isEqualTo(52);
    }
    assertThat(count("SELECT count(DISTINCT document_id) FROM documents")).isEqualTo(60);
  }

  @Test
  void recordCutOffByAKillIsAsIfItHadNotBeen() throws IOException {
    OutputSession killed = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE);
    try (Journal.Writer writer = new Journal.Writer(killed.journal())) {
      for (Document document : documents(0, 10)) {
        writer.document(document);
      }
    }
    Path segment = Journal.segmentFiles(killed.journal()).getFirst();
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(file.length() - 7);
    }
    killed.close();

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(session.done().size()).isEqualTo(9);
    }
  }

  @Test
  void journalOfAnotherRecipeIsNotTakenOver() throws IOException {
    OutputSession killed = OutputSession.begin(out, Mode.FRESH, OTHER_RECIPE);
    Samples.journal(killed, documents(0, 5), List.of());
    killed.close();

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(session.done().isEmpty()).isTrue();
      assertThat(RunDirectory.stagings(out)).containsExactly(session.staging());
    }
  }

  @Test
  void freshRunClearsAwayWhatAKilledOneLeft() throws IOException {
    OutputSession killed = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE);
    Samples.journal(killed, documents(0, 5), List.of());
    killed.close();

    assertThat(Samples.write(out, Mode.FRESH, documents(7, 9), List.of()).documentsOut())
        .isEqualTo(2);
  }

  @Test
  void resumeTriesAgainWhatTheMachineLackedAndReplacesTheRejection() throws IOException {
    Rejected lacking = Samples.rejected("call.wav", RejectionCode.MISSING_MODEL);
    Rejected broken = Samples.rejected("bad.pdf", RejectionCode.CORRUPT);
    Samples.write(out, Mode.FRESH, documents(0, 2), List.of(lacking, broken));

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(session.done().inputDone(lacking.document())).isFalse();
      assertThat(session.done().inputDone(broken.document())).isTrue();
      Samples.journal(session, List.of(lacking.document()), List.of());
      RunReport report = session.commit(Samples.facts());

      assertThat(report.documentsOut()).isEqualTo(3);
      assertThat(report.rejectedByCode())
          .isEqualTo(new TreeMap<>(java.util.Map.of(RejectionCode.CORRUPT, 1L)));
    }
    assertThat(count("SELECT count(*) FROM rejected WHERE code = 'CORRUPT'")).isEqualTo(1);
  }

  @Test
  void replayMayUseAnotherRecipeAndReplacesWhatItSettles() throws IOException {
    Rejected broken = Samples.rejected("bad.pdf", RejectionCode.CORRUPT);
    Samples.write(out, Mode.FRESH, documents(0, 2), List.of(broken));

    try (OutputSession session = OutputSession.begin(out, Mode.REPLAY, OTHER_RECIPE)) {
      assertThat(session.done().documentDone(broken.document())).isFalse();
      Samples.journal(session, List.of(broken.document()), List.of());
      RunReport report = session.commit(Samples.facts());

      assertThat(report.rejected()).isZero();
      assertThat(report.documentsOut()).isEqualTo(3);
    }
    assertThat(count("SELECT count(DISTINCT recipe_digest) FROM documents")).isEqualTo(2);
    assertThat(count("SELECT count(*) FROM rejected")).isZero();
  }

  @Test
  void containerIsDoneOnceItsRunIsCommitted() throws IOException {
    Document zip = Samples.text("a.zip", "PK");
    Document entry = Samples.text("a.zip!b.txt", "inhoud");
    try (OutputSession session = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE)) {
      Pipeline pipeline = Samples.pipeline();
      PCollection<Document> left =
          pipeline
              .apply(Create.of(List.of(zip)).withCoder(DocumentCoder.of()))
              .apply(SkipDone.inputs(session));
      PAssert.that(left).containsInAnyOrder(zip);
      pipeline.run().waitUntilFinish();
      Samples.journal(session, List.of(entry), List.of());
      session.commit(Samples.facts());
    }

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      Pipeline pipeline = Samples.pipeline();
      PAssert.that(
              pipeline
                  .apply(
                      "Inputs",
                      Create.of(List.of(zip, documents(0, 1).getFirst()))
                          .withCoder(DocumentCoder.of()))
                  .apply("SkipInputs", SkipDone.inputs(session)))
          .containsInAnyOrder(documents(0, 1));
      PAssert.that(
              pipeline
                  .apply("Entries", Create.of(List.of(entry)).withCoder(DocumentCoder.of()))
                  .apply("SkipDocuments", SkipDone.documents(session)))
          .empty();
      pipeline.run().waitUntilFinish();
    }
  }

  @Test
  void containerWithAnEntryThatMayFareBetterIsOpenedAgain() throws IOException {
    Document mail = Samples.text("m.eml", "mail");
    Rejected attachment = Samples.rejected("m.eml!call.wav", RejectionCode.MISSING_MODEL);
    Samples.write(out, Mode.FRESH, List.of(mail), List.of(attachment));

    try (OutputSession session = OutputSession.begin(out, Mode.RESUME, Samples.RECIPE)) {
      assertThat(session.done().inputDone(mail)).isFalse();
      assertThat(session.done().documentDone(mail)).isTrue();
    }
  }

  @Test
  void reportThatDoesNotAddUpIsRefused() {
    assertThatThrownBy(() ->
            new RunReport(
                1,
                "0",
                new RunReport.Recipe("r", "d"),
                List.of(),
                3,
                1,
                1,
                new TreeMap<>(),
                0,
                "direct",
                "",
                0,
                List.of(),
                List.of(),
                List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 documents went in");
  }

  @Test
  void reportReadsBackAsItWasWritten() throws IOException {
    TreeMap<RejectionCode, Long> rejected = new TreeMap<>();
    rejected.put(RejectionCode.TIMEOUT, 2L);
    RunReport.OperatorReport operator =
        new RunReport.OperatorReport(
            "Embed",
            "1",
            Samples.MODEL,
            10,
            8,
            rejected,
            1,
            1234,
            0.5,
            3,
            new TreeMap<>(Map.of("cache_hits", 3L)),
            0);
    try (OutputSession session = OutputSession.begin(out, Mode.FRESH, Samples.RECIPE)) {
      Samples.journal(session, documents(0, 1), List.of());
      RunReport report = session.commit(Samples.facts(List.of(operator)));

      assertThat(RunDirectory.open(out).report()).isEqualTo(report);
      assertThat(report.operators()).containsExactly(operator);
    }
  }

  @Test
  void folderWithoutARunSaysSo() throws IOException {
    Files.createDirectories(out);
    assertThatThrownBy(() -> RunDirectory.open(out))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds no run");
    assertThatThrownBy(() -> RunDirectory.open(folder.resolve("nowhere")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is not a folder");
  }

  @Test
  void idsAreFoundAmongMany() {
    List<DocumentId> ids =
        IntStream.range(0, 1000).mapToObj(i -> Samples.text("t" + i, "x").id()).toList();
    IdSet set = IdSet.of(ids.subList(0, 500));

    assertThat(ids.subList(0, 500)).allMatch(set::contains);
    assertThat(ids.subList(500, 1000)).noneMatch(set::contains);
    assertThat(set.size()).isEqualTo(500);
  }
}
