package dev.dragoman.jobs;

import dev.dragoman.jobs.cluster.LastingCluster;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A Flink cluster on this machine. */
@Command(
    name = "cluster",
    description = "Start and stop a Flink cluster of processes on this machine.",
    subcommands = {
      ClusterCommand.Start.class,
      ClusterCommand.Status.class,
      ClusterCommand.Stop.class
    })
final class ClusterCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: for instance dragoman cluster start --task-managers 2");
  }

  /** Starts it. */
  @Command(
      name = "start",
      description = {
        "Start a cluster, or what is missing of it: its processes live on until cluster stop. They"
            + " have the class path of this command, so that jobs start fast."
      },
      footer = {
        "",
        "Example:",
        "  dragoman cluster start --task-managers 2",
        "  dragoman run tickets.yaml --runner 127.0.0.1:8081"
      })
  static final class Start implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
        names = "--task-managers",
        paramLabel = "N",
        defaultValue = "1",
        description = "How many TaskManagers (default: 1).")
    private int taskManagers = 1;

    @Option(
        names = "--slots",
        paramLabel = "N",
        defaultValue = "1",
        description = "Tasks that each works on at once (default: 1).")
    private int slots = 1;

    @Option(
        names = "--heap-mb",
        paramLabel = "MB",
        defaultValue = "900",
        description = "Heap of each TaskManager (default: 900).")
    private int heapMb = 900;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        defaultValue = "8081",
        description = "Of the REST endpoint, on 127.0.0.1 (default: 8081).")
    private int port = 8081;

    @Option(
        names = "--metrics-ports",
        paramLabel = "FROM-TO",
        description = "Where each process offers its metrics to Prometheus, on 127.0.0.1.")
    private String metricsPorts = "";

    @Override
    public Integer call() throws Exception {
      if (taskManagers < 1 || slots < 1) {
        throw new UserException("--task-managers and --slots must be at least 1");
      }
      if (heapMb < 300) {
        throw new UserException("--heap-mb must be at least 300, not " + heapMb);
      }
      TreeMap<String, String> flink = new TreeMap<>();
      if (!metricsPorts.isEmpty()) {
        flink.put(
            "metrics.reporter.prometheus.factory.class",
            "dev.dragoman.jobs.metrics.LoopbackPrometheusFactory");
        flink.put("metrics.reporter.prometheus.port", metricsPorts);
      }
      tell(common, LocalClusterFolder.cluster().start(taskManagers, slots, heapMb, port, flink));
      return ExitCode.DONE;
    }
  }

  /** Tells how it is. */
  @Command(name = "status", description = "Tell whether the cluster runs.")
  static final class Status implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
      LastingCluster.State state = LocalClusterFolder.cluster().state().orElse(null);
      if (state == null || !state.alive()) {
        System.out.println("no cluster runs here");
        return ExitCode.FAILED;
      }
      tell(common, state);
      return ExitCode.DONE;
    }
  }

  /** Stops it. */
  @Command(
      name = "stop",
      description = "Stop the cluster; jobs that run on it go on from their checkpoints later.")
  static final class Stop implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
      int stopped = LocalClusterFolder.cluster().stop();
      System.out.println(
          stopped == 0 ? "no cluster ran here" : "stopped " + stopped + " processes");
      return ExitCode.DONE;
    }
  }

  private static void tell(CommonOptions common, LastingCluster.State state) {
    record Told(String address, long taskManagers, int slots) {}
    Told told = new Told(state.address(), state.taskManagers(), state.slots());
    if (common.json()) {
      CommonOptions.printJson(System.out, told);
    } else {
      System.out.println(
          "a cluster of "
              + told.taskManagers()
              + " TaskManagers runs at "
              + told.address()
              + " (web page http://"
              + told.address()
              + ")");
    }
  }
}
