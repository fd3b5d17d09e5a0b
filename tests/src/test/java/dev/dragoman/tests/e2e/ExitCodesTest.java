package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts can rely on. */
class ExitCodesTest {
  private static final String PLAIN =
      """
      pipeline:
        type: chain
        source: {type: ReadFiles, config: {paths: ["."]}}
        transforms:
          - {type: ExtractText}
        sink: {type: WriteEnriched, config: {path: out}}
      """;

  @TempDir private Path folder;

  private String recipe() throws IOException {
    return Files.writeString(folder.resolve("plain.yaml"), PLAIN).toString();
  }

  private String inbox() throws IOException {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.writeString(inbox.resolve("letter.txt"), "Dear Sir, the invoice is not right.");
    Files.writeString(inbox.resolve("empty.txt"), "");
    return inbox.toString();
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          enrich samples                                 | --out
          enrich samples --out x --recipee y             | did you mean '--recipe'?
          enrich samples --out x --recipe defalt         | did you mean 'default'?
          enrich no-such-folder --out x                  | no-such-folder
          enrich samples --out x --set Chunk.token=3     | did you mean 'tokens'?
          enrich samples --out x --set Chunk.tokens=many | Chunk.tokens
          enrich samples --out x --runner here           | --runner
          jobs list --runner here                        | --runner
          enrich samples --out x --max-rejected few      | --max-rejected
          enrich samples --out x --resume --overwrite    | give one
          enrch samples                                  | did you mean 'enrich'?
          operator show MaskPi                           | did you mean 'MaskPii'?
          recipe show tickts                             | did you mean 'tickets'?
          model pull all-minilm                          | all-minilm-l6-v2
          search no-such-out x                           | no-such-out
          sql samples SELECT                             | samples
          try Chunk --config {nope}                      | --config is not JSON
          rejected samples list                          | samples
          """)
  void aMistakeIsToldInOneLineWithCodeTwo(String command, String told) {
    Cli.Result result = Cli.dragoman().run(command.split(" "));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    String message =
        result
            .err()
            .lines()
            .filter(line -> line.startsWith("dragoman: "))
            .findFirst()
            .orElseThrow();
    assertThat(message).contains(told);
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void rejectedDocumentsAreNoErrorUnlessALimitSaysSo() throws IOException {
    Cli.Result fine =
        Cli.dragoman()
            .run("enrich", inbox(), "--out", out(), "--recipe", recipe(), "--runner", "direct");
    assertThat(fine.code()).as(fine.err()).isZero();
    assertThat(fine.out()).contains("1 document enriched, 1 rejected");
    Cli.Result tooMany =
        Cli.dragoman()
            .with("DRAGOMAN_MAX_REJECTED", "10%")
            .run(
                "enrich",
                inbox(),
                "--out",
                out(),
                "--recipe",
                recipe(),
                "--runner",
                "direct",
                "--overwrite");
    assertThat(tooMany.code()).as(tooMany.err()).isEqualTo(3);
    assertThat(tooMany.err()).contains("--max-rejected allows 10%");
  }

  @Test
  void anEarlierRunIsNotWrittenOverByAccident() throws IOException {
    String[] command = {
      "enrich", inbox(), "--out", out(), "--recipe", recipe(), "--runner", "direct"
    };
    assertThat(Cli.dragoman().run(command).code()).isZero();
    Cli.Result again = Cli.dragoman().run(command);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("--resume").contains("--overwrite");
  }

  @Test
  void aModelThatIsMissingOfflineIsNamedWithTheCommandThatGetsIt() throws IOException {
    Cli.Result result =
        Cli.dragoman()
            .with("DRAGOMAN_HOME", folder.resolve("empty-home").toString())
            .run("enrich", inbox(), "--out", out(), "--offline");
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("dragoman model pull");
    assertThat(Path.of(out())).doesNotExist();
  }

  @Test
  void aClusterThatIsNotThereFailsTheJob() throws IOException {
    Cli.Result result =
        Cli.dragoman()
            .run(
                "enrich", inbox(), "--out", out(), "--recipe", recipe(), "--runner", "127.0.0.1:9");
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err())
        .contains("no Flink cluster answers at 127.0.0.1:9")
        .doesNotContain("\tat ");
    assertThat(Path.of(out())).doesNotExist();
  }

  @Test
  void anOperatorThatFailsByItselfEndsTryWithOneAndAMessage() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve("native"), "where ffmpeg should go");
    Cli.Result result =
        Cli.dragoman()
            .with("DRAGOMAN_HOME", home.toString())
            .run("try", "Transcribe", "samples/calls/voicemail-delivery.mp3");
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("dragoman: failed: ").doesNotContain("\tat ");
    assertThat(result.json().getFirst().get("code").asText()).isEqualTo("INTERNAL");
  }

  @Test
  void aDryRunTellsThePlanAndWritesNothing() throws IOException {
    Cli.Result result =
        Cli.dragoman().run("enrich", inbox(), "--out", out(), "--dry-run", "--json");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().getFirst().get("files").asInt()).isEqualTo(2);
    assertThat(result.json().getFirst().get("steps").toString()).contains("ExtractText");
    assertThat(Path.of(out())).doesNotExist();
  }

  @Test
  void anInterruptedRunEndsWith130AndLeavesNothingHalfVisible() throws Exception {
    Path many = Files.createDirectories(folder.resolve("many"));
    for (int i = 0; i < 300; i++) {
      Files.writeString(many.resolve("t" + i + ".txt"), "Letter number " + i + " about a parcel.");
    }
    Process process =
        Cli.dragoman()
            .interruptible()
            .start(
                folder.resolve("o.txt"),
                folder.resolve("e.txt"),
                "enrich",
                many.toString(),
                "--out",
                out(),
                "--recipe",
                recipe());
    Path outFolder = Path.of(out());
    while (process.isAlive() && !Files.exists(outFolder)) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(folder.resolve("e.txt"))).contains("--resume");
    assertThat(outFolder.resolve("run.json")).doesNotExist();
    assertThat(outFolder.resolve("documents")).doesNotExist();
    Cli.Result resumed =
        Cli.dragoman()
            .run(
                "enrich",
                many.toString(),
                "--out",
                out(),
                "--recipe",
                recipe(),
                "--resume",
                "--json");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(SampleRun.rows(outFolder, "SELECT count(*) FROM documents").getFirst().getFirst())
        .hasToString("300");
  }
}
