package dev.dragoman.tests.stream;

import dev.dragoman.jobs.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kills what a stream runs on with {@code -9}, at random moments and in a random order. */
final class Chaos {
  private static final Logger LOG = LoggerFactory.getLogger(Chaos.class);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** What can be killed. */
  enum Victim {
    TASK_MANAGER,
    JOB_MANAGER,
    BROKER,
    SEARCH_SERVER,
    NATIVE_WORKER
  }

  private final StreamWorld world;
  private final Random random;
  private final Map<Victim, Integer> killed = new TreeMap<>();

  Chaos(StreamWorld world, long seed) {
    this.world = world;
    this.random = new Random(seed);
  }

  /** How many of each were killed. */
  Map<Victim, Integer> killed() {
    return Collections.unmodifiableMap(killed);
  }

  /** An order of so many kills in which every kind has its share. */
  List<Victim> plan(int kills, List<Victim> kinds) {
    List<Victim> plan = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      plan.add(kinds.get(i % kinds.size()));
    }
    Collections.shuffle(plan, random);
    return plan;
  }

  /**
   * Kills one after another, each a while after the stream has got over the one before.
   *
   * @param between how long the stream has to itself in between, on average
   */
  void run(List<Victim> plan, Duration between, BooleanSupplier over) throws Exception {
    for (Victim victim : plan) {
      Thread.sleep((long) (between.toMillis() * (0.5 + random.nextDouble())));
      if (over.getAsBoolean()) {
        LOG.warn("the stream was over before {} and what follows", victim);
        return;
      }
      long started = System.nanoTime();
      kill(victim);
      world.awaitCheckpoint(PATIENCE);
      LOG.info("over it after {} s", (System.nanoTime() - started) / 1_000_000_000);
    }
  }

  private void kill(Victim victim) throws Exception {
    LOG.info("kill -9 {}", victim);
    switch (victim) {
      case TASK_MANAGER -> {
        List<LocalCluster.Member> alive = world.cluster().taskManagers();
        world.cluster().kill(alive.get(random.nextInt(alive.size())));
        Thread.sleep(random.nextInt(3_000));
        world.cluster().startTaskManager();
      }
      case JOB_MANAGER -> {
        world.cluster().kill(world.cluster().jobManager());
        Thread.sleep(random.nextInt(3_000));
        world.cluster().startJobManager();
        world.cluster().awaitTaskManagers(world.cluster().taskManagers().size());
        world.resume();
      }
      case BROKER -> {
        world.broker().kill();
        Thread.sleep(random.nextInt(8_000));
        world.broker().restart();
      }
      case SEARCH_SERVER -> {
        world.searchServer().kill();
        Thread.sleep(random.nextInt(8_000));
        world.searchServer().startAgain();
      }
      case NATIVE_WORKER -> {
        List<ProcessHandle> workers = nativeWorkers();
        workers.get(random.nextInt(workers.size())).destroyForcibly();
      }
    }
    killed.merge(victim, 1, Integer::sum);
  }

  /** Processes that read files or recognise text; they end when they have had nothing to do. */
  private List<ProcessHandle> nativeWorkers() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<ProcessHandle> workers =
          world.cluster().taskManagers().stream()
              .flatMap(member -> ProcessHandle.of(member.pid()).stream())
              .flatMap(ProcessHandle::descendants)
              .toList();
      if (!workers.isEmpty()) {
        return workers;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("no native worker was started in " + PATIENCE);
      }
      Thread.sleep(20);
    }
  }
}
