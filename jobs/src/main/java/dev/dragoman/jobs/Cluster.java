package dev.dragoman.jobs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.pipelines.Progress;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Flink cluster, asked through its REST endpoint. */
final class Cluster {
  private static final String FLINK = "1.19.";
  private static final int JAVA = 25;
  private static final Pattern JAVA_VERSION = Pattern.compile("- (\\d+)/");
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");

  /** How a graph's counters are called in the names of a job's vertices. */
  private static final Pattern COUNTER = Pattern.compile("\\b(Count [^/()]+)/ParMultiDo");

  private static final Pattern EXCEPTION = Pattern.compile("[\\w.$]+(?:Exception|Error): (.+)");
  private static final String CAUSED_BY = "Caused by: ";

  private static final Set<String> OVER = Set.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED");

  /** Libraries that a cluster has its own of. */
  private static final List<String> THEIRS = List.of("flink-", "slf4j-");

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How old an answer may be: three seconds where web.refresh-interval is not set. */
  private static final Duration STALE = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String address;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private int slots;
  private int freeSlots;

  /** Its class path: addresses and bare names of files. */
  private final Set<String> classPath = new HashSet<>();

  private Cluster(String address) {
    this.address = address;
  }

  /** Whether this is a HOST:PORT. */
  static boolean isAddress(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    return matcher.matches() && Integer.parseInt(matcher.group(1)) <= 65535;
  }

  /**
   * Looks whether a cluster is there that can run what is built here.
   *
   * @throws ClusterException if nobody answers
   * @throws UserException if what answers is not a cluster that fits
   */
  static Cluster at(String address) throws ClusterException {
    Cluster cluster = new Cluster(address);
    JsonNode overview = cluster.first("/overview");
    String version = overview.path("flink-version").asText();
    if (!version.startsWith(FLINK)) {
      throw new UserException(
          "the cluster at "
              + address
              + " runs Flink "
              + version
              + "; jobs here need "
              + FLINK
              + "x");
    }
    cluster.slots = overview.path("slots-total").asInt();
    cluster.freeSlots = overview.path("slots-available").asInt();
    JsonNode environment = cluster.first("/jobmanager/environment");
    Matcher java = JAVA_VERSION.matcher(environment.path("jvm").path("version").asText());
    if (java.find() && Integer.parseInt(java.group(1)) < JAVA) {
      throw new UserException(
          "the cluster at "
              + address
              + " runs on Java "
              + java.group(1)
              + "; it needs Java "
              + JAVA);
    }
    for (JsonNode entry : environment.path("classpath")) {
      cluster.classPath.add(entry.asText());
      cluster.classPath.add(entry.asText().substring(entry.asText().lastIndexOf('/') + 1));
    }
    return cluster;
  }

  /** Where it is. */
  String address() {
    return address;
  }

  /** How many tasks can start now; 0 if a TaskManager has to start or become free first. */
  int freeSlots() {
    return freeSlots;
  }

  /** What to know before a job starts that wants so many slots, or null if all is well. */
  @Nullable String warning(int wanted) {
    if (slots == 0) {
      return "the cluster has no TaskManager yet; the job waits for one";
    }
    if (freeSlots < Math.max(wanted, 1)) {
      return "the job waits for task slots: it wants "
          + Math.max(wanted, 1)
          + ", of the cluster's "
          + slots
          + " are free: "
          + freeSlots;
    }
    return null;
  }

  /**
   * The files that its workers have to be given to run what this JVM was started with: all of them,
   * so that no class is half theirs and half ours, or next to nothing if they were started with the
   * same modules of this house.
   */
  List<String> filesToStage() throws IOException {
    List<Path> own =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(entry -> Path.of(entry).toAbsolutePath())
            .filter(Files::exists)
            .toList();
    boolean theyHaveIt = own.stream().filter(Cluster::isOurs).allMatch(this::has);
    return (theyHaveIt ? Stream.of(emptyJar()) : own.stream().filter(Cluster::isToBeGiven))
        .map(Path::toString)
        .toList();
  }

  private boolean has(Path entry) {
    return classPath.contains(
        Files.isDirectory(entry) ? entry.toString() : String.valueOf(entry.getFileName()));
  }

  private static boolean isOurs(Path entry) {
    return Files.isDirectory(entry) || String.valueOf(entry.getFileName()).startsWith("dragoman-");
  }

  private static boolean isToBeGiven(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return THEIRS.stream().noneMatch(name::startsWith);
  }

