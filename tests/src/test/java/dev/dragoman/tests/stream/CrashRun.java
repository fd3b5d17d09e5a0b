package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.tests.e2e.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tickets from Kafka to Parquet, OpenSearch and Kafka, while everything is killed; afterwards every
 * id must be in each of the three exactly once, and the windows' totals must be those of a batch
 * run over the same tickets.
 */
final class CrashRun {
  private static final Logger LOG = LoggerFactory.getLogger(CrashRun.class);
  private static final int PARTITIONS = 4;

  private final Path folder;
  private final Size size;
  private final TicketSource source;
  private final ScanSource scanSource;

  /**
   * How much of everything.
   *
   * @param perSecond tickets
   * @param scansPerSecond beside them, until the last kill
   * @param between how long the stream has to itself between two kills, on average
   * @param disasters whether the network of one TaskManager is cut for a minute and the disk of the
   *     output fills up, before anything is killed; only root can do that
   */
  record Size(
      int tickets,
      double perSecond,
      double scansPerSecond,
      int taskManagers,
      int kills,
      Duration between,
      List<Chaos.Victim> victims,
      boolean disasters,
      long seed) {}

  /** What was found. */
  record Result(
      Map<Chaos.Victim, Integer> killed,
      int restarts,
      int scans,
      double seconds,
      Map<String, List<String>> wrong) {
    Result {
      killed = Map.copyOf(killed);
      wrong = Map.copyOf(wrong);
    }

    boolean right() {
      return wrong.values().stream().allMatch(List::isEmpty);
    }
  }

  CrashRun(Path folder, Size size) throws IOException {
    this.folder = folder;
    this.size = size;
    Instant first = Instant.parse("2026-03-01T00:00:00Z");
    this.source = new TicketSource(size.seed(), first, Duration.ofMillis(500));
    this.scanSource = new ScanSource(first, Duration.ofSeconds(30));
  }

  private static final String STEPS =
      """
          - {type: DetectLanguage, config: {languages: [en, nl]}}
          - {type: MaskPii, config: {policy: redact}}
      """;

  private static final String TREND =
      "{window: 10m, by: [language, column:channel], top_terms: 3, baseline: 3}";

  private String stream(StreamWorld world) {
    return """
    pipeline:
      type: composite
      transforms:
        - type: ReadKafka
          config:
            bootstrap_servers: "%1$s"
            topics: [tickets]
            group: crash
            event_time: created_at
            id_field: ticket_id
            text: [text]
            out_of_order: 30s
            idle_after: 0s
        - {type: DetectLanguage, input: ReadKafka, config: {languages: [en, nl]}}
        - {type: MaskPii, input: DetectLanguage, config: {policy: redact}}
        - type: WriteKafka
          input: MaskPii
          config: {bootstrap_servers: "%1$s", topic: enriched, group: enriched-sink, key: column:ticket_id}
        - type: WriteParquet
          input: MaskPii
          config: {path: "%2$s", window: 10m}
        - type: WriteOpenSearch
          input: MaskPii
          config: {url: "%3$s", index: tickets}
        - type: Trend
          input: MaskPii
          config: %4$s
        - type: WriteKafka
          name: WriteTrends
          input: Trend
          config: {bootstrap_servers: "%1$s", topic: trends, group: trends-sink}
        - type: WriteKafka
          name: WriteLetters
          input: rejected
          config: {bootstrap_servers: "%1$s", topic: letters, group: letters-sink}
        - type: ReadKafka
          name: ReadScans
          config:
            bootstrap_servers: "%1$s"
            topics: [scans]
            group: crash-scans
            event_time: created_at
            id_field: scan_id
            payload_field: picture
            payload: inline
        - {type: ExtractText, input: ReadScans}
        - {type: Ocr, input: ExtractText, config: {languages: [eng]}}
        - type: WriteKafka
          name: WriteScans
          input: Ocr
          config: {bootstrap_servers: "%1$s", topic: scans-read, group: scans-sink}
    options: {max_latency: 250ms, checkpoint_every: 2s}
    """
        .formatted(
            world.broker().address(), folder.resolve("out"), world.searchServer().uri(), TREND);
  }

