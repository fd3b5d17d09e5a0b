package dev.dragoman.tests.stream;

import dev.dragoman.jobs.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A network namespace of Linux for one TaskManager, whose cable can be pulled. Needs root. The
 * servers and the rest of the cluster listen at {@link #HOST}, an address that exists while this is
 * open.
 */
final class CutNetwork implements AutoCloseable {
  /** This machine, as the namespace sees it. */
  static final String HOST = "10.231.77.1";

  private static final String INSIDE = "10.231.77.2";
  private static final String NAME = "dragoman-cut";

  private CutNetwork() {}

  static CutNetwork open() throws Exception {
    CutNetwork network = new CutNetwork();
    network.close();
    run("ip", "netns", "add", NAME);
    run("ip", "link", "add", "dragoman0", "type", "veth", "peer", "name", "dragoman1");
    run("ip", "link", "set", "dragoman1", "netns", NAME);
    run("ip", "addr", "add", HOST + "/24", "dev", "dragoman0");
    run("ip", "link", "set", "dragoman0", "up");
    run("ip", "netns", "exec", NAME, "ip", "addr", "add", INSIDE + "/24", "dev", "dragoman1");
    run("ip", "netns", "exec", NAME, "ip", "link", "set", "dragoman1", "up");
    run("ip", "netns", "exec", NAME, "ip", "link", "set", "lo", "up");
    return network;
  }

  /**
   * What every process of the cluster is told, so that those inside and outside find each other.
   */
  static Map<String, String> settings() {
    return Map.of(
        "jobmanager.rpc.address",
        HOST,
        "jobmanager.bind-host",
        "0.0.0.0",
        "taskmanager.host",
        HOST,
        "taskmanager.bind-host",
        "0.0.0.0");
  }

  /** Starts a TaskManager behind the cable. */
  void startTaskManager(LocalCluster cluster) throws IOException {
    cluster.startTaskManager(
        List.of("ip", "netns", "exec", NAME), Map.of("taskmanager.host", INSIDE));
  }

  /** Pulls the cable, and puts it back in after a while. */
  void cut(Duration howLong) throws Exception {
    run("ip", "link", "set", "dragoman0", "down");
    Thread.sleep(howLong);
    run("ip", "link", "set", "dragoman0", "up");
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  @Override
  public void close() throws Exception {
    for (List<String> command :
        List.of(List.of("ip", "link", "del", "dragoman0"), List.of("ip", "netns", "del", NAME))) {
      new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
  }
}
