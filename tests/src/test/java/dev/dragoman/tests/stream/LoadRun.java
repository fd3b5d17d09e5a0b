package dev.dragoman.tests.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast a stream on Kafka is, how late its documents are, and what it takes of the machine.
 *
 * <pre>
 * capacity FOLDER STEPS TASK_MANAGERS TICKETS             tickets a second, as fast as it goes
 * latency  FOLDER STEPS TASK_MANAGERS TICKETS SECONDS     from Kafka to Kafka, at half of that
 * growth   FOLDER STEPS TASK_MANAGERS TICKETS             cost and state on the way there, from a thousandth
 * soak     FOLDER STEPS TASK_MANAGERS TICKETS SECONDS     memory, threads, files at 70 % of that
 * </pre>
 *
 * STEPS is {@code light} (language, personal data) or {@code models} (embedding and classification
 * with a model too).
 */
final class LoadRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);
  private static final int PARTITIONS = 4;
  private static final int FIRST_STRETCH = 10_000;
  private static final String LIGHT =
      """
          - {type: DetectLanguage, config: {languages: [en, nl]}}
          - {type: MaskPii, config: {policy: redact}}
      """;
  private static final String MODELS =
      LIGHT
          + """
              - {type: Chunk, config: {model: all-minilm-l6-v2}}
              - {type: Embed, config: {model: all-minilm-l6-v2}}
              - type: Classify
                config:
                  into: category
                  model: all-minilm-l6-v2
                  labels:
                    billing: [invoice, refund, payment, I was charged twice]
                    technical: [error, crash, the app does not work]
                    delivery: [parcel, my order has not arrived, courier]
          """
              .indent(0);

  private final StreamWorld world;
  private final TicketSource source;
  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicLong lastSeen = new AtomicLong();
  private final Latencies latencies = new Latencies();
  private final Committed reader;
  private int next;

  LoadRun(Path folder, String steps, int taskManagers) throws Exception {
    source = new TicketSource(7, Instant.EPOCH, Duration.ofMillis(1));
    world = StreamWorld.startTouched(folder, taskManagers, 1, 900);
    world.broker().createTopic("tickets", PARTITIONS);
    world.broker().createTopic("enriched", PARTITIONS);
    world.broker().createTopic("letters", 1);
    world.run(recipe(steps.equals("models") ? MODELS : LIGHT));
    reader =
        Committed.read(
            world.broker().address(),
            "enriched",
            (record, at) -> {
              JsonNode row = Committed.json(record);
              latencies.add(at - Instant.parse(row.path("event_time").asText()).toEpochMilli());
              seen.incrementAndGet();
              lastSeen.set(System.nanoTime());
            });
  }

  private String recipe(String steps) {
    return """
    pipeline:
      type: chain
      source:
        type: ReadKafka
        config:
          bootstrap_servers: "%1$s"
          topics: [tickets]
          group: load
          event_time: created_at
          id_field: ticket_id
          text: [text]
      transforms:
    %2$s
      sink:
        type: WriteKafka
        config: {bootstrap_servers: "%1$s", topic: enriched, group: enriched-sink}
      extra_transforms:
        - type: WriteKafka
          name: WriteLetters
          input: rejected
          config: {bootstrap_servers: "%1$s", topic: letters, group: letters-sink}
    options: {max_latency: 100ms, checkpoint_every: 500ms}
    """
        .formatted(world.broker().address(), steps.stripTrailing());
  }

  private Producing produce(int tickets, double perSecond) {
    int from = next;
    next += tickets;
    return Producing.start(
        world.broker().address(),
        "tickets",
        PARTITIONS,
        from,
        next,
        perSecond,
        number -> source.ticketAt(number, Instant.now()));
  }

  private void awaitAll() throws Exception {
    Progress.await("every ticket", seen::get, next);
  }

  /** Tickets a second that come out when all of them wait in Kafka. */
  double capacity(int tickets) throws Exception {
    try (Producing warm = produce(Math.max(200, tickets / 10), 0)) {
      warm.await();
      awaitAll();
    }
    long start = System.nanoTime();
    try (Producing all = produce(tickets, 0)) {
      awaitAll();
      all.await();
    }
    return tickets / ((lastSeen.get() - start) / 1e9);
  }

  private void latency(double perSecond, int seconds) throws Exception {
    try (Producing warm = produce((int) (perSecond * 10), perSecond)) {
      warm.await();
      awaitAll();
    }
    latencies.clear();
    try (Producing all = produce((int) (perSecond * seconds), perSecond)) {
      all.await();
      awaitAll();
    }
    System.out.printf(Locale.ROOT, "at %.0f tickets/s: %s%n", perSecond, latencies);
  }

  /**
   * What some tickets took.
   *
   * @param until tickets since the beginning
   * @param cpuMillis of the workers' processors, a ticket
   * @param stateKb of a checkpoint, half of which were smaller
   * @param writtenKb that such a checkpoint wrote
   * @param residentMb of the workers
   */
  record Stretch(
      int until,
      double perSecond,
      double cpuMillis,
      double stateKb,
      double writtenKb,
      long residentMb) {
    private static final String HEAD =
        "tickets   tickets/s  cpu ms/ticket  state KiB  written KiB  resident MiB";

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%8d  %9.0f  %13.2f  %9.0f  %11.0f  %12d",
          until,
          perSecond,
          cpuMillis,
          stateKb,
          writtenKb,
          residentMb);
    }
  }

  /** Where a stretch begins. */
  private record Mark(int tickets, double cpuSeconds, long nanos) {}

  private Mark mark() {
    return new Mark(seen.get(), cpuSeconds(), System.nanoTime());
  }

  /** A checkpoint that is complete. */
  record Checkpoint(long id, long millis, long stateBytes, long writtenBytes) {}

  private static double median(Collection<Checkpoint> checkpoints, ToLongFunction<Checkpoint> of) {
    return checkpoints.stream()
        .mapToLong(of)
        .sorted()
        .skip(checkpoints.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private Stretch since(Mark mark, Collection<Checkpoint> watched) {
    int until = seen.get();
    int tickets = until - mark.tickets();
    return new Stretch(
        until,
        tickets / ((lastSeen.get() - mark.nanos()) / 1e9),
        (cpuSeconds() - mark.cpuSeconds()) * 1e3 / tickets,
        median(watched, Checkpoint::stateBytes) / 1024,
        median(watched, Checkpoint::writtenBytes) / 1024,
        residentMb());
  }

  private void growth(int tickets) throws Exception {
    System.out.println(Stretch.HEAD);
    for (int share : new int[] {1000, 100, 50, 20, 10, 5, 4, 3, 2, 1}) {
      Mark mark = mark();
      try (Producing all = produce(tickets / share - next, 0)) {
        awaitAll();
        all.await();
      }
      world.awaitCheckpoint();
      System.out.println(since(mark, List.of(newest())));
    }
  }

  /**
   * What an even load took of the machine.
   *
   * @param checkpoints how long each took, in milliseconds
   * @param stretches up to ten thousand tickets, twenty, fifty, a hundred and so on
   * @param processes what each process took in the first third of the time, and in the last
   */
  record Soak(
      double perSecond,
      String latencies,
      List<Long> checkpoints,
      List<Stretch> stretches,
      SortedMap<String, Change> processes) {
    Soak {
      checkpoints = List.copyOf(checkpoints);
      stretches = List.copyOf(stretches);
      processes = new TreeMap<>(processes);
    }

    long checkpoint(double share) {
      return checkpoints.stream()
          .sorted()
          .skip(Math.min(checkpoints.size() - 1, Math.round(share * checkpoints.size())))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append("at %.0f tickets/s: %s%n".formatted(perSecond, latencies));
      text.append(
          "%d checkpoints: median %d ms, p99 %d ms, longest %d ms%n"
              .formatted(checkpoints.size(), checkpoint(0.5), checkpoint(0.99), checkpoint(1)));
      text.append("%s%n".formatted(Stretch.HEAD));
      stretches.forEach(stretch -> text.append("%s%n".formatted(stretch)));
      processes.forEach((name, change) ->
          text.append("%-14s %s -> %s%n".formatted(name, change.first(), change.last())));
      return text.toString();
    }
  }

  /** Of one process, in the first third of a soak and in its last. */
  record Change(Taken first, Taken last) {}

  /**
   * Means over a while.
   *
   * @param liveMb what its objects take of the heap, at the beginning or the end of the soak
   */
  record Taken(double liveMb, double residentMb, double threads, double files) {
    static Taken mean(double liveMb, List<ProcessWatch.Sample> samples) {
      return new Taken(
          liveMb,
          samples.stream().mapToLong(ProcessWatch.Sample::residentMb).average().orElseThrow(),
          samples.stream().mapToInt(ProcessWatch.Sample::threads).average().orElseThrow(),
          samples.stream().mapToInt(ProcessWatch.Sample::files).average().orElseThrow());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.1f MiB live, %.0f MiB resident, %.0f threads, %.0f files",
          liveMb,
          residentMb,
          threads,
          files);
    }
  }

  Soak soak(double perSecond, int seconds) throws Exception {
    SortedMap<Long, Checkpoint> checkpoints = new TreeMap<>();
    long before = newest().id();
    List<Stretch> stretches = new ArrayList<>();
    SortedMap<String, Long> processes = processes();
    Map<String, Double> live = live(processes);
    latencies.clear();
    int from = next;
    int tickets = (int) (perSecond * seconds);
    try (ProcessWatch watch = ProcessWatch.of(processes, Duration.ofSeconds(2));
        Producing all = produce(tickets, perSecond)) {
      Mark mark = mark();
      long due = FIRST_STRETCH;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end) {
        Thread.sleep(250);
        Checkpoint newest = newest();
        checkpoints.put(newest.id(), newest);
        if (seen.get() - from >= due) {
          stretches.add(since(mark, checkpoints.tailMap(before + 1).values()));
          before = newest.id();
          LOG.info("{}", stretches.getLast());
          mark = mark();
          due = Long.toString(due).startsWith("2") ? due / 2 * 5 : 2 * due;
        }
      }
      all.await();
      awaitAll();
      SortedMap<String, List<ProcessWatch.Sample>> samples = watch.samples();
      Map<String, Double> liveAtEnd = live(processes);
      SortedMap<String, Change> changes = new TreeMap<>();
      samples.forEach((name, seen) -> {
        int third = seen.size() / 3;
        changes.put(
            name,
            new Change(
                Taken.mean(live.getOrDefault(name, 0.0), seen.subList(0, third)),
                Taken.mean(
                    liveAtEnd.getOrDefault(name, 0.0), seen.subList(2 * third, seen.size()))));
      });
      return new Soak(
          perSecond,
          latencies.toString(),
          checkpoints.values().stream().map(Checkpoint::millis).toList(),
          stretches,
          changes);
    }
  }

  private static Map<String, Double> live(Map<String, Long> processes) throws Exception {
    Map<String, Double> live = new HashMap<>();
    for (Map.Entry<String, Long> process : processes.entrySet()) {
      live.put(process.getKey(), ProcessWatch.liveMb(process.getValue()));
    }
    return live;
  }

  StreamWorld world() {
    return world;
  }

  /** How many tickets came out. */
  int seen() {
    return seen.get();
  }

  /** What the tickets say, which no log may tell. */
  List<String> contents() {
    return source.texts();
  }

  private SortedMap<String, Long> processes() {
    SortedMap<String, Long> processes = new TreeMap<>();
    world
        .cluster()
        .members()
        .forEach(member ->
            processes.put(
                member.isJobManager() ? "JobManager" : "TaskManager " + member.number(),
                member.pid()));
    processes.put("broker", world.broker().pid().orElseThrow());
    return processes;
  }

  private double cpuSeconds() {
    return world.cluster().taskManagers().stream()
        .mapToDouble(member -> ProcessWatch.look(member.pid()).cpuSeconds())
        .sum();
  }

  private long residentMb() {
    return world.cluster().taskManagers().stream()
        .mapToLong(member -> ProcessWatch.look(member.pid()).residentMb())
        .sum();
  }

  private Checkpoint newest() throws Exception {
    JsonNode newest =
        world
            .cluster()
            .get("/jobs/" + world.job() + "/checkpoints")
            .path("latest")
            .path("completed");
    return new Checkpoint(
        newest.path("id").asLong(),
        newest.path("end_to_end_duration").asLong(),
        newest.path("state_size").asLong(),
        newest.path("checkpointed_size").asLong());
  }

  @Override
  public void close() throws Exception {
    try (world) {
      reader.close();
    }
  }

  /** See the description of the class. */
  public static void main(String[] arguments) throws Exception {
    int tickets = Integer.parseInt(arguments[4]);
    int seconds = arguments.length > 5 ? Integer.parseInt(arguments[5]) : 60;
    try (LoadRun run =
        new LoadRun(Path.of(arguments[1]), arguments[2], Integer.parseInt(arguments[3]))) {
      switch (arguments[0]) {
        case "capacity" ->
            System.out.printf(Locale.ROOT, "capacity %.0f tickets/s%n", run.capacity(tickets));
        case "latency" -> {
          double capacity = run.capacity(tickets);
          System.out.printf(Locale.ROOT, "capacity %.0f tickets/s%n", capacity);
          run.latency(capacity / 2, seconds);
        }
        case "growth" -> run.growth(tickets);
        case "soak" -> {
          double capacity = run.capacity(tickets);
          System.out.printf(Locale.ROOT, "capacity %.0f tickets/s%n", capacity);
          System.out.print(run.soak(0.7 * capacity, seconds));
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    System.exit(0);
  }
}