  private String batch(Path tickets) {
    return """
    pipeline:
      type: chain
      source:
        type: ReadFiles
        config: {paths: ["%1$s"], columns: {text: [text]}}
      transforms:
        - {type: EventTime, config: {field: "column:created_at"}}
    %3$s
        - type: Trend
          config: %4$s
      sink: {type: WriteParquet, config: {path: "%2$s", table: trends, window: 1d}}
      extra_transforms:
        - {type: WriteParquet, name: WriteLetters, input: rejected, config: {path: "%2$s"}}
    """
        .formatted(tickets, folder.resolve("batch"), STEPS.indent(0).stripTrailing(), TREND);
  }

  Result run() throws Exception {
    long started = System.nanoTime();
    ConcurrentMap<String, List<JsonNode>> trends = new ConcurrentHashMap<>();
    try (CutNetwork network = size.disasters() ? CutNetwork.open() : null;
        SmallDisk disk = size.disasters() ? SmallDisk.mount(folder.resolve("out"), 400) : null;
        StreamWorld world =
            StreamWorld.start(
                folder.resolve("world"),
                size.taskManagers() - (size.disasters() ? 1 : 0),
                1,
                900,
                true,
                size.disasters() ? CutNetwork.HOST : "127.0.0.1",
                size.disasters() ? CutNetwork.settings() : Map.of(),
                Map.of())) {
      if (network != null) {
        network.startTaskManager(world.cluster());
        world.cluster().awaitTaskManagers(size.taskManagers());
        world.widen(1);
      }
      world.broker().createTopic("tickets", PARTITIONS);
      world.broker().createTopic("enriched", PARTITIONS);
      world.broker().createTopic("scans", 1);
      world.broker().createTopic("scans-read", 1);
      world.broker().createTopic("trends", 1);
      world.broker().createTopic("letters", 1);
      world.run(stream(world));
      String bootstrap = world.broker().address();
      Chaos chaos = new Chaos(world, size.seed());
      try (Counted seen = Counted.byField(bootstrap, "enriched", "ticket_id");
          Counted letters = Counted.of(bootstrap, "letters", CrashRun::letter);
          Counted scans =
              Counted.of(
                  bootstrap,
                  "scans-read",
                  record -> {
                    JsonNode scan = Committed.json(record);
                    return scan.path("fields").path("scan_id").asText()
                        + (scan.path("text").asText().contains("parcel") ? "" : " unread");
                  });
          Committed _ =
              Committed.read(
                  bootstrap,
                  "trends",
                  (record, _) -> {
                    JsonNode row = Committed.json(record);
                    trends.computeIfAbsent(group(row), _ -> new ArrayList<>()).add(row);
                  })) {
        int sentScans;
        try (Producing producing =
                Producing.start(
                    bootstrap,
                    "tickets",
                    PARTITIONS,
                    0,
                    size.tickets(),
                    size.perSecond(),
                    source::ticket);
            Producing papers =
                Producing.start(
                    bootstrap,
                    "scans",
                    1,
                    0,
                    Integer.MAX_VALUE,
                    size.scansPerSecond(),
                    scanSource::scan)) {
          if (network != null && disk != null) {
            Thread.sleep(size.between());
            network.cut(Duration.ofMinutes(1));
            LOG.info("the network is back");
            world.awaitCheckpoint();
            disk.fill(Duration.ofSeconds(40));
            LOG.info("the disk has room");
            world.awaitCheckpoint();
          }
          chaos.run(
              chaos.plan(size.kills(), size.victims()),
              size.between(),
              () -> seen.names() >= size.tickets());
          sentScans = papers.stop();
          producing.await();
        }
        Progress.await("every ticket", seen::names, size.tickets());
        Progress.await(
            "every scan",
            () -> {
              // A scan that was rejected will not come any more.
              if (letters.records() > 0) {
                throw new IllegalStateException("rejected: " + letters.counts());
              }
              return scans.names();
            },
            sentScans);
        closeWindows(bootstrap);
        Progress.await("the closing tickets", seen::names, size.tickets() + PARTITIONS);
        Progress.await("the windows' totals", () -> documents(trends), size.tickets());
        world.awaitCheckpoint();
        world.awaitCheckpoint();
        world.awaitCheckpoint();
        int restarts =
            world
                .cluster()
                .get("/jobs/" + world.job() + "/metrics?get=numRestarts")
                .path(0)
                .path("value")
                .asInt();
        Map<String, List<String>> wrong = new HashMap<>();
        wrong.put("kafka", wrongIds(seen.counts()));
        wrong.put("scans", wrongIds(scans.counts(), sentScans, ScanSource::id));
        wrong.put("opensearch", wrongIds(inSearchServer(world)));
        wrong.put("checkpoints", wrongCheckpoints(world));
        world.stop();
        wrong.put("parquet", wrongIds(inParquet()));
        wrong.put(
            "letters",
            letters.records() == 0 ? List.of() : List.of("rejected: " + letters.counts()));
        wrong.put("totals", wrongTotals(trends));
        return new Result(
            chaos.killed(), restarts, sentScans, (System.nanoTime() - started) / 1e9, wrong);
      }
    }
  }

