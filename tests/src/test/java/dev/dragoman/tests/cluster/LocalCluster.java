package dev.dragoman.tests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A standalone Flink cluster on 127.0.0.1: one JobManager and some TaskManagers of one slot, each a
 * process, with free ports and everything they write in one folder.
 *
 * <p>{@link #close} kills them; so does the end of the process that started them, however it comes.
 */
public final class LocalCluster implements AutoCloseable {
  /** Heap of a TaskManager: the models of the default recipe, and its language profiles. */
  private static final int TASK_HEAP_MB = 900;

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final int restPort;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private LocalCluster(Path folder, int restPort) {
    this.folder = folder;
    this.restPort = restPort;
  }

  /**
   * Starts one and waits until every TaskManager has joined.
   *
   * @param folder for configuration, logs and temporary files; made if it is not there
   * @param classPath what the processes are started with; Flink at least
   * @param environment variables of the processes beside the inherited ones
   * @param settings of Flink beside those that are needed
   */
  public static LocalCluster start(
      Path folder,
      List<Path> classPath,
      int taskManagers,
      Map<String, String> environment,
      Map<String, String> settings)
      throws IOException {
    int rpcPort = freePort();
    int restPort = freePort();
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.createDirectories(folder.resolve("tmp"));
    StringBuilder yaml = new StringBuilder(configuration(folder, rpcPort, restPort));
    new TreeMap<>(settings)
        .forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    Files.writeString(conf.resolve("config.yaml"), yaml);
    LocalCluster cluster = new LocalCluster(folder, restPort);
    try {
      cluster.launch("jobmanager", 400, classPath, environment, "--executionMode", "cluster");
      for (int i = 1; i <= taskManagers; i++) {
        cluster.launch(
            "taskmanager",
            TASK_HEAP_MB,
            classPath,
            environment,
            "-Dtaskmanager.resource-id=tm" + i);
      }
      cluster.awaitTaskManagers(taskManagers);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The class path of this JVM. */
  public static List<Path> ownClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(Files::exists)
        .toList();
  }

  /** What is Flink's on the class path of this JVM, and the main class of this package. */
  public static List<Path> flinkAlone() {
    List<String> names =
        List.of(
            "flink-",
            "commons-cli-",
            "commons-collections-",
            "commons-compress-",
            "commons-io-",
            "commons-lang3-",
            "commons-math3-",
            "commons-text-",
            "chill-java-",
            "javassist-",
            "jsr305-",
            "kryo-",
            "lz4-java-",
            "minlog-",
            "objenesis-",
            "slf4j-",
            "snakeyaml-engine-",
            "snappy-java-",
            "test-classes");
    return ownClassPath().stream()
        .filter(entry -> names.stream().anyMatch(String.valueOf(entry.getFileName())::startsWith))
        .toList();
  }

  /** What {@code --runner} takes. */
  public String address() {
    return "127.0.0.1:" + restPort;
  }

  /** How many TaskManagers took part in the newest job. */
  public int workedFor() throws IOException {
    Set<String> workers = new HashSet<>();
    String job = get("/jobs/overview").path("jobs").path(0).path("jid").asText();
    for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
      for (JsonNode subtask :
          get("/jobs/" + job + "/vertices/" + vertex.path("id").asText()).path("subtasks")) {
        workers.add(subtask.path("taskmanager-id").asText());
      }
    }
    return workers.size();
  }

  /** What the processes have logged, for a test that failed. */
  public String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
        all.append("== ").append(file.getFileName()).append('\n').append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** Asks the REST endpoint for something, such as {@code /jobs/overview}. */
  public JsonNode get(String path) throws IOException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + address() + path))
              .timeout(Duration.ofSeconds(10))
              .build();
      return new ObjectMapper()
          .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Kills every process of it and deletes what they wrote, except the logs. */
  @Override
  public void close() throws IOException {
    http.close();
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    try {
      for (Process process : processes) {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          throw new IOException("process " + process.pid() + " cannot be killed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    delete(folder.resolve("tmp"));
  }

  private void launch(
      String kind,
      int heapMb,
      List<Path> classPath,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMb + "m",
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            // Flink's own pekko.startup-timeout does not reach where these 10 s are counted.
            "-Dpekko.remote.classic.startup-timeout=100s",
            "-Djava.io.tmpdir=" + folder.resolve("tmp"),
            FlinkProcess.class.getName(),
            kind,
            Long.toString(ProcessHandle.current().pid()),
            "--configDir",
            folder.resolve("conf").toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(kind + "-" + processes.size() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> variables = new TreeMap<>(environment);
    // A command line above 4 KB crashes some native libraries.
    variables.put(
        "CLASSPATH",
        String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    builder.environment().putAll(variables);
    processes.add(builder.start());
  }

  private void awaitTaskManagers(int wanted) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Process process : processes) {
        if (!process.isAlive()) {
          throw new IOException("a process of the cluster ended at once:\n" + logs());
        }
      }
      try {
        if (get("/overview").path("taskmanagers").asInt() == wanted) {
          return;
        }
      } catch (IOException _) {
        Thread.onSpinWait();
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    throw new IOException("the cluster was not up after " + PATIENCE + ":\n" + logs());
  }

  private static String configuration(Path folder, int rpcPort, int restPort) {
    return """
    jobmanager.rpc.address: 127.0.0.1
    jobmanager.bind-host: 127.0.0.1
    jobmanager.rpc.port: %1$d
    rest.address: 127.0.0.1
    rest.bind-address: 127.0.0.1
    rest.port: %2$d
    rest.bind-port: %2$d
    taskmanager.host: 127.0.0.1
    taskmanager.bind-host: 127.0.0.1
    taskmanager.numberOfTaskSlots: 1
    taskmanager.cpu.cores: 1.0
    taskmanager.memory.task.heap.size: %3$dm
    taskmanager.memory.task.off-heap.size: 64m
    taskmanager.memory.framework.heap.size: 128m
    taskmanager.memory.framework.off-heap.size: 128m
    taskmanager.memory.managed.size: 128m
    taskmanager.memory.network.min: 64m
    taskmanager.memory.network.max: 64m
    taskmanager.memory.jvm-metaspace.size: 512m
    taskmanager.memory.jvm-overhead.min: 256m
    taskmanager.memory.jvm-overhead.max: 256m
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 1
    restart-strategy.fixed-delay.delay: 1 s
    pekko.ask.timeout: 60 s
    web.submit.enable: false
    io.tmp.dirs: %4$s/tmp
    blob.storage.directory: %4$s/tmp
    web.upload.dir: %4$s/tmp
    """
        .formatted(rpcPort, restPort, TASK_HEAP_MB - 128, folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
