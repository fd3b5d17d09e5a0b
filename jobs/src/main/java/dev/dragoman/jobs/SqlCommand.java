package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.sql.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the tables a run has written. */
@Command(
    name = "sql",
    description = {
      "Ask the tables documents, chunks, annotations and rejected with SQL (DuckDB's).",
      "Long values are shortened in the table that is shown; --json or --full show all of them."
    },
    footer = {
      "",
      "Examples:",
      "  dragoman sql out 'DESCRIBE documents'",
      "  dragoman sql out 'SELECT category, count(*) FROM documents GROUP BY category'",
      "  dragoman sql out 'SELECT * FROM rejected' --json"
    })
final class SqlCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "DIR", description = "What a run has written.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "SELECT", description = "One selection.")
  private String sql = "";

  @Option(names = "--full", description = "Do not shorten long values.")
  private boolean full;

  @Override
  public Integer call() throws IOException {
    try (Sql tables = Sql.open(folder);
        Sql.Rows rows = tables.query(sql)) {
      if (common.json()) {
        for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
          ObjectNode json = JsonNodeFactory.instance.objectNode();
          for (int i = 0; i < row.size(); i++) {
            json.set(rows.columns().get(i), row.get(i));
          }
          CommonOptions.printJson(System.out, json);
        }
      } else {
        TextTable.print(System.out, rows, full ? Integer.MAX_VALUE : 60);
      }
    }
    return ExitCode.DONE;
  }
}
