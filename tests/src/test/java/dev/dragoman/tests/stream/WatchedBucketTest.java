package dev.dragoman.tests.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class WatchedBucketTest {
  private static final String BUCKET = "inbox";

  @TempDir private Path folder;

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void whatIsPutIntoAWatchedBucketIsReadOnceThoughTheTaskManagerIsKilled() throws Exception {
    try (ObjectStore store = ObjectStore.start(folder.resolve("s3"))) {
      store.make(BUCKET);
      put(store, 1);
      try (StreamWorld world =
          StreamWorld.start(
              folder.resolve("world"),
              ObjectStore.readersClassPath(),
              store.readersEnvironment())) {
        String bootstrap = world.broker().address();
        world.broker().createTopic("enriched", 1);
        world.broker().createTopic("letters", 1);
        world.run(recipe(bootstrap));
        try (Counted seen =
                Counted.of(
                    bootstrap, "enriched", record -> Committed.json(record).path("text").asText());
            Counted letters =
                Counted.of(bootstrap, "letters", record -> Committed.json(record).toString())) {
          Progress.await("what was there before", seen::names, 1);
          put(store, 2);
          store.put(BUCKET, "elsewhere/3.txt", text(3));
          Progress.await("what came later", seen::names, 2);
          world.cluster().kill(world.cluster().taskManagers().getFirst());
          put(store, 4);
          world.cluster().startTaskManager();
          Progress.await("what came while nobody read", seen::names, 3);
          store.put(BUCKET, "calls/1.txt", text(5));
          Progress.await("what took the place of another", seen::names, 4);
          world.awaitCheckpoint();
          world.awaitCheckpoint();
          assertThat(seen.counts())
              .containsOnlyKeys(text(1), text(2), text(4), text(5))
              .allSatisfy((_, count) -> assertThat(count).isOne());
          assertThat(letters.counts()).isEmpty();
        }
      }
    }
  }

  private static void put(ObjectStore store, int number) throws Exception {
    store.put(BUCKET, "calls/" + number + ".txt", text(number));
  }

  private static String text(int number) {
    return "This is a note about call number %d, which was a long one.".formatted(number);
  }

  private static String recipe(String bootstrap) {
    return """
    pipeline:
      type: chain
      source:
        type: ReadFiles
        config: {paths: ["s3://inbox/calls/*"], watch: 1s}
      transforms:
        - {type: ExtractText}
      sink:
        type: WriteKafka
        config: {bootstrap_servers: "%1$s", topic: enriched, group: enriched-sink}
      extra_transforms:
        - type: WriteKafka
          name: WriteLetters
          input: rejected
          config: {bootstrap_servers: "%1$s", topic: letters, group: letters-sink}
    options: {max_latency: 100ms, checkpoint_every: 500ms}
    """
        .formatted(bootstrap);
  }
}