  /** Why a document is a dead letter, by its headers. */
  private static String letter(ConsumerRecord<byte[], byte[]> letter) {
    StringBuilder why = new StringBuilder();
    letter
        .headers()
        .forEach(header ->
            why.append(header.key())
                .append('=')
                .append(new String(header.value(), UTF_8))
                .append(' '));
    return why.toString();
  }

  /**
   * Checkpoints that follow each other at once, of which one alone is kept, can refer to files that
   * are gone; none is completed then until one times out.
   */
  private static List<String> wrongCheckpoints(StreamWorld world) throws IOException {
    List<String> wrong = new ArrayList<>();
    JsonNode settings = world.cluster().get("/jobs/" + world.job() + "/checkpoints/config");
    if (settings.path("min_pause").asLong() < 100) {
      wrong.add("no pause between them: " + settings);
    }
    long kept = world.checkpoints();
    if (kept < 2) {
      wrong.add(kept + " kept");
    }
    return wrong;
  }

  private void closeWindows(String bootstrap) throws Exception {
    try (Producing closing =
        Producing.start(
            bootstrap,
            "tickets",
            PARTITIONS,
            0,
            PARTITIONS,
            0,
            number -> source.closing(number, size.tickets()))) {
      closing.await();
    }
  }

  private static long documents(Map<String, List<JsonNode>> trends) {
    return trends.values().stream()
        .flatMap(List::stream)
        .filter(row -> !row.path("channel").asText().equals("closing"))
        .mapToLong(row -> row.path("documents").asLong())
        .sum();
  }

  private static String group(JsonNode row) {
    return Instant.parse(row.path("window_start").asText()).toEpochMilli()
        + " "
        + row.path("language").asText("none")
        + " "
        + row.path("channel").asText();
  }

  /** The ids in OpenSearch, page by page. */
  private static SortedMap<String, Long> inSearchServer(StreamWorld world) throws Exception {
    world.searchServer().post("/tickets/_refresh", "");
    SortedMap<String, Long> counts = new TreeMap<>();
    String after = "";
    while (true) {
      JsonNode hits =
          world
              .searchServer()
              .post(
                  "/tickets/_search",
                  """
                  {"size": 10000, "_source": ["fields.ticket_id"], "sort": [{"source_uri": "asc"}]%s}
                  """
                      .formatted(after))
              .path("hits")
              .path("hits");
      for (JsonNode hit : hits) {
        counts.merge(hit.path("_source").path("fields").path("ticket_id").asText(), 1L, Long::sum);
        after = ", \"search_after\": " + hit.path("sort");
      }
      if (hits.isEmpty()) {
        return counts;
      }
    }
  }

  private SortedMap<String, Long> inParquet() throws SQLException {
    return query(
        "SELECT split_part(source_uri, '#', 2), count(*) FROM read_parquet('"
            + folder.resolve("out/documents")
            + "/*.parquet') GROUP BY 1");
  }

