package dev.dragoman.multimodal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPoolTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static WorkerSpec spec(int size, Duration limit, int maxRequests) {
    return new WorkerSpec(Misbehaving.class, size, 64, limit, maxRequests, 1024, List.of());
  }

  /** 200 MiB of resident memory, of which the process itself takes a fraction. */
  private static WorkerSpec tight() {
    return new WorkerSpec(Misbehaving.class, 1, 64, LONG, 100, 200, List.of());
  }

  private static String ask(WorkerPool pool, String request) throws WorkerException {
    return new String(pool.call(request.getBytes(UTF_8)), UTF_8);
  }

  private static WorkerException refusal(WorkerPool pool, String request) {
    return catchThrowableOfType(WorkerException.class, () -> ask(pool, request));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long pidIn(Path file) throws IOException, InterruptedException {
    await(() -> file.toFile().length() > 0);
    return Long.parseLong(Files.readString(file));
  }

  @Test
  void answersComeBackAsTheyWereGiven() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      assertThat(ask(pool, "echo één 한국어")).isEqualTo("één 한국어");
      assertThat(ask(pool, "echo")).isEmpty();
      assertThat(pool.call("big 20000000".getBytes(UTF_8))).hasSize(20_000_000);
      assertThat(ask(pool, "echo " + "x".repeat(5_000_000))).hasSize(5_000_000);
    }
  }

  @Test
  void noiseOnStandardOutputDoesNotReachTheAnswers() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      assertThat(ask(pool, "noise")).isEqualTo("still clear");
      assertThat(ask(pool, "echo after")).isEqualTo("after");
    }
  }

  @Test
  void oneProcessServesManyRequests() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      assertThat(ask(pool, "pid"))
          .isEqualTo(ask(pool, "pid"))
          .isNotEqualTo("" + ProcessHandle.current().pid());
    }
  }

  @Test
  void theInputsFaultKeepsItsCodeAndTheProcess() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      String pid = ask(pool, "pid");
      WorkerException refused = refusal(pool, "refuse");
      assertThat(refused.code()).isEqualTo("ENCRYPTED");
      assertThat(refused).hasMessage("it wants a password");
      WorkerException bug = refusal(pool, "bug");
      assertThat(bug.code()).isEqualTo("INTERNAL");
      assertThat(bug).hasMessageContaining("a bug in the service");
      assertThat(bug.detail()).contains("Misbehaving.serve");
      assertThat(ask(pool, "pid")).isEqualTo(pid);
    }
  }

  @Test
  void aRequestWhoseProcessIsKilledIsDoneAgainOnce(@TempDir Path folder) throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100));
        ExecutorService callers = Executors.newCachedThreadPool()) {
      Path file = folder.resolve("pid");
      Future<WorkerException> victim = callers.submit(() -> refusal(pool, "hang " + file));
      long first = pidIn(file);
      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      await(() -> !Long.toString(first).equals(read(file)));
      assertThat(victim).isNotDone();
      ProcessHandle.of(pidIn(file)).orElseThrow().destroyForcibly();
      assertThat(victim.get().code()).isEqualTo("WORKER_CRASHED");
      assertThat(victim.get()).hasMessageContaining("signal 9");
      assertThat(ask(pool, "echo next")).isEqualTo("next");
    }
  }

  @Test
  void aProcessThatExitsCostsOneRequestAndItsLastWordsAreKept() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      WorkerException crash = refusal(pool, "exit 7");
      assertThat(crash.code()).isEqualTo("WORKER_CRASHED");
      assertThat(crash).hasMessageContaining("status 7");
      assertThat(crash.detail()).contains("going down");
      assertThat(ask(pool, "echo next")).isEqualTo("next");
      assertThat(refusal(pool, "exit 3").code()).isEqualTo("WORKER_CRASHED");
    }
  }

  @Test
  void memoryBeyondTheHeapCostsOneRequest() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      WorkerException hungry = refusal(pool, "eat");
      assertThat(hungry.code()).isEqualTo("OUT_OF_MEMORY");
      assertThat(hungry).hasMessageContaining("64 MB");
      assertThat(ask(pool, "echo next")).isEqualTo("next");
    }
  }

  @Test
  void residentMemoryBeyondTwiceTheBoundIsStoppedWithinARequest() throws Exception {
    try (WorkerPool pool = WorkerPool.open(tight())) {
      assertThat(refusal(pool, "holdAndHang 600").code()).isEqualTo("OUT_OF_MEMORY");
      assertThat(ask(pool, "echo next")).isEqualTo("next");
    }
  }

  @Test
  void endlessRecursionCostsOneRequest() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      String pid = ask(pool, "pid");
      assertThat(refusal(pool, "recurse").code()).isEqualTo("OUT_OF_MEMORY");
      assertThat(ask(pool, "pid")).isNotEqualTo(pid);
    }
  }

  @Test
  void aHangIsStoppedAtTheTimeLimitWithAllItsChildren(@TempDir Path folder) throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, Duration.ofMillis(1500), 100))) {
      Path file = folder.resolve("child");
      WorkerException slow = refusal(pool, "child " + file);
      assertThat(slow.code()).isEqualTo("TIMEOUT");
      assertThat(slow).hasMessageContaining("1 s");
      long child = pidIn(file);
      await(() -> !alive(child));
      assertThat(ask(pool, "echo next")).isEqualTo("next");
    }
  }

  @Test
  void filesBeyondTheBoundCannotBeWritten() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      assertThat(ask(pool, "fill 3")).isEqualTo("3145729");
      WorkerException full = refusal(pool, "fill 2100");
      assertThat(full.code()).isEqualTo("INTERNAL");
      assertThat(full).hasMessageContaining("File too large");
    }
  }

  @Test
  void aProcessIsReplacedAfterItsNumberOfRequests() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 2))) {
      List<String> pids =
          List.of(ask(pool, "pid"), ask(pool, "pid"), ask(pool, "pid"), ask(pool, "pid"));
      assertThat(pids.get(0)).isEqualTo(pids.get(1)).isNotEqualTo(pids.get(2));
      assertThat(pids.get(2)).isEqualTo(pids.get(3));
    }
  }

  @Test
  void aProcessIsReplacedWhenItHasGrown() throws Exception {
    try (WorkerPool pool = WorkerPool.open(tight())) {
      String pid = ask(pool, "pid");
      assertThat(ask(pool, "pid")).isEqualTo(pid);
      assertThat(ask(pool, "hold 250")).isEqualTo(pid);
      assertThat(ask(pool, "pid")).isNotEqualTo(pid);
    }
  }

  @Test
  void anOldProcessIsReplacedAndAnIdleOneEnds() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100), LONG, Duration.ofMillis(1))) {
      assertThat(ask(pool, "pid")).isNotEqualTo(ask(pool, "pid"));
    }
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100), Duration.ofMillis(200), LONG)) {
      long pid = Long.parseLong(ask(pool, "pid"));
      await(() -> !alive(pid));
      assertThat(pool.pids()).isEmpty();
    }
  }

  @Test
  void temporaryFilesAreGoneWithTheProcess() throws Exception {
    Path left;
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      left = Path.of(ask(pool, "temporary"));
      assertThat(left).exists();
      assertThat(refusal(pool, "exit 1").code()).isEqualTo("WORKER_CRASHED");
      assertThat(left).doesNotExist();
      left = Path.of(ask(pool, "temporary"));
    }
    assertThat(left).doesNotExist();
    assertThat(left.resolve("../..").normalize()).doesNotExist();
  }

  @Test
  void onlyFoldersOfPoolsAndWorkersAreEverDeleted(@TempDir Path folder) throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    Folders.delete(folder);
    assertThat(precious).exists();
    Path worker = Files.createDirectories(folder.resolve(Folders.PREFIX + "7").resolve("worker-1"));
    Files.writeString(worker.resolve("left"), "x");
    Folders.delete(worker);
    assertThat(worker).doesNotExist();
    Folders.delete(worker.resolveSibling("."));
    assertThat(precious).exists();
  }

  /**
   * A worker started by hand, without a temporary folder of its own, must leave the system's alone.
   */
  @Test
  void aWorkerStartedByHandDeletesNothing(@TempDir Path folder) throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                Misbehaving.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                "stdout")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    worker.getOutputStream().close();
    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(precious).exists();
  }

  @Test
  void parallelCallersShareTheProcessesAndGetTheirOwnAnswers() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(2, LONG, 7));
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String request = i % 13 == 12 ? "exit 1" : "echo " + i;
        calls.add(() -> {
          try {
            return ask(pool, request);
          } catch (WorkerException e) {
            return e.code();
          }
        });
      }
      List<Future<String>> answers = callers.invokeAll(calls);
      for (int i = 0; i < 40; i++) {
        assertThat(answers.get(i).get()).isEqualTo(i % 13 == 12 ? "WORKER_CRASHED" : "" + i);
      }
      assertThat(pool.pids()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void aSharedPoolLastsUntilItsLastUserClosesIt() throws Exception {
    WorkerSpec spec = new WorkerSpec(Misbehaving.class, 1, 65, LONG, 100, 1024, List.of());
    WorkerPool first = WorkerPool.shared(spec);
    WorkerPool second = WorkerPool.shared(spec);
    String pid = ask(first, "pid");
    assertThat(ask(second, "pid")).isEqualTo(pid);
    first.close();
    first.close();
    assertThatThrownBy(() -> ask(first, "pid")).isInstanceOf(IllegalStateException.class);
    assertThat(ask(second, "pid")).isEqualTo(pid);
    second.close();
    await(() -> !alive(Long.parseLong(pid)));
  }

  @Test
  void aStoppedCallerStopsItsProcess(@TempDir Path folder) throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      Path file = folder.resolve("pid");
      Set<String> codes = new HashSet<>();
      Thread caller = new Thread(() -> codes.add(refusal(pool, "hang " + file).code()));
      caller.start();
      long pid = pidIn(file);
      caller.interrupt();
      caller.join();
      assertThat(codes).containsExactly("INTERNAL");
      await(() -> !alive(pid));
    }
  }

  @Test
  void workersDieWithTheirParent(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("pid");
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Orphanage.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long worker = pidIn(file);
    assertThat(alive(worker)).isTrue();
    parent.destroyForcibly();
    await(() -> !alive(worker));
  }

  @Test
  void aRequestWhoseProcessIsKilledBeforeItIsReadyIsDoneAgain(@TempDir Path folder)
      throws Exception {
    Path log = folder.resolve("log");
    Process besieged =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Besieged.class.getName(),
                "40")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(besieged.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(log).content().isEqualToIgnoringNewLines("killed 40");
  }

  @Test
  void aServiceThatCannotStartIsSaidSo() {
    try (WorkerPool pool =
        WorkerPool.open(new WorkerSpec(NeverReady.class, 1, 64, LONG, 100, 1024, List.of()))) {
      WorkerException failure = refusal(pool, "anything");
      assertThat(failure.code()).isEqualTo("INTERNAL");
      assertThat(failure).hasMessageContaining("NeverReady did not start");
      assertThat(failure.detail()).contains("no libodd");
    }
  }

  @Test
  void workersSeeNoSecretsAndOnlyTheirOwnTemporaryFolder() throws Exception {
    try (WorkerPool pool = WorkerPool.open(spec(1, LONG, 100))) {
      assertThat(ask(pool, "environment").split(" "))
          .contains("PATH", "OMP_THREAD_LIMIT")
          .noneMatch(
              name -> name.contains("TOKEN") || name.contains("SECRET") || name.contains("JAVA"));
      assertThat(ask(pool, "property java.io.tmpdir")).contains("dragoman-workers-");
      assertThat(ask(pool, "property java.awt.headless")).isEqualTo("true");
    }
  }
}
