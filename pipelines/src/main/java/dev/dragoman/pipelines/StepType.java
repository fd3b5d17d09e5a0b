package dev.dragoman.pipelines;

import dev.dragoman.connectors.index.WriteLucene;
import dev.dragoman.connectors.kafka.ReadKafka;
import dev.dragoman.connectors.kafka.WriteKafka;
import dev.dragoman.connectors.opensearch.WriteOpenSearch;
import dev.dragoman.connectors.parquet.CompactParquet;
import dev.dragoman.connectors.parquet.WriteParquet;
import dev.dragoman.connectors.webhook.WriteWebhook;
import dev.dragoman.operators.Operators;
import dev.dragoman.operators.analytics.Alert;
import dev.dragoman.operators.analytics.EventTime;
import dev.dragoman.operators.analytics.Join;
import dev.dragoman.operators.analytics.Sort;
import dev.dragoman.operators.analytics.Sql;
import dev.dragoman.operators.analytics.Trend;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.StepConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A type that a step can have: an operator, a source, a sink, or something in between.
 *
 * @param config what its parameters are read into
 * @param takes what its input may be; empty for a source
 * @param gives what it puts out, or null for a sink
 * @param rejects whether it has an output of rejected documents
 */
record StepType(
    String name,
    Class<? extends StepConfig> config,
    Set<Kind> takes,
    @Nullable Kind gives,
    boolean rejects) {
  static final StepType READ_FILES = source(Recipe.ReadFilesConfig.class);
  static final StepType WRITE_ENRICHED =
      sink(Recipe.WriteEnrichedConfig.class, Set.of(Kind.DOCUMENTS), false);

  /** Beside the operators, in the order a recipe would have them. */
  private static final List<StepType> OTHERS =
      List.of(
          READ_FILES,
          source(ReadKafka.Config.class),
          new StepType(
              EventTime.NAME, EventTime.Config.class, Set.of(Kind.DOCUMENTS), Kind.DOCUMENTS, true),
          between(Join.Config.class, Set.of(Kind.DOCUMENTS), Kind.DOCUMENTS),
          between(Sort.Config.class, Set.of(Kind.DOCUMENTS), Kind.DOCUMENTS),
          between(Sql.Config.class, Set.of(Kind.DOCUMENTS, Kind.ROWS), Kind.ROWS),
          between(Trend.Config.class, Set.of(Kind.DOCUMENTS), Kind.ROWS),
          between(Alert.Config.class, Set.of(Kind.DOCUMENTS, Kind.ROWS), Kind.ROWS),
          WRITE_ENRICHED,
          sink(WriteParquet.Config.class, EnumSet.allOf(Kind.class), true),
          sink(CompactParquet.Config.class, Set.of(), false),
          sink(WriteLucene.Config.class, Set.of(Kind.DOCUMENTS), true),
          sink(WriteOpenSearch.Config.class, Set.of(Kind.DOCUMENTS, Kind.ROWS), true),
          sink(WriteKafka.Config.class, EnumSet.allOf(Kind.class), true),
          sink(WriteWebhook.Config.class, Set.of(Kind.DOCUMENTS, Kind.ROWS), true));

  /** All of them, operators first. */
  static List<StepType> all() {
    List<StepType> all = new ArrayList<>();
    Operators.all().forEach(config -> all.add(operator(config)));
    all.addAll(OTHERS);
    return all;
  }

  /** Those that are no operators. */
  static List<StepType> others() {
    return OTHERS;
  }

  /** The type of this name. */
  static Optional<StepType> find(String name) {
    return all().stream().filter(type -> type.name().equals(name)).findFirst();
  }

  boolean isSource() {
    return takes.isEmpty();
  }

  boolean isSink() {
    return gives == null;
  }

  private static StepType source(Class<? extends StepConfig> config) {
    return new StepType(Configs.info(config).name(), config, Set.of(), Kind.DOCUMENTS, true);
  }

  private static StepType operator(Class<? extends StepConfig> config) {
    return new StepType(
        Configs.info(config).name(), config, EnumSet.of(Kind.DOCUMENTS), Kind.DOCUMENTS, true);
  }

  private static StepType between(Class<? extends StepConfig> config, Set<Kind> takes, Kind gives) {
    return new StepType(Configs.info(config).name(), config, takes, gives, false);
  }

  private static StepType sink(
      Class<? extends StepConfig> config, Set<Kind> takes, boolean rejects) {
    return new StepType(Configs.info(config).name(), config, takes, null, rejects);
  }
}
