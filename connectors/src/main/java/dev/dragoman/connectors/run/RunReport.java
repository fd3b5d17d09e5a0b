package dev.dragoman.connectors.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code run.json} holds: what was run, with what, and what came of it. Counts are of the
 * folder as it is now, over all runs into it; operators' figures are of the last run, those of
 * earlier ones stand under {@code earlier_runs}.
 *
 * @param format of this file, from 1
 * @param documentsIn documents that reached the end, one way or the other
 * @param documentsOut rows of {@code documents}
 * @param rejected rows of {@code rejected}
 * @param documentsReused of those, how many were there or in a killed run's journal before this run
 */
public record RunReport(
    int format,
    String dragomanVersion,
    Recipe recipe,
    List<Model> models,
    long documentsIn,
    long documentsOut,
    long rejected,
    SortedMap<RejectionCode, Long> rejectedByCode,
    long documentsReused,
    String runner,
    String started,
    double seconds,
    List<OperatorReport> operators,
    List<TableReport> tables,
    List<EarlierRun> earlierRuns) {
  /** The format this version writes. */
  public static final int FORMAT = 1;

  /** The name of the file. */
  public static final String FILE = "run.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  public RunReport {
    if (documentsIn != documentsOut + rejected) {
      throw new IllegalStateException(
          documentsIn
              + " documents went in, but "
              + documentsOut
              + " came out and "
              + rejected
              + " were rejected");
    }
  }

  /**
   * The recipe.
   *
   * @param digest of what it says and of the models' digests: equal digests give equal rows
   */
  public record Recipe(String name, String digest) {}

  /** A model that was used. */
  public record Model(String name, String digest) {}

  /**
   * What one step of the recipe did in this run.
   *
   * @param model the catalog name, or empty
   * @param skipped documents that went on without the step
   * @param counts what the operator itself counts: sentences translated, terms met
   * @param cost in the currency of the recipe's remote models; 0 for local ones
   */
  public record OperatorReport(
      String name,
      String version,
      String model,
      long documentsIn,
      long documentsOut,
      SortedMap<RejectionCode, Long> rejected,
      long skipped,
      long tokens,
      double seconds,
      long cacheHits,
      SortedMap<String, Long> counts,
      double cost) {}

  /** The size of a table. */
  public record TableReport(String name, long rows, int files, long bytes) {}

  /** A run into the same folder before the last one. */
  public record EarlierRun(
      String runner, String started, double seconds, List<OperatorReport> operators) {}

  /** What only the one who started the graph knows. */
  public record Facts(
      String dragomanVersion,
      Recipe recipe,
      List<Model> models,
      String runner,
      Instant started,
      List<OperatorReport> operators) {}

  /** What there is to say of a stream, which has no end at which to count. */
  static RunReport ofStream(String recipeDigest) {
    return new RunReport(
        FORMAT,
        "",
        new Recipe("", recipeDigest),
        List.of(),
        0,
        0,
        0,
        new TreeMap<>(),
        0,
        "stream",
        "",
        0,
        List.of(),
        List.of(),
        List.of());
  }

  /** The report of the folder's last run. */
  public static RunReport read(Path folder) throws IOException {
    return JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), RunReport.class);
  }

  /** The same as JSON text. */
  public String toJson() throws IOException {
    return JSON.writeValueAsString(this) + "\n";
  }
}
