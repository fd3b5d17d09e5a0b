package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real file for every rejection code, through the command line; what servers refuse is shown with
 * servers. A code without a case here fails {@link #everyCodeIsCausedByARealFile}.
 */
class RejectionCodesTest {
  private static final int SOUND_FILES = 5;

  /** Limits that real files run into within seconds. */
  private static final String STRICT =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["."]}}
        transforms:
          - {type: ExtractText, config: {file_seconds: 15, worker_heap_mb: 96, max_entry_mb: 8}}
          - {type: Transcribe, config: {language: nl, on_missing_model: fail}}
        sink: {type: WriteEnriched, config: {path: out}}
      """;

  private static final String PATIENT =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["."]}}
        transforms:
          - {type: ExtractText, config: {file_seconds: 600}}
          - {type: Transcribe}
        sink: {type: WriteEnriched, config: {path: out}}
      """;

  private static final String CRASHING =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["."]}}
        transforms:
          - {type: ExtractText}
          - {type: Ocr, config: {languages: [hurt], tessdata: ["%s"]}}
        sink: {type: WriteEnriched, config: {path: out}}
      """;

  /**
   * What causes a code.
   *
   * @param run in which of the runs
   * @param file its name there
   * @param operator the step that refuses it
   * @param said words of the message, for somebody who never saw the code
   */
  private record Case(Run run, String file, String operator, String... said) {}

  /** A finished run of the command. */
  private record Run(Path out, Cli.Result result) {
    JsonNode report() {
      try {
        return new ObjectMapper().readTree(out.resolve("run.json").toFile());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    List<List<JsonNode>> rows(String sql) {
      return SampleRun.rows(out, sql);
    }
  }

  private static final Map<RejectionCode, Case> CASES = new EnumMap<>(RejectionCode.class);
  private static Path folder;
  private static List<Run> runs;
  private static Run crashed;

  @BeforeAll
  static void runThemAll() throws Exception {
    folder = Files.createTempDirectory(Cli.repository().resolve("tests/target"), "codes");
    Run strict = strict();
    Run killed = killedInMidDocument();
    Run full = withoutRoomForPrograms();
    crashed = crashedInNativeCode();
    runs = List.of(strict, killed, full, crashed);
    CASES.put(
        RejectionCode.UNREADABLE,
        new Case(strict, "moved.pdf", "ReadFiles", "link to something that is not there"));
    CASES.put(RejectionCode.EMPTY, new Case(strict, "empty.txt", "ExtractText", "is empty"));
    CASES.put(
        RejectionCode.CORRUPT, new Case(strict, "truncated.pdf", "ExtractText", "the PDF", "copy"));
    CASES.put(
        RejectionCode.ENCRYPTED, new Case(strict, "encrypted.pdf", "ExtractText", "password"));
    CASES.put(
        RejectionCode.UNSUPPORTED,
        new Case(strict, "scale.mid", "ExtractText", "no recorded sound", "leave it out"));
    CASES.put(
        RejectionCode.TOO_LARGE, new Case(strict, "bomb.zip", "ExtractText", "unpack", "limit"));
    CASES.put(
        RejectionCode.TOO_DEEP,
        new Case(strict, "nested-thirty-deep.zip", "ExtractText", "containers deep", "max_depth"));
    CASES.put(
        RejectionCode.TIMEOUT,
        new Case(strict, "endless.pdf", "ExtractText", "longer than 15 s", "file_seconds"));
    CASES.put(
        RejectionCode.OUT_OF_MEMORY,
        new Case(strict, "long.log", "ExtractText", "more memory", "worker_heap_mb"));
    CASES.put(RejectionCode.BAD_ROW, new Case(strict, "broken-rows.jsonl", "ReadFiles", "line"));
    CASES.put(
        RejectionCode.MISSING_MODEL,
        new Case(
            strict, "call-billing-stereo-8khz.wav", "Transcribe", "language nl", "model pull"));
    CASES.put(
        RejectionCode.WORKER_CRASHED,
        new Case(killed, "endless.pdf", "ExtractText", "killed from outside", "replay"));
    CASES.put(
        RejectionCode.INTERNAL,
        new Case(full, "message-korean-16khz.wav", "Transcribe", "ffmpeg", "native"));
  }

  @AfterAll
  static void clear() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = RejectionCode.class, mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
  void everyCodeIsCausedByARealFile(RejectionCode code) {
    Case expected = CASES.get(code);
    assertThat(expected).as("no file here causes " + code + "; add a case for it").isNotNull();
    List<List<JsonNode>> rows =
        expected
            .run()
            .rows(
                "SELECT code, operator, message, attempts FROM rejected WHERE source_uri LIKE '%/"
                    + expected.file()
                    + "%'");
    assertThat(rows).as(expected.run().result().err()).isNotEmpty();
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.get(0).asText()).as(row.toString()).isEqualTo(code.name());
          assertThat(row.get(1).asText()).isEqualTo(expected.operator());
          assertThat(row.get(2).asText())
              .contains(expected.said())
              .doesNotContain("Exception", "\tat ", "null;", ": null");
          assertThat(row.get(3).asInt()).isEqualTo(1);
        });
  }

  @Test
  void aCrashInNativeCodeCostsTheDocumentsThatCausedIt() {
    assertThat(crashed.rows("SELECT code, operator, message, source_uri FROM rejected"))
        .hasSize(2)
        .allSatisfy(row -> {
          assertThat(row.get(0).asText()).isEqualTo(RejectionCode.WORKER_CRASHED.name());
          assertThat(row.get(1).asText()).isEqualTo("Ocr");
          assertThat(row.get(2).asText()).contains("crashed in native code (SIG");
        });
  }

  @Test
  void theOtherFilesOfARunAreNotLost() {
    assertThat(runs)
        .allSatisfy(run ->
            assertThat(run.rows("SELECT text FROM documents WHERE source_uri LIKE '%/letter-%'"))
                .hasSize(SOUND_FILES)
                .allSatisfy(
                    row -> assertThat(row.getFirst().asText()).startsWith("Dear neighbours")));
  }

  @Test
  void rowsBesideABrokenRowAreNotLost() {
    assertThat(
            runs.getFirst()
                .rows("SELECT text FROM documents WHERE source_uri LIKE '%/broken-rows.jsonl%'"))
        .isNotEmpty();
  }

  @Test
  void whatWentInCameOutOrWasRejected() {
    assertThat(runs)
        .allSatisfy(run -> {
          JsonNode report = run.report();
          long out = run.rows("SELECT count(*) FROM documents").getFirst().getFirst().asLong();
          long rejected = run.rows("SELECT count(*) FROM rejected").getFirst().getFirst().asLong();
          assertThat(rejected).isPositive();
          assertThat(report.get("documents_out").asLong()).isEqualTo(out);
          assertThat(report.get("rejected").asLong()).isEqualTo(rejected);
          assertThat(report.get("documents_in").asLong()).isEqualTo(out + rejected);
        });
  }

  @Test
  void rejectionsAreNoFailureOfTheCommand() {
    assertThat(runs)
        .allSatisfy(run -> {
          assertThat(run.result().code()).as(run.result().err()).isZero();
          assertThat(run.result().err()).doesNotContain("\tat ");
        });
  }

  private static Run strict() throws IOException {
    Path inbox = inbox("strict");
    for (String name :
        List.of(
            "broken/empty.txt",
            "broken/truncated.pdf",
            "broken/encrypted.pdf",
            "broken/bomb.zip",
            "broken/nested-thirty-deep.zip",
            "broken/broken-rows.jsonl",
            "calls/call-billing-stereo-8khz.wav")) {
      sample(name, inbox);
    }
    Files.createSymbolicLink(inbox.resolve("moved.pdf"), inbox.resolve("not-here-any-more.pdf"));
    OddFiles.midi(inbox.resolve("scale.mid"));
    OddFiles.endlessPdf(inbox.resolve("endless.pdf"));
    OddFiles.longText(inbox.resolve("long.log"), 60);
    String[] command = command("strict", STRICT);
    return new Run(out("strict"), Cli.dragoman().run(command));
  }

  /** {@code kill -9} of the process that reads a file, while it reads it, and of the next one. */
  private static Run killedInMidDocument() throws Exception {
    Path inbox = inbox("killed");
    Path endless = inbox.resolve("endless.pdf");
    OddFiles.endlessPdf(endless);
    Path told = folder.resolve("killed.out");
    Path err = folder.resolve("killed.err");
    Process job = Cli.dragoman().start(told, err, command("killed", PATIENT));
    job.getOutputStream().close();
    try {
      for (int i = 0; i < 2; i++) {
        ProcessHandle worker = worker(job, endless);
        worker.destroyForcibly();
        worker.onExit().join();
      }
      assertThat(job.waitFor(5, TimeUnit.MINUTES)).as("the job ends").isTrue();
    } finally {
      job.destroyForcibly();
    }
    return new Run(
        out("killed"),
        new Cli.Result(job.exitValue(), Files.readString(told), Files.readString(err)));
  }

  /** The process below a job that has a file open. */
  private static ProcessHandle worker(Process job, Path file) throws InterruptedException {
    while (job.isAlive()) {
      for (ProcessHandle process : job.descendants().toList()) {
        if (hasOpen(process.pid(), file)) {
          return process;
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the job ended before a process of it had opened " + file);
  }

  private static boolean hasOpen(long pid, Path file) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path each : open.toList()) {
        if (Files.readSymbolicLink(each).equals(file)) {
          return true;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
    return false;
  }

  /** Two scans, read with a damaged language that Tesseract crashes on. */
  private static Run crashedInNativeCode() throws IOException {
    Path inbox = inbox("crashed");
    sample("scans/notice.gif", inbox);
    sample("scans/letter-claim-skewed.png", inbox);
    Path data = Files.createDirectories(folder.resolve("tessdata"));
    OddFiles.damagedLanguage(data.resolve("hurt.traineddata"));
    String[] command = command("crashed", CRASHING.formatted(data));
    return new Run(out("crashed"), Cli.dragoman().run(command));
  }

  /** The folder that ffmpeg is unpacked into cannot be made: a file has its name. */
  private static Run withoutRoomForPrograms() throws IOException {
    Path inbox = inbox("full");
    sample("calls/message-korean-16khz.wav", inbox);
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve("native"), "not a folder");
    String[] command = command("full", PATIENT);
    return new Run(out("full"), Cli.dragoman().with("DRAGOMAN_HOME", home.toString()).run(command));
  }

  private static String[] command(String name, String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), recipe);
    return new String[] {
      "enrich",
      folder.resolve(name).toString(),
      "--out",
      out(name).toString(),
      "--recipe",
      file.toString(),
      "--runner",
      "direct"
    };
  }

  private static Path out(String name) {
    return folder.resolve(name + "-out");
  }

  private static Path inbox(String name) throws IOException {
    Path inbox = Files.createDirectories(folder.resolve(name));
    for (int i = 1; i <= SOUND_FILES; i++) {
      Files.writeString(
          inbox.resolve("letter-" + i + ".txt"),
          "Dear neighbours of number " + i + ", the gate will be painted on Monday.");
    }
    return inbox;
  }

  private static void sample(String name, Path inbox) throws IOException {
    Path file = Cli.repository().resolve("samples").resolve(name);
    Files.copy(file, inbox.resolve(file.getFileName()));
  }
}
