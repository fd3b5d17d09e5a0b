package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.connectors.sql.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The main job on the samples, run once for all tests that look at what it wrote. */
final class SampleRun {
  private static final class Once {
    static final SampleRun RUN = new SampleRun();
  }

  private final Path out;
  private final Cli.Result result;

  private SampleRun() {
    try {
      out = Files.createTempDirectory(Cli.repository().resolve("tests/target"), "samples-out");
      Files.delete(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    result = Cli.dragoman().run("enrich", "samples", "--out", out.toString());
    assertThat(result.code()).as(result.err()).isZero();
  }

  static SampleRun get() {
    return Once.RUN;
  }

  /** The folder it wrote. */
  Path out() {
    return out;
  }

  /** What it told. */
  Cli.Result result() {
    return result;
  }

  /** Its account. */
  JsonNode report() {
    try {
      return new ObjectMapper().readTree(out.resolve("run.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a selection. */
  List<List<JsonNode>> rows(String sql) {
    return rows(out, sql);
  }

  static List<List<JsonNode>> rows(Path folder, String sql) {
    try (Sql tables = Sql.open(folder);
        Sql.Rows rows = tables.query(sql)) {
      List<List<JsonNode>> all = new ArrayList<>();
      for (List<JsonNode> row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one value of a selection. */
  JsonNode value(String sql) {
    List<List<JsonNode>> rows = rows(sql);
    assertThat(rows).as(sql).hasSize(1);
    return rows.getFirst().getFirst();
  }
}
