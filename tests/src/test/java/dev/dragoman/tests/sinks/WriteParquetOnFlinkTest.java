package dev.dragoman.tests.sinks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.connectors.parquet.WriteParquet;
import dev.dragoman.connectors.sql.Sql;
import dev.dragoman.operators.config.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every document is in one file, however often the job dies. */
@Timeout(400)
class WriteParquetOnFlinkTest {
  private static final int TICKETS = 3_000;

  @TempDir Path out;

  @Test
  void everyTicketIsWrittenOnceThoughTheJobDies() throws IOException {
    Pipeline pipeline = Crashing.pipeline();
    Crashing.tickets(pipeline, "parquet", TICKETS, Set.of(400, 1_234, 2_111, 2_900))
        .apply(
            "Write",
            WriteParquet.documents(
                "WriteParquet",
                config("{'path': '%s', 'window': '1m', 'shards': 2}".formatted(out)),
                "ab".repeat(32)));
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

    try (Sql sql = Sql.open(out)) {
      assertThat(row(sql, "SELECT count(*), count(DISTINCT document_id) FROM documents"))
          .containsExactly((long) TICKETS, (long) TICKETS);
      assertThat(row(sql, "SELECT count(*) FROM chunks")).containsExactly(0L);
    }
    Set<String> windows = new TreeSet<>();
    try (Stream<Path> files = Files.list(out.resolve("documents"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        assertThat(name).as("nothing half-written is left").endsWith(".parquet");
        if (name.startsWith("2026")) {
          windows.add(name.substring(0, name.indexOf('Z')));
        }
      }
    }
    assertThat(windows).hasSize(TICKETS / 60);
  }

  private static List<Long> row(Sql sql, String query) throws IOException {
    try (Sql.Rows rows = sql.query(query)) {
      return requireNonNull(rows.next()).stream().map(JsonNode::longValue).toList();
    }
  }

  private static WriteParquet.Config config(String json) throws IOException {
    return Configs.configure(
        WriteParquet.Config.class, new ObjectMapper().readTree(json.replace('\'', '"')));
  }
}
