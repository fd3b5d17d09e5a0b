package dev.dragoman.connectors.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.Samples;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.run.OutputSession.Mode;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTest {
  @TempDir static Path folder;

  private static Path out() {
    return folder.resolve("out");
  }

  @BeforeAll
  static void oneRun() throws IOException {
    Samples.write(
        out(),
        Mode.FRESH,
        List.of(Samples.embedded(Samples.text("a.txt", "één"), 0.6f, 0.8f)),
        List.of(Samples.rejected("b.pdf", RejectionCode.CORRUPT)));
    Files.writeString(folder.resolve("secret.csv"), "password\nhunter2\n");
  }

  private static List<JsonNode> first(String query) throws IOException {
    try (Sql sql = Sql.open(out());
        Sql.Rows rows = sql.query(query)) {
      List<JsonNode> row = rows.next();
      assertThat(row).isNotNull();
      return row;
    }
  }

  @Test
  void tablesCanBeJoinedAndCounted() throws IOException {
    assertThat(
            first(
                    "WITH d AS (FROM documents) SELECT d.text, len(c.embedding), (SELECT count(*) FROM rejected),"
                        + " (SELECT count(*) FROM annotations) FROM d JOIN chunks c USING (document_id)")
                .toString())
        .isEqualTo("[\"één\", 2, 1, 0]");
  }

  @Test
  void tablesCanBeDescribed() throws IOException {
    assertThat(first("DESCRIBE documents").getFirst().asText()).isEqualTo("document_id");
    assertThat(first("SHOW TABLES").getFirst().asText()).isEqualTo("annotations");
    assertThat(first("SUMMARIZE chunks").getFirst().asText()).isEqualTo("chunk_id");
  }

  @Test
  void everyTypeHasAValueInJson() throws IOException {
    assertThat(
            first(
                    "SELECT 1, 2.5::DOUBLE, 1.25::DECIMAL(9,2), true, null, [1, 2], {'a': 1}, DATE '2026-01-02',"
                        + " 170141183460469231731687303715884105727::HUGEINT, '\\x0A\\xFF'::BLOB, 'x'")
                .toString())
        .startsWith("[1, 2.5, 1.25, true, null, [1,2], \"{")
        .contains("\"2026-01-02\", 170141183460469231731687303715884105727, \"0aff\", \"x\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY documents TO '%s/stolen.csv'",
        "COPY (SELECT 1) TO '%s/documents/part-00000.parquet'",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW documents",
        "INSERT INTO documents SELECT * FROM documents",
        "ATTACH '%s/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "PRAGMA database_list",
        "EXPORT DATABASE '%s'",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY documents TO '%s/stolen.csv'",
        "CALL pragma_version()",
        "SELECT * FROM read_csv('%s/../secret.csv')",
        "SELECT * FROM '%s/../secret.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('%s/run.json')",
        "SELECT * FROM glob('/etc/*')",
        "FROM query('COPY documents TO ''/tmp/x.csv''')",
        "SELECT * FROM read_csv('https://example.invalid/x.csv')",
      })
  void nothingButTheTablesIsReadAndNothingIsWritten(String attack) throws IOException {
    long before = Files.walk(folder).count();
    try (Sql sql = Sql.open(out())) {
      assertThatThrownBy(
              () -> {
                try (Sql.Rows rows = sql.query(attack.replace("%s", out().toString()))) {
                  rows.next();
                }
              })
          .isInstanceOf(UsageException.class)
          .hasMessageNotContaining("\n");
    }
    assertThat(Files.walk(folder).count()).isEqualTo(before);
    assertThat(first("SELECT count(*) FROM documents").toString()).isEqualTo("[1]");
  }

  @Test
  void mistakesAreToldInTheDatabasesWords() {
    assertThatThrownBy(() -> first("SELECT txt FROM documents"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("SQL: ")
        .hasMessageContaining("txt");
    assertThatThrownBy(() -> first("SELEC 1"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("SELEC");
    assertThatThrownBy(() -> first("DELETE FROM documents"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("only SELECT");
    assertThatThrownBy(() -> first("")).isInstanceOf(UsageException.class);
  }

  @Test
  void manyRowsStream() throws IOException {
    long sum = 0;
    try (Sql sql = Sql.open(out());
        Sql.Rows rows = sql.query("SELECT i FROM range(300000) t(i)")) {
      for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
        sum += row.getFirst().asLong();
      }
    }
    assertThat(sum).isEqualTo(299_999L * 300_000 / 2);
  }

  @Test
  void folderNameMayHoldAQuote() throws IOException {
    Path odd = folder.resolve("it's");
    Samples.write(odd, Mode.FRESH, List.of(Samples.text("a", "b")), List.of());
    try (Sql sql = Sql.open(odd);
        Sql.Rows rows = sql.query("SELECT text FROM documents")) {
      assertThat(String.valueOf(rows.next())).isEqualTo("[\"b\"]");
    }
  }
}
