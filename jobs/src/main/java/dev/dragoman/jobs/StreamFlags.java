package dev.dragoman.jobs;

import picocli.CommandLine.Option;

/** The flags of runs that go on until they are stopped. */
final class StreamFlags {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where a stream keeps its state (checkpoints): a folder that every worker can write, or"
              + " an address such as s3://bucket/state. By default the cluster's own, or a folder in"
              + " DRAGOMAN_HOME for a stream that runs in this process.")
  private String state = "";

  @Option(
      names = "--from-savepoint",
      paramLabel = "PATH",
      description = "Go on from a savepoint, or from a checkpoint that was kept.")
  private String savepoint = "";

  @Option(
      names = "--allow-lost-state",
      description =
          "Go on from a savepoint that holds state of steps that the recipe no longer has.")
  private boolean allowLostState;

  String state() {
    return state;
  }

  String savepoint() {
    return savepoint;
  }

  boolean allowLostState() {
    return allowLostState;
  }
}
