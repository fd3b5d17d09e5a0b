package dev.dragoman.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedResourceTest {
  /** Counts how many of its kind are open. */
  private static final class Probe implements AutoCloseable {
    private final AtomicInteger open;
    private boolean closed;

    Probe(AtomicInteger open) {
      this.open = open;
      open.incrementAndGet();
    }

    @Override
    public synchronized void close() {
      assertThat(closed).isFalse();
      closed = true;
      open.decrementAndGet();
    }

    synchronized boolean isClosed() {
      return closed;
    }
  }

  @Test
  void allLeasesOfAKeyShareOneObjectAndTheLastClosesIt() {
    AtomicInteger open = new AtomicInteger();
    var first = SharedResource.lease(Probe.class, "shared", () -> new Probe(open));
    var second = SharedResource.lease(Probe.class, "shared", () -> new Probe(open));
    var other = SharedResource.lease(Probe.class, "other", () -> new Probe(open));
    assertThat(first.get()).isSameAs(second.get()).isNotSameAs(other.get());
    assertThat(open).hasValue(2);
    other.close();
    first.close();
    first.close();
    assertThat(open).hasValue(1);
    assertThat(second.get().isClosed()).isFalse();
    second.close();
    assertThat(open).hasValue(0);
    assertThatThrownBy(second::get).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void afterTheLastLeaseTheNextOpensAnew() {
    AtomicInteger open = new AtomicInteger();
    var first = SharedResource.lease(Probe.class, "anew", () -> new Probe(open));
    Probe old = first.get();
    first.close();
    try (var second = SharedResource.lease(Probe.class, "anew", () -> new Probe(open))) {
      assertThat(second.get()).isNotSameAs(old);
      assertThat(second.get().isClosed()).isFalse();
    }
    assertThat(open).hasValue(0);
  }

  @Test
  void aFailedOpeningIsNotRemembered() {
    AtomicInteger open = new AtomicInteger();
    assertThatThrownBy(() ->
            SharedResource.lease(
                Probe.class,
                "fails",
                () -> {
                  throw new IllegalArgumentException("not yet");
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not yet");
    try (var lease = SharedResource.lease(Probe.class, "fails", () -> new Probe(open))) {
      assertThat(lease.get().isClosed()).isFalse();
    }
  }

  @Test
  void threadsThatComeAtOnceOpenOnce() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger openings = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Callable<SharedResource.Lease<Probe>>> tasks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      tasks.add(() -> {
        go.await();
        return SharedResource.lease(
            Probe.class,
            "at once",
            () -> {
              openings.incrementAndGet();
              return new Probe(open);
            });
      });
    }
    List<SharedResource.Lease<Probe>> leases = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<SharedResource.Lease<Probe>>> futures =
          tasks.stream().map(threads::submit).toList();
      go.countDown();
      for (var future : futures) {
        leases.add(future.get());
      }
    }
    assertThat(openings).hasValue(1);
    assertThat(leases).extracting(SharedResource.Lease::get).containsOnly(leases.getFirst().get());
    leases.forEach(SharedResource.Lease::close);
    assertThat(open).hasValue(0);
  }

  @Test
  void comingAndGoingNeverShowsAClosedObjectNorTwoOpenOnes() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger openings = new AtomicInteger();
    Callable<Boolean> comeAndGo =
        () -> {
          for (int i = 0; i < 2_000; i++) {
            int turn = i;
            try (var lease =
                SharedResource.lease(
                    Probe.class,
                    "busy",
                    () -> {
                      if (turn % 50 == 49) {
                        throw new IllegalArgumentException("now and then");
                      }
                      openings.incrementAndGet();
                      return new Probe(open);
                    })) {
              if (lease.get().isClosed() || open.get() != 1) {
                return false;
              }
            } catch (IllegalArgumentException e) {
              assertThat(e).hasMessage("now and then");
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<Boolean>> futures = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        futures.add(threads.submit(comeAndGo));
      }
      for (Future<Boolean> future : futures) {
        assertThat(future.get()).isTrue();
      }
    }
    assertThat(open).hasValue(0);
    assertThat(openings.get()).isPositive();
  }
}