  private static SortedMap<String, Long> query(String sql) throws SQLException {
    SortedMap<String, Long> counts = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        counts.put(String.valueOf(rows.getString(1)), rows.getLong(2));
      }
    }
    return counts;
  }

  private List<String> wrongIds(Map<String, Long> found) {
    return wrongIds(found, size.tickets(), TicketSource::id);
  }

  /** Ids that are missing, doubled or strange. */
  private static List<String> wrongIds(
      Map<String, Long> found, int expected, IntFunction<String> id) {
    List<String> wrong = new ArrayList<>();
    Map<String, Long> left = new HashMap<>(found);
    for (int i = 0; i < expected; i++) {
      Long count = left.remove(id.apply(i));
      if (count == null || count != 1) {
        wrong.add(id.apply(i) + " " + (count == null ? 0 : count) + " times");
      }
    }
    left.keySet().removeIf(one -> one.startsWith("closing-"));
    left.forEach((one, _) -> wrong.add(one + " is strange"));
    return wrong;
  }

  /** Windows whose totals differ from those of a batch run. */
  private List<String> wrongTotals(Map<String, List<JsonNode>> stream) throws Exception {
    Path tickets = folder.resolve("tickets.jsonl");
    source.write(tickets, size.tickets());
    Path recipe = Files.writeString(folder.resolve("batch.yaml"), batch(tickets));
    Cli.Result result = Cli.dragoman().run("run", recipe.toString(), "--parallelism", "2");
    if (result.code() != 0) {
      throw new IOException("the batch run failed: " + result.err());
    }
    SortedMap<String, Long> expected =
        query(
            "SELECT epoch_ms(window_start) || ' ' || coalesce(language, 'none') || ' ' || channel,"
                + " sum(documents) FROM read_parquet('"
                + folder.resolve("batch/trends")
                + "/*.parquet') WHERE documents > 0 GROUP BY 1");
    List<String> wrong = new ArrayList<>();
    SortedMap<String, Long> found = new TreeMap<>();
    stream.forEach((group, rows) -> {
      if (rows.size() != 1) {
        wrong.add(group + " " + rows.size() + " times");
      }
      long documents = rows.stream().mapToLong(row -> row.path("documents").asLong()).sum();
      if (documents > 0 && !group.endsWith(" closing")) {
        found.put(group, documents);
      }
    });
    if (!found.equals(expected)) {
      expected.forEach((group, count) -> {
        if (!count.equals(found.get(group))) {
          wrong.add(group + ": " + found.get(group) + " in the stream, " + count + " in the batch");
        }
      });
      found.forEach((group, count) -> {
        if (!expected.containsKey(group)) {
          wrong.add(group + ": " + count + " in the stream, none in the batch");
        }
      });
    }
    return wrong;
  }

  /**
   * By hand: {@code tickets perSecond scansPerSecond taskManagers kills secondsBetween folder
   * [disasters]}.
   */
  public static void main(String[] arguments) throws Exception {
    Size size =
        new Size(
            Integer.parseInt(arguments[0]),
            Double.parseDouble(arguments[1]),
            Double.parseDouble(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Duration.ofSeconds(Long.parseLong(arguments[5])),
            List.of(Chaos.Victim.values()),
            arguments.length > 7 && arguments[7].equals("disasters"),
            20261122);
    Result result = new CrashRun(Path.of(arguments[6]), size).run();
    System.out.printf(
        "%d tickets and %d scans in %.0f s; killed %s, restarts of the last job %d%n",
        size.tickets(), result.scans(), result.seconds(), result.killed(), result.restarts());
    result
        .wrong()
        .forEach((where, wrong) ->
            System.out.println(
                where
                    + ": "
                    + (wrong.isEmpty()
                        ? "right"
                        : wrong.size()
                            + " wrong, "
                            + wrong.stream().limit(10).collect(joining("; ")))));
    System.exit(result.right() ? 0 : 1);
  }
}
