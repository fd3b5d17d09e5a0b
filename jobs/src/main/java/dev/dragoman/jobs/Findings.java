package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.sql.Sql;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run found, in a few lines at its end. */
final class Findings {
  private Findings() {}

  static void print(PrintStream out, Path folder) throws IOException {
    try (Sql tables = Sql.open(folder)) {
      line(
          out,
          tables,
          "languages",
          "SELECT language, count(*) FROM documents WHERE language IS NOT NULL"
              + " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8");
      line(
          out,
          tables,
          "media",
          "SELECT media_type, count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8");
      line(
          out,
          tables,
          "categories",
          "SELECT category, count(*) FROM documents WHERE category IS NOT NULL"
              + " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8");
      line(
          out,
          tables,
          "personal data",
          "SELECT kind, count(*) FROM annotations WHERE operator = 'MaskPii' AND kind <> 'masked'"
              + " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8");
      line(
          out,
          tables,
          "also",
          "SELECT * FROM (SELECT 'passages' AS what, count(*) AS n FROM chunks"
              + " UNION ALL SELECT 'recognised words', count(*) FROM annotations WHERE kind = 'word'"
              + " UNION ALL SELECT 'translations', count(*) FROM documents"
              + " WHERE translation IS NOT NULL"
              + " UNION ALL SELECT 'duplicates', count(*) FROM annotations"
              + " WHERE kind = 'duplicate_of'"
              + " UNION ALL SELECT 'steps skipped', count(*) FROM annotations"
              + " WHERE kind = 'skipped') WHERE n > 0");
      line(
          out,
          tables,
          "rejected",
          "SELECT code, count(*) FROM rejected GROUP BY 1 ORDER BY 2 DESC, 1");
      skipped(out, tables);
    }
  }

  private static void line(PrintStream out, Sql tables, String head, String sql)
      throws IOException {
    List<String> values = new ArrayList<>();
    try (Sql.Rows rows = tables.query(sql)) {
      for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
        values.add(row.get(0).asText() + " " + row.get(1).asText());
      }
    }
    if (!values.isEmpty()) {
      out.printf("  %-14s %s%n", head, String.join(", ", values));
    }
  }

  /** What would make the skipped steps run, each once. */
  private static void skipped(PrintStream out, Sql tables) throws IOException {
    try (Sql.Rows rows =
        tables.query(
            "SELECT operator, value, count(*) FROM annotations WHERE kind = 'skipped'"
                + " GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 5")) {
      for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
        out.printf("  %-14s %s: %s%n", "skipped", row.get(0).asText(), row.get(1).asText());
      }
    }
  }
}
