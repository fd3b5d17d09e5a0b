package dev.dragoman.jobs.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cluster of this machine that lives on between commands: its folder says what it is like and
 * which processes it has.
 */
public final class LastingCluster {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private LastingCluster(Path folder) {
    this.folder = folder;
  }

  /** The one whose processes, logs and state are in this folder. */
  public static LastingCluster in(Path folder) {
    return new LastingCluster(folder.toAbsolutePath().normalize());
  }

  /**
   * What is kept about it.
   *
   * @param taskHeapMb of each TaskManager
   */
  public record State(
      int restPort, int rpcPort, int slots, int taskHeapMb, List<LocalCluster.Member> members) {
    public State {
      members = List.copyOf(members);
    }

    /** What {@code --runner} takes. */
    public String address() {
      return "127.0.0.1:" + restPort;
    }

    /** Whether its JobManager lives. */
    public boolean alive() {
      return members.stream().anyMatch(member -> member.isJobManager() && member.alive());
    }

    /** How many TaskManagers live. */
    public long taskManagers() {
      return members.stream().filter(m -> !m.isJobManager() && m.alive()).count();
    }
  }

  /** What is known of it, nothing if it was never started or was stopped. */
  public Optional<State> state() throws IOException {
    Path file = file();
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), State.class))
        : Optional.empty();
  }

  /**
   * Starts it, or what is missing of it: a JobManager if it has none, TaskManagers until it has as
   * many as are wanted.
   *
   * @param flink settings beside those that are needed
   */
  public State start(
      int taskManagers, int slots, int taskHeapMb, int restPort, TreeMap<String, String> flink)
      throws IOException {
    Files.createDirectories(folder);
    LocalCluster.Settings fresh =
        LocalCluster.Settings.in(folder, LocalCluster.ownClassPath())
            .with(new TreeMap<>(), flink)
            .withTaskManagersOf(slots, taskHeapMb);
    State before = state().filter(State::alive).orElse(null);
    if (before == null) {
      LocalCluster.Settings settings = fresh.lastingAt(restPort);
      return keep(settings, LocalCluster.start(settings, taskManagers));
    }
    LocalCluster.Settings settings =
        new LocalCluster.Settings(
            folder,
            before.restPort(),
            before.rpcPort(),
            fresh.classPath(),
            before.slots(),
            before.taskHeapMb(),
            fresh.environment(),
            fresh.flink(),
            true);
    LocalCluster cluster =
        LocalCluster.of(
            settings, before.members().stream().filter(LocalCluster.Member::alive).toList());
    while (cluster.taskManagers().size() < taskManagers) {
      cluster.startTaskManager();
    }
    cluster.awaitTaskManagers(taskManagers);
    return keep(settings, cluster);
  }

  /** Kills its processes; answers how many lived. State and logs stay. */
  public int stop() throws IOException {
    State state = state().orElse(null);
    if (state == null) {
      return 0;
    }
    int alive = 0;
    for (LocalCluster.Member member : state.members()) {
      if (member.alive()) {
        alive++;
        member.kill();
      }
    }
    Files.delete(file());
    return alive;
  }

  private State keep(LocalCluster.Settings settings, LocalCluster cluster) throws IOException {
    State state =
        new State(
            settings.restPort(),
            settings.rpcPort(),
            settings.slots(),
            settings.taskHeapMb(),
            cluster.members());
    Path fresh = folder.resolve("cluster.json.new");
    JSON.writeValue(fresh.toFile(), state);
    Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
    cluster.leave();
    return state;
  }

  private Path file() {
    return folder.resolve("cluster.json");
  }
}
