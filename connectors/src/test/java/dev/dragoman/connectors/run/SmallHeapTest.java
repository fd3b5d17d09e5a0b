package dev.dragoman.connectors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SmallHeapTest {
  private static final int DOCUMENTS = 20_000;

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void twentyThousandDocumentsAreCommittedInALittleHeap() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path log = folder.resolve("log");
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                SmallHeapTest.class.getName(),
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor()).as(() -> log.toUri().toString()).isZero();
    assertThat(RunDirectory.open(out).report().documentsOut()).isEqualTo(DOCUMENTS);
  }

  /**
   * Writes 20,000 tickets with some findings each and an embedding now and then: some 50 MB of
   * journal.
   */
  public static void main(String[] args) throws IOException {
    try (OutputSession session =
        OutputSession.begin(Path.of(args[0]), Mode.FRESH, Samples.RECIPE)) {
      try (Journal.Writer writer = new Journal.Writer(session.journal())) {
        for (int i = 0; i < DOCUMENTS; i++) {
          writer.document(ticket(i));
        }
      }
      session.commit(Samples.facts());
    }
  }

  private static Document ticket(int i) {
    String text =
        ("Melding " + i + ": de factuur van klant " + i * 31 + " klopt niet. ").repeat(20);
    Document document = Samples.text(i + ".txt", text);
    if (i % 10 == 0) {
      document = Samples.embedded(document, Samples.vector(384, i));
    }
    List<Annotation> found = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      found.add(
          new Annotation.TextSpan(
              Samples.origin("MaskPii", ""), "number", "" + i * 31, 1, 40 * n, 40 * n + 5));
    }
    return document.plus(found).with(Step.done("MaskPii", "1", ""));
  }
}
