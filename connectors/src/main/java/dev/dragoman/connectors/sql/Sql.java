package dev.dragoman.connectors.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.parquet.StreamMarker;
import dev.dragoman.connectors.parquet.Table;
import dev.dragoman.connectors.parquet.TableReader;
import dev.dragoman.connectors.run.RunDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the tables of an output folder. The database lives in memory; it may read the tables' files
 * and nothing else, and runs no statement but {@code SELECT} (and {@code WITH}, {@code FROM},
 * {@code VALUES}, {@code DESCRIBE}, {@code SHOW TABLES}, {@code SUMMARIZE}, which are selections
 * too).
 */
public final class Sql implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final Path scratch;

  private Sql(Connection connection, Path scratch) {
    this.connection = connection;
    this.scratch = scratch;
  }

  /**
   * Opens the tables.
   *
   * @throws UsageException if no run has finished in the folder and no stream writes to it
   */
  public static Sql open(Path folder) throws IOException {
    Path at = RunDirectory.open(folder).folder();
    if (StreamMarker.read(at) == null) {
      requireTables(at);
    }
    Path scratch = Files.createTempDirectory("dragoman-sql");
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      Sql sql = new Sql(connection, scratch);
      try {
        sql.prepare(at);
      } catch (SQLException | IOException | RuntimeException e) {
        sql.close();
        throw e;
      }
      return sql;
    } catch (SQLException e) {
      throw new IOException("cannot open the tables of " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Rows, one at a time; each has a value a column, in JSON's types. */
  public static final class Rows implements Closeable {
    private final Statement statement;
    private final ResultSet results;
    private final List<String> columns = new ArrayList<>();

    private Rows(Statement statement, ResultSet results) throws SQLException {
      this.statement = statement;
      this.results = results;
      for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
        columns.add(results.getMetaData().getColumnLabel(i));
      }
    }

    /** The columns' names, which may repeat. */
    public List<String> columns() {
      return List.copyOf(columns);
    }

    /** The next row, or null after the last. */
    public @Nullable List<JsonNode> next() {
      try {
        if (!results.next()) {
          return null;
        }
        List<JsonNode> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(json(results.getObject(i)));
        }
        return row;
      } catch (SQLException e) {
        throw told(e);
      }
    }

    @Override
    public void close() throws IOException {
      try (statement) {
        results.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  /**
   * Runs one selection.
   *
   * @throws UsageException with the database's words if it is wrong, or not a selection
   */
  public Rows query(String sql) {
    try {
      requireSelection(sql);
      // Results stream: the statement holds one row of them at a time.
      PreparedStatement statement = connection.prepareStatement(sql);
      try {
        return new Rows(statement, statement.executeQuery());
      } catch (SQLException e) {
        statement.close();
        throw e;
      }
    } catch (SQLException e) {
      throw told(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      try (var left = Files.list(scratch)) {
        for (Path file : (Iterable<Path>) left::iterator) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(scratch);
    }
  }

  private static void requireTables(Path folder) throws IOException {
    for (Table table : Table.values()) {
      if (TableReader.files(folder, table).isEmpty()) {
        throw new UsageException(
            "the table " + table.folder() + " is missing in " + folder + "; run it again");
      }
    }
  }

  private void prepare(Path folder) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET autoinstall_known_extensions = false");
      statement.execute("SET autoload_known_extensions = false");
      statement.execute("SET temp_directory = " + quoted(scratch.toString()));
      List<String> all = new ArrayList<>();
      for (Map.Entry<String, List<Path>> table : TableReader.tables(folder).entrySet()) {
        List<String> files =
            table.getValue().stream().map(file -> quoted(file.toString())).toList();
        all.addAll(files);
        statement.execute(
            "CREATE VIEW \""
                + table.getKey()
                + "\" AS SELECT * FROM read_parquet(["
                + String.join(", ", files)
                + "], union_by_name = true)");
      }
      statement.execute("SET allowed_paths = [" + String.join(", ", all) + "]");
      statement.execute("SET enable_external_access = false");
      statement.execute("SET lock_configuration = true");
    }
  }

  /** Has the database's own parser say whether this is one selection. */
  private void requireSelection(String sql) throws SQLException {
    try (PreparedStatement parse = connection.prepareStatement("SELECT json_serialize_sql(?)")) {
      parse.setString(1, sql);
      try (ResultSet result = parse.executeQuery()) {
        result.next();
        JsonNode parsed = JSON.readTree(result.getString(1));
        if (parsed.path("error").asBoolean()) {
          String message = parsed.path("error_message").asText();
          throw new UsageException(
              message.contains("Only SELECT")
                  ? "only SELECT can be run here: the tables are read, never written"
                  : "SQL: " + oneLine(message));
        }
        if (parsed.path("statements").size() != 1) {
          throw new UsageException("one statement at a time, please");
        }
      } catch (JsonProcessingException e) {
        throw new SQLException(e);
      }
    }
  }

  private static UsageException told(SQLException e) {
    return new UsageException("SQL: " + oneLine(String.valueOf(e.getMessage())), e);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\n\\s*", " ");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static JsonNode json(@Nullable Object value) throws SQLException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case Boolean it -> nodes.booleanNode(it);
      case Byte it -> nodes.numberNode(it);
      case Short it -> nodes.numberNode(it);
      case Integer it -> nodes.numberNode(it);
      case Long it -> nodes.numberNode(it);
      case Float it -> nodes.numberNode(it);
      case Double it -> nodes.numberNode(it);
      case BigInteger it -> nodes.numberNode(it);
      case BigDecimal it -> nodes.numberNode(it);
      case Blob it -> nodes.textNode(HexFormat.of().formatHex(it.getBytes(1, (int) it.length())));
      case byte[] it -> nodes.textNode(HexFormat.of().formatHex(it));
      case Array it -> {
        ArrayNode list = nodes.arrayNode();
        for (Object element : (Object[]) it.getArray()) {
          list.add(json(element));
        }
        yield list;
      }
      default -> nodes.textNode(value.toString());
    };
  }
}
