package dev.dragoman.jobs.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A standalone Flink cluster on 127.0.0.1: one JobManager and some TaskManagers, each a process,
 * with everything they write in one folder.
 *
 * <p>{@link #close} kills them; unless it is told to last, so does the end of the process that
 * started them, however it comes.
 */
public final class LocalCluster implements AutoCloseable {
  private static final String JOB_MANAGER = "jobmanager";
  private static final String TASK_MANAGER = "taskmanager";
  private static final int JOB_HEAP_MB = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Settings settings;
  private final List<Member> members = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private int started;

  private LocalCluster(Settings settings) {
    this.settings = settings;
  }

  /**
   * What a cluster is like.
   *
   * @param folder for configuration, logs and temporary files; made if it is not there
   * @param restPort of its REST endpoint; another is free for its RPC
   * @param classPath what the processes are started with; Flink at least
   * @param slots of each TaskManager
   * @param taskHeapMb of each TaskManager
   * @param environment variables of the processes beside the inherited ones
   * @param flink settings of Flink beside those that are needed
   * @param lasting whether it lives on when the process ends that started it
   */
  public record Settings(
      Path folder,
      int restPort,
      int rpcPort,
      List<Path> classPath,
      int slots,
      int taskHeapMb,
      SortedMap<String, String> environment,
      SortedMap<String, String> flink,
      boolean lasting) {
    public Settings {
      classPath = List.copyOf(classPath);
      environment = new TreeMap<>(environment);
      flink = new TreeMap<>(flink);
    }

    /** With free ports, and what the default recipe needs in each of its single slots. */
    public static Settings in(Path folder, List<Path> classPath) throws IOException {
      return new Settings(
          folder,
          freePort(),
          freePort(),
          classPath,
          1,
          900,
          new TreeMap<>(),
          new TreeMap<>(),
          false);
    }

    /** The same with other variables and settings beside those it has. */
    public Settings with(Map<String, String> variables, Map<String, String> more) {
      SortedMap<String, String> allVariables = new TreeMap<>(environment);
      allVariables.putAll(variables);
      SortedMap<String, String> all = new TreeMap<>(flink);
      all.putAll(more);
      return new Settings(
          folder, restPort, rpcPort, classPath, slots, taskHeapMb, allVariables, all, lasting);
    }

    /** The same with other TaskManagers. */
    public Settings withTaskManagersOf(int otherSlots, int otherHeapMb) {
      return new Settings(
          folder,
          restPort,
          rpcPort,
          classPath,
          otherSlots,
          otherHeapMb,
          environment,
          flink,
          lasting);
    }

    /** The same, to last, at this port. */
    public Settings lastingAt(int port) {
      return new Settings(
          folder, port, rpcPort, classPath, slots, taskHeapMb, environment, flink, true);
    }
  }

  /**
   * A process of a cluster.
   *
   * @param number TaskManagers count from 1; 0 for the JobManager
   * @param since when it started, in milliseconds, which tells it from a later one of its number
   */
  public record Member(int number, long pid, long since) {
    /** Whether it is alive. */
    public boolean alive() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> startOf(process) == since)
          .isPresent();
    }

    /** Whether it is the JobManager. */
    @JsonIgnore
    public boolean isJobManager() {
      return number == 0;
    }

    private static long startOf(ProcessHandle process) {
      return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }

    void kill() {
      if (alive()) {
        ProcessHandle.of(pid)
            .ifPresent(process -> {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
              process.onExit().join();
            });
      }
    }
  }

  /** Starts one and waits until every TaskManager has joined. */
  public static LocalCluster start(Settings settings, int taskManagers) throws IOException {
    LocalCluster cluster = new LocalCluster(settings);
    try {
      cluster.configure();
      cluster.startJobManager();
      for (int i = 1; i <= taskManagers; i++) {
        cluster.startTaskManager();
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

  /** What {@code --runner} takes. */
  public String address() {
    return "127.0.0.1:" + settings.restPort();
  }

  /** Its processes, dead ones too. */
  public synchronized List<Member> members() {
    return List.copyOf(members);
  }

  /** The TaskManagers that live. */
  public List<Member> taskManagers() {
    return members().stream()
        .filter(member -> !member.isJobManager())
        .filter(Member::alive)
        .toList();
  }

  /** The JobManager. */
  public Member jobManager() {
    return members().stream().filter(Member::isJobManager).toList().getLast();
  }

  /** Starts a JobManager, in the place of one that was killed. */
  public synchronized void startJobManager() throws IOException {
    members.removeIf(Member::isJobManager);
    members.add(
        launch(JOB_MANAGER, 0, JOB_HEAP_MB, List.of(), List.of("--executionMode", "cluster")));
  }

  /** Starts one TaskManager more. */
  public Member startTaskManager() throws IOException {
    return startTaskManager(List.of(), Map.of());
  }

  /**
   * Starts one TaskManager more in surroundings of its own.
   *
   * @param prefix of its command line, such as {@code ip netns exec NAME}
   * @param flink settings of Flink that only it has
   */
  public synchronized Member startTaskManager(List<String> prefix, Map<String, String> flink)
      throws IOException {
    int number = ++started;
    List<String> arguments = new ArrayList<>();
    arguments.add("-Dtaskmanager.resource-id=tm" + number);
    new TreeMap<>(flink).forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    Member member = launch(TASK_MANAGER, number, settings.taskHeapMb(), prefix, arguments);
    members.add(member);
    return member;
  }

  /** Kills a process as {@code kill -9} does, with the processes it has started. */
  public synchronized void kill(Member member) {
    member.kill();
    members.remove(member);
  }

  /** What the processes have logged, for a test that failed. */
  public String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(settings.folder())) {
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
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /**
   * Waits until so many TaskManagers have joined.
   *
   * @throws IOException if a process ends meanwhile, or it takes too long
   */
  public void awaitTaskManagers(int wanted) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Member member : members()) {
        if (!member.alive()) {
          throw new IOException(
              "a process of the cluster ended at once: "
                  + lastWords(member)
                  + "; see "
                  + log(member));
        }
      }
      try {
        if (get("/overview").path("taskmanagers").asInt() >= wanted) {
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
    throw new IOException(
        "the cluster was not up after "
            + PATIENCE.toSeconds()
            + " s; see the logs in "
            + settings.folder());
  }

  /** Kills every process of it and deletes what they wrote, except logs and state. */
  @Override
  public void close() throws IOException {
    http.close();
    members().forEach(Member::kill);
    delete(settings.folder().resolve("tmp"));
  }

  /** Ends the use of one that lasts, and leaves it running. */
  void leave() {
    http.close();
  }

  /** Takes over the processes that another JVM has started. */
  static LocalCluster of(Settings settings, List<Member> members) {
    LocalCluster cluster = new LocalCluster(settings);
    cluster.members.addAll(members);
    cluster.started = members.stream().mapToInt(Member::number).max().orElse(0);
    return cluster;
  }

  private Path log(int number) {
    return settings
        .folder()
        .resolve(number == 0 ? JOB_MANAGER + ".log" : TASK_MANAGER + "-" + number + ".log");
  }

  private Path log(Member member) {
    return log(member.number());
  }

  /** The last cause that a process has logged. */
  private String lastWords(Member member) throws IOException {
    try (Stream<String> lines = Files.lines(log(member), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("Caused by: ") || line.contains("Exception: "))
          .reduce((_, later) -> later)
          .orElse("it does not say why");
    }
  }

  private void configure() throws IOException {
    Path conf = Files.createDirectories(settings.folder().resolve("conf"));
    Files.createDirectories(settings.folder().resolve("tmp"));
    SortedMap<String, String> all = new TreeMap<>();
    configuration()
        .lines()
        .forEach(line ->
            all.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2)));
    all.putAll(settings.flink());
    StringBuilder yaml = new StringBuilder();
    all.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    Files.writeString(conf.resolve("config.yaml"), yaml);
  }

  private Member launch(
      String kind, int number, int heapMb, List<String> prefix, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    if (settings.lasting() && Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms" + heapMb + "m",
            "-Xmx" + heapMb + "m",
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            // Beam keeps the numbers of checkpoints for stable input through Kryo, which looks
            // here.
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            // Flink's own pekko.startup-timeout does not reach where these 10 s are counted.
            "-Dpekko.remote.classic.startup-timeout=100s",
            "-Djava.io.tmpdir=" + settings.folder().resolve("tmp"),
            FlinkProcess.class.getName(),
            kind,
            Long.toString(settings.lasting() ? FlinkProcess.NOBODY : ProcessHandle.current().pid()),
            "--configDir",
            settings.folder().resolve("conf").toString()));
    command.addAll(arguments);
    Path log = log(number);
    Files.writeString(log, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(settings.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> variables = new TreeMap<>(settings.environment());
    // A command line above 4 KB crashes some native libraries.
    variables.put(
        "CLASSPATH",
        String.join(
            File.pathSeparator, settings.classPath().stream().map(Path::toString).toList()));
    builder.environment().putAll(variables);
    ProcessHandle process = builder.start().toHandle();
    return new Member(number, process.pid(), Member.startOf(process));
  }

  private String configuration() {
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
    taskmanager.numberOfTaskSlots: %5$d
    taskmanager.cpu.cores: %5$d.0
    taskmanager.memory.task.heap.size: %3$dm
    taskmanager.memory.task.off-heap.size: 64m
    taskmanager.memory.framework.heap.size: 128m
    taskmanager.memory.framework.off-heap.size: 128m
    taskmanager.memory.managed.size: 128m
    taskmanager.memory.network.min: 96m
    taskmanager.memory.network.max: 96m
    taskmanager.network.memory.floating-buffers-per-gate: 40
    taskmanager.network.memory.buffer-debloat.enabled: true
    taskmanager.memory.jvm-metaspace.size: 512m
    taskmanager.memory.jvm-overhead.min: 256m
    taskmanager.memory.jvm-overhead.max: 256m
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 1
    restart-strategy.fixed-delay.delay: 1 s
    heartbeat.interval: 2000
    heartbeat.timeout: 20000
    pekko.ask.timeout: 60 s
    web.submit.enable: false
    state.checkpoints.dir: file://%4$s/state
    state.checkpoints.num-retained: 3
    state.savepoints.dir: file://%4$s/state/savepoints
    io.tmp.dirs: %4$s/tmp
    blob.storage.directory: %4$s/tmp
    web.upload.dir: %4$s/tmp
    """
        .formatted(
            settings.rpcPort(),
            settings.restPort(),
            settings.taskHeapMb() - 128,
            settings.folder(),
            settings.slots());
  }

  /** A port of 127.0.0.1 that nobody listens at. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
