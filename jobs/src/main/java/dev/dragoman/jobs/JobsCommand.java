package dev.dragoman.jobs;

import dev.dragoman.models.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The jobs of a Flink cluster. */
@Command(
    name = "jobs",
    description = "Look at, stop and save the jobs of a Flink cluster.",
    subcommands = {
      JobsCommand.ListJobs.class,
      JobsCommand.Stop.class,
      JobsCommand.Savepoint.class,
      JobsCommand.Health.class
    })
final class JobsCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: for instance dragoman jobs list");
  }

  /** Which cluster. */
  static final class ClusterFlag {
    @Option(
        names = "--runner",
        paramLabel = "HOST:PORT",
        description =
            "The REST endpoint of the cluster; that of dragoman cluster start if not given.")
    private String runner = "";

    Cluster cluster() throws ClusterException {
      if (!runner.isEmpty() && !Cluster.isAddress(runner)) {
        throw new UserException(
            "--runner " + runner + " is no address of a cluster; it takes HOST:PORT");
      }
      return Cluster.at(runner.isEmpty() ? LocalClusterFolder.address() : runner);
    }
  }

  /** Which job of which cluster. */
  static final class JobFlag {
    @Mixin private ClusterFlag flag = new ClusterFlag();

    @Parameters(paramLabel = "JOB", description = "Its id, or enough of its beginning.")
    private String id = "";

    Cluster cluster() throws ClusterException {
      return flag.cluster();
    }

    Cluster.JobOverview find(Cluster cluster) throws ClusterException {
      List<Cluster.JobOverview> jobs = cluster.jobs();
      List<Cluster.JobOverview> found =
          jobs.stream().filter(job -> job.id().startsWith(id) || job.name().equals(id)).toList();
      if (found.size() == 1) {
        return found.getFirst();
      }
      throw new UserException(
          found.isEmpty()
              ? "there is no job "
                  + id
                  + " on "
                  + cluster.address()
                  + Nearest.hint(id, jobs.stream().map(Cluster.JobOverview::id).toList())
              : found.size() + " jobs have ids that begin with " + id + "; give more of it");
    }
  }

  /** Where savepoints go. */
  static final class SavepointsFlag {
    @Option(
        names = "--savepoints",
        paramLabel = "DIR",
        description = "Where to put the savepoint; beside the stream's state if not given.")
    private String folder = "";

    /** As Flink takes it, empty for where the stream's state is. */
    String address() {
      return folder.isEmpty() ? "" : StreamState.address(folder);
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "List jobs with their restarts and checkpoints.",
      footer = {"", "Example:", "  dragoman jobs list --runner 127.0.0.1:8081"})
  static final class ListJobs implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private ClusterFlag flag = new ClusterFlag();

    @Option(names = "--all", description = "Those that are over too.")
    private boolean all;

    @Override
    public Integer call() throws Exception {
      List<Cluster.JobOverview> jobs =
          flag.cluster().jobs().stream().filter(job -> all || !job.isOver()).toList();
      if (common.json()) {
        jobs.forEach(job -> CommonOptions.printJson(System.out, Told.of(job)));
        return ExitCode.DONE;
      }
      if (jobs.isEmpty()) {
        System.out.println(all ? "no jobs" : "no jobs run; --all shows those that are over");
        return ExitCode.DONE;
      }
      for (Cluster.JobOverview job : jobs) {
        System.out.println(job.id() + "  " + job.state() + "  " + job.name());
        System.out.println(
            "  started "
                + job.started()
                + ", restarted "
                + job.restarts()
                + " times, "
                + checkpoint(job));
        if (job.savepoint() != null) {
          System.out.println("  savepoint " + job.savepoint());
        }
        if (!job.failure().isEmpty()) {
          System.out.println("  last failure: " + job.failure());
        }
      }
      return ExitCode.DONE;
    }

    private static String checkpoint(Cluster.JobOverview job) {
      Instant last = job.lastCheckpoint();
      return last == null
          ? "no checkpoint yet"
          : job.checkpoints()
              + " checkpoints, the last "
              + Duration.between(last, Instant.now()).toSeconds()
              + " s ago in "
              + job.checkpointMillis()
              + " ms, "
              + Models.size(job.stateBytes())
              + " of state";
    }
  }

  /** As JSON: instants in ISO 8601. */
  record Told(
      String id,
      String name,
      String state,
      String started,
      int restarts,
      @Nullable String lastCheckpoint,
      long checkpoints,
      long failedCheckpoints,
      long checkpointMillis,
      long stateBytes,
      @Nullable String savepoint,
      String failure) {
    static Told of(Cluster.JobOverview job) {
      Instant last = job.lastCheckpoint();
      return new Told(
          job.id(),
          job.name(),
          job.state(),
          job.started().toString(),
          job.restarts(),
          last == null ? null : last.toString(),
          job.checkpoints(),
          job.failedCheckpoints(),
          job.checkpointMillis(),
          job.stateBytes(),
          job.savepoint(),
          job.failure());
    }
  }

  /** Stops one. */
  @Command(
      name = "stop",
      description = {
        "Stop a job after a savepoint, from which run --from-savepoint goes on: nothing is lost and"
            + " nothing is done twice."
      },
      footer = {"", "Example:", "  dragoman jobs stop 5e20cb6b --savepoints /shared/savepoints"})
  static final class Stop implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private JobFlag flag = new JobFlag();
    @Mixin private SavepointsFlag savepoints = new SavepointsFlag();

    @Option(
        names = "--now",
        description = "Without a savepoint: --resume goes on from the newest checkpoint.")
    private boolean now;

    @Override
    public Integer call() throws Exception {
      Cluster cluster = flag.cluster();
      Cluster.JobOverview job = flag.find(cluster);
      if (job.isOver()) {
        throw new UserException("job " + job.id() + " is over: " + job.state());
      }
      if (now) {
        cluster.cancel(job.id());
        System.out.println("cancelled " + job.id());
        return ExitCode.DONE;
      }
      tell(common, cluster.stopWithSavepoint(job.id(), savepoints.address()));
      return ExitCode.DONE;
    }
  }

  /** Saves one. */
  @Command(
      name = "savepoint",
      description = "Make a savepoint of a job that goes on.",
      footer = {"", "Example:", "  dragoman jobs savepoint 5e20cb6b"})
  static final class Savepoint implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private JobFlag flag = new JobFlag();
    @Mixin private SavepointsFlag savepoints = new SavepointsFlag();

    @Override
    public Integer call() throws Exception {
      Cluster cluster = flag.cluster();
      tell(common, cluster.savepoint(flag.find(cluster).id(), savepoints.address()));
      return ExitCode.DONE;
    }
  }

  private static void tell(CommonOptions common, String location) {
    record Saved(String savepoint) {}
    if (common.json()) {
      CommonOptions.printJson(System.out, new Saved(location));
    } else {
      System.out.println("savepoint " + location);
    }
  }

  /** Answers whether one is well, for probes. */
  @Command(
      name = "health",
      description = {
        "Exit with 0 if a job runs and has saved its state lately, with 1 if not: for probes and"
            + " alarms."
      },
      footer = {"", "Example:", "  dragoman jobs health 5e20cb6b --max-checkpoint-age 60"})
  static final class Health implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private JobFlag flag = new JobFlag();

    @Option(
        names = "--max-checkpoint-age",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How old the newest checkpoint may be (default: 60).")
    private long maxAge = 60;

    @Override
    public Integer call() throws Exception {
      Cluster.JobOverview job = flag.find(flag.cluster());
      String problem = problem(job);
      record Answer(String id, String state, boolean healthy, String problem) {}
      if (common.json()) {
        CommonOptions.printJson(
            System.out, new Answer(job.id(), job.state(), problem.isEmpty(), problem));
      } else {
        System.out.println(problem.isEmpty() ? "well" : problem);
      }
      return problem.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private String problem(Cluster.JobOverview job) {
      if (!job.state().equals("RUNNING")) {
        return "it does not run: " + job.state();
      }
      Instant last = job.lastCheckpoint();
      Instant since = last == null ? job.started() : last;
      long age = Duration.between(since, Instant.now()).toSeconds();
      return age <= maxAge ? "" : "the newest checkpoint is " + age + " s old";
    }
  }
}
