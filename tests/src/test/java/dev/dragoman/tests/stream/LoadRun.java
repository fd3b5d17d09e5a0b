package dev.dragoman.tests.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast a stream on Kafka is, how late its documents are, and what it takes of the machine.
 *
 * <pre>
 * capacity FOLDER STEPS TASK_MANAGERS TICKETS             tickets a second, as fast as it goes
 * latency  FOLDER STEPS TASK_MANAGERS TICKETS SECONDS     from Kafka to Kafka, at half of that
 * growth   FOLDER STEPS TASK_MANAGERS TICKETS             cost and state on the way there, from a hundredth
 * soak     FOLDER STEPS TASK_MANAGERS TICKETS SECONDS     memory, threads, files at 70 % of that
 * </pre>
 *
 * STEPS is {@code light} (language, personal data) or {@code models} (embedding and classification
 * with a model too).
 */
final class LoadRun implements AutoCloseable {
  private static final int PARTITIONS = 4;
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
    world = StreamWorld.start(folder, taskManagers, 1, 900, false);
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

  private void awaitAll() throws InterruptedException {
    int before = seen.get();
    long progress = System.nanoTime();
    while (seen.get() < next) {
      Thread.sleep(50);
      if (seen.get() > before) {
        before = seen.get();
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > 180e9) {
        throw new IllegalStateException("nothing came for 3 minutes; " + before + " of " + next);
      }
    }
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

  private void growth(int tickets) throws Exception {
    System.out.println("tickets   tickets/s  cpu ms/ticket  state KiB  resident MiB");
    for (int share : new int[] {100, 50, 20, 10, 5, 4, 3, 2, 1}) {
      int sent = next;
      int more = tickets / share - sent;
      double cpu = cpuSeconds();
      long start = System.nanoTime();
      try (Producing all = produce(more, 0)) {
        awaitAll();
        all.await();
      }
      world.awaitCheckpoint();
      System.out.printf(
          Locale.ROOT,
          "%8d  %9.0f  %13.2f  %9d  %12d%n",
          next,
          more / ((lastSeen.get() - start) / 1e9),
          (cpuSeconds() - cpu) * 1e3 / more,
          checkpoint("state_size") / 1024,
          residentMb());
    }
  }

  /**
   * What an even load took of the machine.
   *
   * @param checkpoints how long each took, in milliseconds
   * @param processes what each process took in the first third of the time, and in the last
   */
  record Soak(
      double perSecond,
      String latencies,
      List<Long> checkpoints,
      SortedMap<String, List<Taken>> processes) {
    Soak {
      checkpoints = List.copyOf(checkpoints);
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
      processes.forEach((name, taken) ->
          text.append("%-14s %s -> %s%n".formatted(name, taken.getFirst(), taken.getLast())));
      return text.toString();
    }
  }

  /** Means over a while. */
  record Taken(double residentMb, double threads, double files) {
    static Taken mean(List<ProcessWatch.Sample> samples) {
      return new Taken(
          samples.stream().mapToLong(ProcessWatch.Sample::residentMb).average().orElseThrow(),
          samples.stream().mapToInt(ProcessWatch.Sample::threads).average().orElseThrow(),
          samples.stream().mapToInt(ProcessWatch.Sample::files).average().orElseThrow());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.0f MiB, %.0f threads, %.0f files", residentMb, threads, files);
    }
  }

  Soak soak(double perSecond, int seconds) throws Exception {
    SortedMap<Long, Long> checkpoints = new TreeMap<>();
    latencies.clear();
    try (ProcessWatch watch = ProcessWatch.of(processes(), Duration.ofSeconds(2));
        Producing all = produce((int) (perSecond * seconds), perSecond)) {
      for (long end = System.nanoTime() + seconds * 1_000_000_000L; System.nanoTime() < end; ) {
        Thread.sleep(250);
        checkpoints.put(checkpoint("id"), checkpoint("end_to_end_duration"));
      }
      all.await();
      awaitAll();
      SortedMap<String, List<Taken>> taken = new TreeMap<>();
      watch
          .samples()
          .forEach((name, samples) -> {
            int third = samples.size() / 3;
            taken.put(
                name,
                List.of(
                    Taken.mean(samples.subList(0, third)),
                    Taken.mean(samples.subList(2 * third, samples.size()))));
          });
      return new Soak(perSecond, latencies.toString(), List.copyOf(checkpoints.values()), taken);
    }
  }

  StreamWorld world() {
    return world;
  }

  /** How many tickets came out. */
  int seen() {
    return seen.get();
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

  private long checkpoint(String what) throws Exception {
    return world
        .cluster()
        .get("/jobs/" + world.job() + "/checkpoints")
        .path("latest")
        .path("completed")
        .path(what)
        .asLong();
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