  /** Beam stages the whole class path if it is told to stage nothing. */
  private static Path emptyJar() throws IOException {
    Path jar = Files.createTempFile("dragoman-job-", ".jar");
    jar.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, new Manifest()).close();
    }
    return jar;
  }

  /** The id of the job of this name, or null if there is none. */
  @Nullable String jobId(String name) throws ClusterException {
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("name").asText().equals(name)) {
        return job.path("jid").asText();
      }
    }
    return null;
  }

  /**
   * Waits until the job of this name runs.
   *
   * @return its id
   * @throws ClusterException if it fails, or does not run after so long
   */
  String awaitRunning(String name, Duration patience)
      throws ClusterException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    String id = null;
    String state = "";
    while (System.nanoTime() < deadline) {
      id = id == null ? jobId(name) : id;
      if (id != null) {
        JsonNode job = get("/jobs/" + id);
        state = job.path("state").asText();
        if (OVER.contains(state)) {
          throw new ClusterException("the job ended as " + state + ": " + failure(id));
        }
        boolean allRun = job.path("vertices").size() > 0;
        for (JsonNode vertex : job.path("vertices")) {
          allRun &= vertex.path("status").asText().equals("RUNNING");
        }
        if (allRun) {
          return id;
        }
      }
      Thread.sleep(300);
    }
    throw new ClusterException(
        "the job does not run after "
            + patience.toMinutes()
            + " minutes"
            + (state.isEmpty() ? "" : " (" + state + ")")
            + (id == null ? "" : ": " + failure(id)));
  }

  /** A setting of the cluster, empty if it has none of this name. */
  String setting(String key) throws ClusterException {
    for (JsonNode entry : get("/jobmanager/config")) {
      if (entry.path("key").asText().equals(key)) {
        return entry.path("value").asText();
      }
    }
    return "";
  }

  /** What is known of every job, the newest first. */
  List<JobOverview> jobs() throws ClusterException {
    List<JobOverview> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(overview(job));
    }
    jobs.sort(Comparator.comparing(JobOverview::started).reversed());
    return jobs;
  }

  /**
   * A job.
   *
   * @param lastCheckpoint when the newest complete one was, null before the first
   * @param checkpointMillis how long it took
   * @param stateBytes in it
   */
  record JobOverview(
      String id,
      String name,
      String state,
      Instant started,
      int restarts,
      @Nullable Instant lastCheckpoint,
      long checkpoints,
      long failedCheckpoints,
      long checkpointMillis,
      long stateBytes,
      @Nullable String savepoint,
      String failure) {
    boolean isOver() {
      return OVER.contains(state);
    }
  }

  private JobOverview overview(JsonNode job) throws ClusterException {
    String id = job.path("jid").asText();
    JsonNode checkpoints = get("/jobs/" + id + "/checkpoints");
    JsonNode counts = checkpoints.path("counts");
    JsonNode latest = checkpoints.path("latest").path("completed");
    JsonNode savepoint = checkpoints.path("latest").path("savepoint").path("external_path");
    JsonNode exceptions = get("/jobs/" + id + "/exceptions").path("root-exception");
    return new JobOverview(
        id,
        job.path("name").asText(),
        job.path("state").asText(),
        Instant.ofEpochMilli(job.path("start-time").asLong()),
        restarts(id),
        latest.path("latest_ack_timestamp").asLong() > 0
            ? Instant.ofEpochMilli(latest.path("latest_ack_timestamp").asLong())
            : null,
        counts.path("completed").asLong(),
        counts.path("failed").asLong(),
        latest.path("end_to_end_duration").asLong(),
        latest.path("state_size").asLong(),
        savepoint.isTextual() ? savepoint.asText() : null,
        exceptions.isTextual() && !exceptions.asText().isEmpty()
            ? rootMessage(exceptions.asText())
            : "");
  }

  private int restarts(String id) throws ClusterException {
    for (JsonNode metric : get("/jobs/" + id + "/metrics?get=numRestarts")) {
      return metric.path("value").asInt();
    }
    return 0;
  }

  /**
   * Stops a job after a savepoint; nothing it has taken in is lost.
   *
   * @param folder for the savepoint, empty for the cluster's own
   * @return where the savepoint is
   */
  String stopWithSavepoint(String jobId, String folder) throws ClusterException {
    return savepoint(jobId, folder, "stop", "");
  }

  /** Makes a savepoint of a job that goes on; answers where it is. */
  String savepoint(String jobId, String folder) throws ClusterException {
    return savepoint(jobId, folder, "savepoints", "\"cancel-job\": false, ");
  }

  private String savepoint(String jobId, String folder, String what, String more)
      throws ClusterException {
    String target =
        folder.isEmpty()
            ? ""
            : ", \"target"
                + (what.equals("stop") ? "Directory" : "-directory")
                + "\": "
                + JSON.valueToTree(folder);
    JsonNode answer =
        send(
            request("/jobs/" + jobId + "/" + what)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{" + more + "\"formatType\": \"CANONICAL\"" + target + "}")));
    String trigger = answer.path("request-id").asText();
    if (trigger.isEmpty()) {
      throw new ClusterException(
          "the cluster refused it: " + rootMessage(answer.path("errors").path(0).asText()));
    }
    while (true) {
      JsonNode state = get("/jobs/" + jobId + "/savepoints/" + trigger);
      if (state.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode failure = state.path("operation").path("failure-cause").path("stack-trace");
        if (failure.isTextual()) {
          throw new ClusterException("the savepoint failed: " + rootMessage(failure.asText()));
        }
        return state.path("operation").path("location").asText();
      }
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted; the savepoint goes on", e);
      }
    }
  }

  /** Tells a job to stop. */
  void cancel(String jobId) throws ClusterException {
    send(
        request("/jobs/" + jobId + "?mode=cancel")
            .method("PATCH", HttpRequest.BodyPublishers.noBody()));
  }

  /** Whether a job has ended, well or not. */
  boolean isOver(String jobId) throws ClusterException {
    return OVER.contains(get("/jobs/" + jobId).path("state").asText());
  }

  /**
   * Waits until what is told of a job that has ended is told of its end: for some seconds a
   * JobManager answers with what it knew before, also with what the job had counted by then.
   */
  void awaitEndTold(String jobId) throws ClusterException, InterruptedException {
    long deadline = System.nanoTime() + STALE.toNanos();
    while (!isOver(jobId) && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
  }

  /** How far a job is. */
  Progress.Snapshot progress(String jobId) throws ClusterException {
    Map<String, Long> read = new HashMap<>();
    for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
      long records = vertex.path("metrics").path("read-records").asLong();
      COUNTER
          .matcher(vertex.path("name").asText())
          .results()
          .map(name -> name.group(1))
          .distinct()
          .forEach(name -> read.merge(name, records, Long::sum));
    }
    return Progress.current().snapshot(read);
  }

  /** Why a job failed, in one line. */
  String failure(String jobId) throws ClusterException {
    String trace = get("/jobs/" + jobId + "/exceptions").path("root-exception").asText();
    if (trace.contains("NoResourceAvailableException")) {
      return "it has not enough free task slots; give a smaller --parallelism, or start more"
          + " TaskManagers";
    }
    return trace.isEmpty() ? "it does not say why" : rootMessage(trace);
  }

  /** The last cause of a stack trace, without the class it is of if it says something. */
  static String rootMessage(String trace) {
    List<String> lines = trace.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    String root =
        lines.reversed().stream()
            .filter(line -> line.startsWith(CAUSED_BY))
            .findFirst()
            .map(line -> line.substring(CAUSED_BY.length()))
            .orElse(lines.isEmpty() ? "" : lines.getFirst());
    Matcher exception = EXCEPTION.matcher(root);
    return exception.matches() ? exception.group(1) : root;
  }

  private JsonNode first(String path) throws ClusterException {
    try {
      return get(path);
    } catch (ClusterException e) {
      if (e.getCause() instanceof JacksonException) {
        throw new UserException(
            "what answers at " + address + " is not the REST endpoint of a Flink cluster", e);
      }
      throw e;
    }
  }

  private JsonNode get(String path) throws ClusterException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(PATIENCE);
  }

  private JsonNode send(HttpRequest.Builder request) throws ClusterException {
    try {
      return JSON.readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    } catch (JacksonException e) {
      throw new ClusterException(
          "the cluster at " + address + " gave an answer that is no JSON", e);
    } catch (ConnectException e) {
      throw new ClusterException(nobody("no connection"), e);
    } catch (HttpTimeoutException e) {
      throw new ClusterException(nobody("it took more than " + PATIENCE.toSeconds() + " s"), e);
    } catch (IOException e) {
      throw new ClusterException(
          nobody(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", e);
    }
  }

  private String nobody(String why) {
    return "no Flink cluster answers at "
        + address
        + " ("
        + why
        + "); see that one runs there and that --runner names its REST port";
  }
}
