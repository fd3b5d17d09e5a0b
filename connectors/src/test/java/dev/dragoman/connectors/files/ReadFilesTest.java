package dev.dragoman.connectors.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.connectors.run.RunReport;
import dev.dragoman.connectors.run.SkipDone;
import dev.dragoman.connectors.run.WriteEnriched;
import dev.dragoman.connectors.sql.Sql;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadFilesTest {
  @TempDir Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void someFiles() throws IOException {
    in = Files.createDirectories(folder.resolve("in"));
    out = folder.resolve("out");
    Files.writeString(in.resolve("a.txt"), "hallo");
    Files.writeString(in.resolve("empty.pdf"), "");
    Files.writeString(in.resolve("tickets.csv"), "text\neen\ntwee\n\"drie");
    Files.createSymbolicLink(in.resolve("gone.doc"), in.resolve("nowhere"));
  }

  private RunReport run(Mode mode, String... paths) throws IOException {
    FileList files = FileList.find(List.of(paths), List.of(out));
    try (OutputSession session = OutputSession.begin(out, mode, Samples.RECIPE)) {
      Pipeline pipeline = Samples.pipeline();
      PCollectionTuple read = pipeline.apply(ReadFiles.of("ReadFiles", files));
      WriteEnriched.write(
          session,
          read.get(ReadFiles.DOCUMENTS).apply(SkipDone.inputs(session)),
          read.get(ReadFiles.REJECTED));
      pipeline.run().waitUntilFinish();
      return session.commit(Samples.facts());
    }
  }

  private List<String> column(String query) throws IOException {
    List<String> values = new ArrayList<>();
    try (Sql sql = Sql.open(out);
        Sql.Rows rows = sql.query(query)) {
      for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
        values.add(row.getFirst().asText());
      }
    }
    return values;
  }

  @Test
  void everyFileAndRowIsAccountedFor() throws IOException {
    RunReport report = run(Mode.FRESH, in.toString());

    assertThat(report.documentsIn()).isEqualTo(6);
    assertThat(report.documentsOut()).isEqualTo(4);
    assertThat(report.rejectedByCode())
        .containsEntry(RejectionCode.UNREADABLE, 1L)
        .containsEntry(RejectionCode.BAD_ROW, 1L);
    assertThat(column("SELECT source_uri FROM documents ORDER BY 1"))
        .containsExactly(
            in.resolve("a.txt").toUri().toString(),
            in.resolve("empty.pdf").toUri().toString(),
            in.resolve("tickets.csv").toUri() + "#row=1",
            in.resolve("tickets.csv").toUri() + "#row=2");
    assertThat(column("SELECT sha256 FROM documents WHERE source_uri LIKE '%a.txt'"))
        .containsExactly(Sha256.of("hallo".getBytes(UTF_8)).hex());
    assertThat(column("SELECT message FROM rejected WHERE code = 'UNREADABLE'"))
        .containsExactly(
            "cannot be read: it is a link to something that is not there; see that it is there and may be read, then replay it");
  }

  @Test
  void resumeDoesOnlyWhatIsNewOrMended() throws IOException {
    run(Mode.FRESH, in.toString());
    Files.writeString(in.resolve("b.txt"), "nieuw");
    Files.writeString(in.resolve("nowhere"), "toch");
    RunReport report = run(Mode.RESUME, in.toString());

    assertThat(report.documentsOut()).isEqualTo(7);
    assertThat(report.rejectedByCode()).doesNotContainKey(RejectionCode.UNREADABLE);
    assertThat(report.documentsIn()).isEqualTo(report.documentsOut() + report.rejected());
    assertThat(column("SELECT count(DISTINCT document_id) FROM documents")).containsExactly("7");
  }

  @Test
  void fileStaysWhereItIs() throws IOException {
    Document document = ReadFiles.file(in.resolve("a.txt").toUri());

    assertThat(document.parts())
        .singleElement()
        .extracting("content")
        .isEqualTo(
            new Content.Reference(
                in.resolve("a.txt").toUri(), 5, Sha256.of("hallo".getBytes(UTF_8))));
  }

  @Test
  void otherFileSystemsAreReadAsTheLocalOneIs() throws IOException {
    MemoryFiles.put("mem://kluis/een map/rapport.txt", "geheim".getBytes(UTF_8));
    MemoryFiles.put("mem://kluis/een map/rijen.jsonl", "{\"text\":\"rij\"}\n".getBytes(UTF_8));
    RunReport report = run(Mode.FRESH, "mem://kluis/een map/*");

    assertThat(report.documentsOut()).isEqualTo(2);
    assertThat(column("SELECT source_uri FROM documents ORDER BY 1"))
        .containsExactly(
            "mem://kluis/een%20map/rapport.txt", "mem://kluis/een%20map/rijen.jsonl#row=1");
  }
}
